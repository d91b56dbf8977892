import type { ExportId } from '#shared/model/ids.ts';
import { localDay } from '#shared/rules/partial-date.ts';
import type { OpenCall } from '../../context.ts';
import { read, sql, type Tx } from '../../db/index.ts';
import { assemble } from './assemble.ts';
import type { Assembly } from './assemble.ts';
import { readMaterial } from './case-material.ts';
import type { CaseMaterial } from './case-material.ts';
import { consentFindings } from './consent-gate.ts';
import { decisionsOf, needExport } from './export-repo.ts';
import type { StoredDecision, StoredExport } from './export-repo.ts';
import { needProfile } from './profiles.ts';
import type { RecipientProfile } from './profiles.ts';
import { drawLetter, roleCodeFor } from './redaction/index.ts';

/** Everything about one export at one moment. */
export interface Plan {
  readonly item: StoredExport;
  readonly profile: RecipientProfile;
  readonly material: CaseMaterial;
  readonly decisions: readonly StoredDecision[];
  readonly assembly: Assembly;
  /** Milliseconds since epoch: what happened later is not told; a release tells what its check told. */
  readonly until: number;
}

/** The calendar day here; the only date that finished files carry. */
export const today = (call: OpenCall): string => {
  const { clock } = call.core.ports;
  return localDay(clock.now(), clock.zone());
};

/**
 * Reads and assembles an export as it stands.
 *
 * @param day of the consents and of the files; the day of the check when a release builds again.
 * @param until end of the custody that is told; the moment of the check when a release builds again.
 * @throws AppError `record.notFound`, `export.profileUnknown`
 */
export const loadPlan = (
  call: OpenCall,
  id: ExportId,
  day = today(call),
  until = call.core.ports.clock.now(),
): Plan =>
  read(call, (db) => {
    const item = needExport(db, id);
    const profile = needProfile(item.profile);
    const material = readMaterial(db, item);
    const decisions = decisionsOf(db, id);
    return {
      until,
      item,
      profile,
      material,
      decisions,
      assembly: assemble(material, item, decisions, profile, { day, zone: call.core.ports.clock.zone() }),
    };
  });

/**
 * Gives a letter of the series to everybody in the material who has none yet. Goes with a journal entry of
 * the caller that names `pseudonym` among its children.
 */
export const ensurePseudonyms = (call: OpenCall, tx: Tx, item: StoredExport): void => {
  const material = readMaterial(tx, item);
  const profile = needProfile(item.profile);
  const findings = consentFindings(material, item.settings, profile, today(call));
  const known = [
    ...material.pseudonyms.map(({ personId, roleCode, letter }) => ({ personId, roleCode, letter })),
  ];
  for (const entry of material.persons) {
    const { person } = entry;
    if (known.some((one) => one.personId === person.id)) continue;
    if (!findings.some((finding) => finding.personId === person.id)) continue;
    const roleCode = roleCodeFor(entry.roles, {
      minor: person.minor,
      group: person.kind === 'collective' || person.kind === 'community' || person.kind === 'organisation',
      plainRoles: profile.plainRoles,
    });
    const taken = new Set(known.filter((one) => one.roleCode === roleCode).map((one) => one.letter));
    const letter = drawLetter(call.core.ports.random, taken);
    known.push({ personId: person.id, roleCode, letter });
    tx.run(sql`INSERT INTO pseudonym (id, series_id, person_id, role_code, letter)
      VALUES (${call.core.newId()}, ${item.seriesId}, ${person.id}, ${roleCode}, ${letter})`);
  }
};
