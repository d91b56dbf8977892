import { z } from 'zod';
import type { Consent } from '#shared/contract/consents.ts';
import { CASE_ROLES } from '#shared/model/vocabularies.ts';
import { evidenceIdSchema, incidentIdSchema, personIdSchema } from '#shared/model/ids.ts';
import type { CaseId } from '#shared/model/ids.ts';
import { partialDateDays } from '#shared/rules/partial-date.ts';
import { flagColumn, jsonColumn, sql, type Reader } from '../../db/index.ts';
import { needCase, type StoredCase } from '../cases/index.ts';
import { consentsOfCase } from '../consents/index.ts';
import { heldPersons, KEPT_EVIDENCE } from '../holds/index.ts';
import { incidentsOfCase, type StoredIncident } from '../incidents/index.ts';
import { needPerson, type StoredPerson } from '../people/index.ts';
import {
  forensicMaterial,
  identifiersOfDevices,
  peopleOfDevices,
  wordsOfDevices,
  type ForensicDevice,
} from '../surveillance/index.ts';
import { readsDigital, toldStates } from './digital-evidence.ts';
import { pseudonymsOf, type StoredExport, type StoredPseudonym } from './export-repo.ts';
import { needProfile } from './profiles.ts';

export interface MaterialPerson {
  readonly person: StoredPerson;
  /** Empty for people who are only mentioned in an incident of the case. */
  readonly roles: readonly (typeof CASE_ROLES)[number][];
  /** Identity reserved toward State and public by the person's own wish. */
  readonly reserved: boolean;
  /** Her data is held back: nothing of it goes, whatever anybody chose. */
  readonly held?: boolean;
}

export interface MaterialEvidence {
  readonly id: z.infer<typeof evidenceIdSchema>;
  readonly title: string;
  readonly originalName: string;
  readonly kind: string;
  readonly mime: string;
  readonly sizeBytes: number;
  readonly sha256: Buffer;
  readonly objectId: Buffer;
  readonly restricted: boolean;
  /** It came from somebody whose data is held back: it stays. */
  readonly held?: boolean;
  readonly incidentIds: readonly string[];
  /** What happened to it from its taking in on, oldest first; whoever did it stays out. */
  readonly custody: readonly { readonly action: string; readonly at: number }[];
  readonly facts: readonly { readonly name: string; readonly value: string }[];
}

/** Everything that an export of a case can draw from, read in one snapshot. */
export interface CaseMaterial {
  readonly case: StoredCase;
  readonly persons: readonly MaterialPerson[];
  /** What the export tells of. */
  readonly incidents: readonly StoredIncident[];
  /** All of the case: whoever and whatever stands in any of them is searched for, told of or not. */
  readonly allIncidents: readonly StoredIncident[];
  readonly evidence: readonly MaterialEvidence[];
  readonly consents: readonly Consent[];
  readonly pseudonyms: readonly StoredPseudonym[];
  /** Devices with their examinations; read where this export tells of them, else empty. */
  readonly forensic: readonly ForensicDevice[];
  /** Numbers that identify devices of the case. */
  readonly deviceIdentifiers: readonly string[];
  /** Words for people around devices of the case who have no record. */
  readonly deviceWords: readonly string[];
  /** Names of everybody who can open the vault. */
  readonly staff: readonly string[];
}

const bytesColumn = z.instanceof(Uint8Array).transform((bytes) => Buffer.from(bytes));

const evidenceRow = z.object({
  id: evidenceIdSchema,
  title: z.string(),
  original_name: z.string(),
  kind: z.string(),
  mime: z.string(),
  size: z.number().int(),
  sha256: bytesColumn,
  object_id: bytesColumn,
  restricted: flagColumn,
  held: flagColumn,
  facts: jsonColumn(z.array(z.object({ name: z.string(), value: z.string() }))).nullable(),
});

const MENTIONED = /@\[[^\]\n]*\]\(person:([0-9a-f-]{36})\)/g;

/** @throws AppError `record.notFound`, `export.profileUnknown` */
export const readMaterial = (db: Reader, item: StoredExport): CaseMaterial => {
  const { fromDay, toDay } = item.settings;
  const profile = needProfile(item.profile);
  const allIncidents = incidentsOfCase(db, item.caseId);
  const incidents = allIncidents.filter((incident) => {
    // What is marked as very sensitive goes only where somebody took it in, one by one.
    if (incident.verySensitive && !item.settings.incidents.includes(incident.id)) return false;
    const days = partialDateDays(incident.happened);
    if (days === null) return true;
    return (fromDay === null || days.to >= fromDay) && (toDay === null || days.from <= toDay);
  });
  return {
    case: needCase(db, item.caseId),
    persons: personsFor(db, item.caseId, allIncidents, peopleOfDevices(db, item.caseId)),
    incidents,
    allIncidents,
    evidence: evidenceFor(db, item.caseId),
    consents: consentsOfCase(db, item.caseId),
    pseudonyms: pseudonymsOf(db, item.seriesId),
    forensic: readsDigital(item.settings, profile)
      ? forensicMaterial(db, item.caseId, toldStates(profile))
      : [],
    deviceIdentifiers: identifiersOfDevices(db, item.caseId),
    deviceWords: wordsOfDevices(db, item.caseId),
    staff: db.all(sql`SELECT name FROM roster`, z.object({ name: z.string() })).map((row) => row.name),
  };
};

const linkRow = z.object({
  person_id: personIdSchema,
  roles: jsonColumn(z.array(z.enum(CASE_ROLES))),
  reserved: flagColumn,
});

/** Ids of everybody whom incidents name, with what each is there: affected, alleged, source, or mentioned in a text. */
export const peopleOfIncidents = (
  incidents: readonly StoredIncident[],
): { readonly id: string | null; readonly role: (typeof CASE_ROLES)[number] | null }[] =>
  incidents.flatMap((incident) => [
    ...incident.acts.flatMap((act) => [
      { id: act.personId, role: null },
      ...act.involvements.map(({ personId }) => ({ id: personId, role: 'allegedPerpetrator' as const })),
    ]),
    ...incident.sources.map(({ personId }) => ({ id: personId, role: 'source' as const })),
    ...[incident.narrative, incident.restrictedNarrative, incident.linkToWork].flatMap((text) =>
      [...text.matchAll(MENTIONED)].map((match) => ({ id: match[1] ?? null, role: null })),
    ),
  ]);

/** People of the case, and those who appear in its incidents without having been added to it. */
const personsFor = (
  db: Reader,
  caseId: CaseId,
  incidents: readonly StoredIncident[],
  ofDevices: readonly string[],
): MaterialPerson[] => {
  const links = db.all(
    sql`SELECT person_id, roles, reserved FROM case_person WHERE case_id = ${caseId} ORDER BY id`,
    linkRow,
  );
  const held = new Set<string>(heldPersons(db).map((hold) => hold.personId));
  const found = new Map<string, MaterialPerson>();
  for (const link of links) {
    found.set(link.person_id, {
      person: needPerson(db, link.person_id),
      roles: link.roles,
      reserved: link.reserved,
      held: held.has(link.person_id),
    });
  }
  const exists = (id: string): boolean =>
    db.get(sql`SELECT id FROM person WHERE id = ${id}`, z.object({ id: z.string() })) !== null;
  const add = (id: string | null, role: (typeof CASE_ROLES)[number] | null): void => {
    const parsed = personIdSchema.safeParse(id);
    if (!parsed.success || found.has(parsed.data) || !exists(parsed.data)) return;
    found.set(parsed.data, {
      person: needPerson(db, parsed.data),
      roles: role === null ? [] : [role],
      reserved: false,
      held: held.has(parsed.data),
    });
  };
  for (const id of ofDevices) add(id, null);
  for (const { id, role } of peopleOfIncidents(incidents)) add(id, role);
  return [...found.values()];
};

const evidenceFor = (db: Reader, caseId: CaseId): MaterialEvidence[] => {
  const links = db.all(
    sql`SELECT l.evidence_id, l.incident_id FROM evidence_link l JOIN evidence e ON e.id = l.evidence_id
        WHERE e.case_id = ${caseId} ORDER BY l.id`,
    z.object({ evidence_id: evidenceIdSchema, incident_id: incidentIdSchema }),
  );
  const steps = db.all(
    sql`SELECT c.evidence_id, c.action, c.at FROM custody c JOIN evidence e ON e.id = c.evidence_id
        WHERE e.case_id = ${caseId} ORDER BY c.evidence_id, c.position`,
    z.object({ evidence_id: evidenceIdSchema, action: z.string(), at: z.number().int() }),
  );
  const custody = new Map<string, { action: string; at: number }[]>();
  for (const { evidence_id: of, action, at } of steps) {
    const own = custody.get(of) ?? [];
    own.push({ action, at });
    custody.set(of, own);
  }
  return db
    .all(
      sql`SELECT e.id, e.title, e.original_name, e.kind, e.mime, e.size, e.sha256, e.object_id, e.restricted,
            EXISTS (SELECT 1 FROM person_hold h WHERE h.id = e.from_person_id) AS held, d.facts
          FROM evidence e LEFT JOIN evidence_derived d ON d.evidence_id = e.id
          WHERE e.case_id = ${caseId} AND ${KEPT_EVIDENCE} ORDER BY e.received_at, e.id`,
      evidenceRow,
    )
    .map((row) => ({
      id: row.id,
      title: row.title,
      originalName: row.original_name,
      kind: row.kind,
      mime: row.mime,
      sizeBytes: row.size,
      sha256: row.sha256,
      objectId: row.object_id,
      restricted: row.restricted,
      held: row.held,
      facts: row.facts ?? [],
      custody: custody.get(row.id) ?? [],
      incidentIds: links.filter((link) => link.evidence_id === row.id).map((link) => link.incident_id),
    }));
};
