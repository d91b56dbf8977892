import { z } from 'zod';
import type { ExportView } from '#shared/contract/exports.ts';
import { profileIdSchema } from '#shared/contract/exports.ts';
import { partialDateDays } from '#shared/rules/partial-date.ts';
import { sql, type Reader } from '../../db/index.ts';
import type { Assembly } from './assemble.ts';
import type { CaseMaterial } from './case-material.ts';
import type { StoredExport } from './export-repo.ts';
import { personRef } from './known-values.ts';
import { needProfile } from './profiles.ts';
import type { RecipientProfile } from './profiles.ts';
import { quasiIdentifiers, unionAttributes } from './redaction/index.ts';
import type { PersonAttributes } from './redaction/index.ts';

/** What one filing tells about each person besides her name. */
const attributesIn = (
  material: CaseMaterial,
  profile: RecipientProfile,
  source: string,
): PersonAttributes[] =>
  material.persons.map((entry) => {
    const own = material.incidents.filter((incident) =>
      incident.acts.some((act) => act.personId === entry.person.id),
    );
    const place = own.map((incident) => incident.place.municipality).find((name) => name !== '');
    const days = own
      .map((incident) => partialDateDays(incident.happened)?.from)
      .find((day) => day !== undefined);
    const { person } = entry;
    return {
      ref: personRef(person.id),
      municipality: profile.placePrecision === 'state' ? null : (place ?? null),
      // What a filing prints of somebody's work singles out more than any other trait.
      occupation:
        entry.roles.includes('beneficiary') && profile.id !== 'public' && person.work !== ''
          ? person.work.slice(0, 80)
          : null,
      date: profile.datePrecision === 'day' ? (days ?? null) : null,
      group: null,
      groupSize: person.groupSize,
      age: null,
      sources: [source],
    };
  });

const earlierRow = z.object({ profile: profileIdSchema, recipient: z.string() });

/**
 * Combinations that single somebody out, seen over everything that the same audiences already have, and the
 * recipients whose version can be laid beside this one.
 */
export const unionView = (
  db: Reader,
  material: CaseMaterial,
  item: StoredExport,
  profile: RecipientProfile,
  assembly: Assembly,
): Pick<ExportView, 'quasiIdentifiers' | 'joinableWith'> => {
  const earlier = db
    .all(sql`SELECT DISTINCT profile, recipient FROM ledger WHERE case_id = ${item.caseId}`, earlierRow)
    .filter((row) =>
      needProfile(row.profile).audiences.some(
        (audience) => audience !== 'body' && profile.audiences.includes(audience),
      ),
    );
  const hidden = assembly.findings
    .filter((finding) => finding.treatment === 'pseudonym')
    .map((finding) => personRef(finding.personId));
  const filings = [
    attributesIn(material, profile, item.recipient),
    ...earlier.map((row) => attributesIn(material, needProfile(row.profile), row.recipient)),
  ].map((people) => people.filter((person) => hidden.includes(person.ref)));
  const flags = quasiIdentifiers(unionAttributes(filings));
  const names = new Map(material.persons.map((entry) => [personRef(entry.person.id), entry.person.name]));
  return {
    quasiIdentifiers: flags.map((flag, at) => ({
      id: String(at + 1),
      fields: [...flag.fields, ...(flag.onlyInUnion ? ['union'] : [])],
      text: names.get(flag.ref) ?? '',
    })),
    joinableWith: [...new Set(earlier.map((row) => row.recipient))].filter(
      (recipient) => recipient !== item.recipient,
    ),
  };
};
