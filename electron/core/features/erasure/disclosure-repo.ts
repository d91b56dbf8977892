import type { disclosureSchema } from '#shared/contract/erasure.ts';
import type { EvidenceId, PersonId } from '#shared/model/ids.ts';
import { z } from 'zod';
import { instantColumn, jsonColumn, sql, type Reader, type Sql } from '../../db/index.ts';

type Disclosure = z.output<typeof disclosureSchema>;

const treatmentSchema = z.enum(['name', 'pseudonym', 'withhold']);
const personsColumn = jsonColumn(z.array(z.object({ personId: z.string(), treatment: treatmentSchema })));

const row = z
  .object({
    id: z.string(),
    recipient: z.string(),
    purpose: z.string(),
    released_at: instantColumn,
    persons: personsColumn,
    case_code: z.string(),
    copy: z.enum(['kept', 'blocked', 'erased']),
  })
  .transform(({ id, released_at, case_code, ...rest }) => ({
    ledgerId: id,
    releasedAt: released_at,
    caseCode: case_code,
    ...rest,
  }));

const selection = sql`SELECT l.id, l.recipient, l.purpose, l.released_at, l.persons, c.code AS case_code,
    coalesce(h.state, 'kept') AS copy
  FROM main.ledger l JOIN main.case_file c ON c.id = l.case_id LEFT JOIN main.copy_hold h ON h.id = l.id`;

const newestFirst: Sql = sql`ORDER BY l.released_at DESC, l.id`;

/** Every delivery in which a person appeared, and how. The ledger is never changed: this cannot be forgotten. */
export const disclosuresOfPerson = (db: Reader, id: PersonId): Disclosure[] =>
  db
    .all(
      sql`${selection} WHERE EXISTS (SELECT 1 FROM json_each(l.persons) p
            WHERE json_extract(p.value, '$.personId') = ${id}) ${newestFirst}`,
      row,
    )
    .map(({ persons, ...rest }) => ({
      ...rest,
      treatment: persons.find((one) => one.personId === id)?.treatment ?? 'withhold',
    }));

/** Every delivery of one item. */
export const disclosuresOfEvidence = (db: Reader, id: EvidenceId): Disclosure[] =>
  db
    .all(
      sql`${selection} WHERE EXISTS (SELECT 1 FROM json_each(l.evidence) e
            WHERE json_extract(e.value, '$.evidenceId') = ${id}) ${newestFirst}`,
      row,
    )
    .map(({ persons: _persons, ...rest }) => ({ ...rest, treatment: 'name' }));
