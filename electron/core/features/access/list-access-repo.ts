import { CASE_VISIBILITIES } from '#shared/contract/access.ts';
import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { caseIdSchema } from '#shared/model/ids.ts';
import { z } from 'zod';
import type { OpenCall } from '../../context.ts';
import { countRow, flagColumn, read, sql } from '../../db/index.ts';
import { membersOf } from './access-repo.ts';
import { SlotFamilies } from './slot-families-repo.ts';

const closedRow = z.object({
  id: caseIdSchema,
  code: z.string(),
  visibility: z.enum(CASE_VISIBILITIES),
  responsible: z.string(),
  visible: flagColumn,
});

/** Closed cases by their code, for coordinators: who is on each list, and nothing of what is in them. */
export function listAccess(call: OpenCall, input: HandlerInput<'access.list'>): CallOutput<'access.list'> {
  return read(call, (reader) => {
    const families = new SlotFamilies(reader);
    const nameOf = (slotId: string): string => families.of(slotId)?.name ?? '';
    const rows = reader.all(
      sql`SELECT a.id, c.code, a.visibility, a.responsible,
            EXISTS (SELECT 1 FROM case_file v WHERE v.id = a.id) AS visible
          FROM case_access a JOIN main.case_file c ON c.id = a.id WHERE a.visibility <> 'open'
          ORDER BY c.code LIMIT ${input.limit} OFFSET ${input.offset}`,
      closedRow,
    );
    return {
      total: reader.need(sql`SELECT count(*) AS n FROM case_access WHERE visibility <> 'open'`, countRow).n,
      rows: rows.map(({ id, responsible, ...row }) => ({
        ...row,
        caseId: id,
        responsible: nameOf(responsible),
        people: membersOf(reader, id).map((member) => nameOf(member.slot_id)),
      })),
    };
  });
}

/** People who may be put on a list. */
export function listPeople(call: OpenCall): CallOutput<'access.people'> {
  return read(call, (reader) => {
    const families = new SlotFamilies(reader);
    const own = families.of(call.session.actor.slotId);
    return {
      rows: families.people.map((family) => ({
        slotId: family.current,
        name: family.name,
        own: family === own,
      })),
    };
  });
}
