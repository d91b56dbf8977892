import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { OpenCall } from '../../context.ts';
import { read } from '../../db/index.ts';
import { lastEntry } from '../../journal/index.ts';
import { heldPersons, holdOf } from '../holds/index.ts';
import { needPerson } from '../people/index.ts';
import { copiesHolding } from './backups-holding.ts';
import { disclosuresOfPerson } from './disclosure-repo.ts';
import { payloadGoes } from './her-payloads.ts';
import { payloadsAfter } from './journal-payload-repo.ts';
import {
  evidenceOf,
  herRecords,
  openCasesOf,
  openExportsOf,
  outOfSight,
  recordCounts,
} from './person-rows-repo.ts';
import { scanFor, shownMentions } from './scan.ts';

const MAX_MENTIONS = 5_000;
const PAGE = 500;

/** What erasing would do. @throws AppError `record.notFound`, `erasure.alreadyErased` */
export async function previewErasure(
  call: OpenCall,
  input: HandlerInput<'erasure.preview'>,
): Promise<CallOutput<'erasure.preview'>> {
  const { personId } = input;
  const hold = read(call, (db) => holdOf(db, personId));
  if (hold?.state === 'erased') throw new AppError('erasure.alreadyErased');
  const scan = await scanFor(() => call.db.connection, personId, new AbortController().signal);
  const found = read(call, (db): Omit<CallOutput<'erasure.preview'>, 'backups'> => {
    const records = herRecords(db, personId);
    let journalEntries = 0;
    for (let at = 0; ;) {
      const page = payloadsAfter(db, at, PAGE);
      const last = page.at(-1);
      if (last === undefined) break;
      journalEntries += page.filter((payload) =>
        payloadGoes(personId, scan.her, records, payload, false),
      ).length;
      at = last.position;
    }
    return {
      personId,
      person: needPerson(db, personId).name,
      hold: hold?.state ?? 'none',
      records: recordCounts(db, personId),
      mentions: shownMentions(scan.sites).slice(0, MAX_MENTIONS),
      evidence: evidenceOf(db, personId),
      journalEntries,
      drafts: new Set(
        scan.sites.filter((site) => site.row.table.name === 'draft').map((site) => String(site.row.key[0])),
      ).size,
      disclosures: disclosuresOfPerson(db, personId),
      openExports: openExportsOf(db, personId).length,
      openCases: openCasesOf(db, personId),
    };
  });
  const backups = await copiesHolding(call, (db) => ({
    beforePosition: (lastEntry(db)?.position ?? 0) + 1,
  }));
  return { ...found, backups };
}

/**
 * Everybody whose data is held back and whom this session's person may know of: blocked people are in no other list.
 */
export const listHeld = (call: OpenCall): CallOutput<'erasure.held'> =>
  read(call, (db) => ({
    rows: heldPersons(db)
      .filter(({ personId }) => outOfSight(db, 'person', [personId]) === 0)
      .map((hold) => ({
        personId: hold.personId,
        person: needPerson(db, hold.personId).name,
        hold: hold.state,
        since: hold.since,
        requestId: hold.requestId,
      })),
  }));
