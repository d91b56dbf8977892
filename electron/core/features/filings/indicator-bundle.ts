import { stixBundle } from '#shared/surveillance/stix-out.ts';
import type { OpenCall } from '../../context.ts';
import { read } from '../../db/index.ts';
import { findingsIn, forensicWords, JUDGED, randomUuid, sightedIndicators } from '../surveillance/index.ts';
import { digitalChoice } from './digital-evidence.ts';
import type { Plan } from './plan.ts';
import { seededRandom } from './seeded-random.ts';

/** Findings of one examination that a bundle draws from. */
const MAX_FINDINGS = 200_000;

/** A bundle of indicators as it goes into a package, and the ids that were made for it. */
export interface IndicatorBundle {
  readonly bytes: Buffer;
  readonly ids: readonly string[];
}

/**
 * The indicators that judged findings of the told devices coincide with, as STIX 2.1, for a package; null where none go.
 * Nothing of whom, where or on what device enters it. An indicator in which a withheld value stands is left out, however
 * public its set: who is watched with an address of her name must not be told by it. The same export and day give the
 * same bytes.
 *
 * @param day of the export; the only date of the bundle's own objects.
 */
export const indicatorBundle = (call: OpenCall, plan: Plan, day: string): IndicatorBundle | null => {
  const { item, profile, material, assembly } = plan;
  if (!digitalChoice(item.settings, profile).indicators) return null;
  const examinations = assembly.devices.flatMap((device) => device.examinations);
  const findings = read(call, (db) =>
    examinations.flatMap(({ examination }) => findingsIn(db, examination.id, JUDGED, MAX_FINDINGS)),
  );
  const setDays = new Map(
    examinations.flatMap(({ examination }) =>
      examination.runs.flatMap((run) => run.sets.map((set) => [set.name, set.day] as const)),
    ),
  );
  const names = [
    ...material.persons.flatMap(({ person }) => [person.name, person.legalName, ...person.aliases]),
    ...material.deviceWords,
    ...material.staff,
  ].filter((name) => name.trim() !== '');
  const sighted = sightedIndicators(findings, setDays, profile.digital.times, names, (text) =>
    assembly.redactor.holdsWithheld(text),
  );
  if (sighted.length === 0) return null;
  const random = seededRandom(item.settings.seed, 'stix');
  const ids: string[] = [];
  const words = forensicWords(item.language).stix;
  const bundle = stixBundle(sighted, {
    madeAt: `${day}T00:00:00.000Z`,
    newUuid: () => {
      const id = randomUuid(random);
      ids.push(id);
      return id;
    },
    identityName: words.identity,
    description: words.note,
  });
  return { bytes: Buffer.from(`${JSON.stringify(bundle, null, 2)}\n`), ids };
};
