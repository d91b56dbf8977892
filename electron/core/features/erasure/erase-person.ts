import { ERASURE_CONFIRMATIONS } from '#shared/contract/erasure.ts';
import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { Language } from '#shared/model/common.ts';
import type { PersonId } from '#shared/model/ids.ts';
import { plainNarrative } from '#shared/rules/mentions.ts';
import type { OpenCall, TaskHandle } from '../../context.ts';
import { AUDITED_TABLES } from '../../db/audited-tables.ts';
import { read, write, type Tx } from '../../db/index.ts';
import { lastEntry, positionsHash } from '../../journal/index.ts';
import { needEvidence } from '../evidence/index.ts';
import { intactRunsOf, renewDigests } from '../finding-runs/index.ts';
import { holdOf } from '../holds/index.ts';
import { rebuildIndex } from '../search/index.ts';
import { forgetKeptCopies } from '../vault/index.ts';
import { copiesHolding } from './backups-holding.ts';
import { confirms, deleteItem, finishDeletions } from './delete-evidence.ts';
import { emptyDigitalTies } from './digital-rows-repo.ts';
import { ErasedWords } from './erased-words-repo.ts';
import { payloadGoes, type HerRecords } from './her-payloads.ts';
import { mapLeaves, replaceIn, type HerText } from './her-text.ts';
import { blockCopy, eraseCopy, putHold } from './hold-repo.ts';
import {
  closeErasure,
  emptyPayload,
  insertErasure,
  openErasure,
  payloadsAfter,
} from './journal-payload-repo.ts';
import {
  dropThumbnail,
  emptyEvidenceWords,
  emptyPersonRow,
  emptyTies,
  evidenceOf,
  herRecords,
  ledgersOf,
  openExportsOf,
  voidOpenExports,
} from './person-rows-repo.ts';
import { isDerived, rescan, scanFor, type Scan, type Site } from './scan.ts';
import { updateTexts } from './text-sites-repo.ts';

type Erasing = OpenCall & { readonly task: TaskHandle };
type Input = HandlerInput<'erasure.erase'>;

/** What stands where her name stood. */
export const ERASED_WORD: Readonly<Record<Language, string>> = {
  es: '[persona suprimida]',
  en: '[erased person]',
};

/** Signs that nobody confuses when read aloud. */
const CODE_SIGNS = 'ABCDEFGHJKLMNPRTUVWXY346789';
const PAYLOAD_PAGE = 500;
/** How often the vault is looked through again because somebody changed something meanwhile. */
const ROUNDS = 4;

const newCode = (call: OpenCall): string =>
  `P-${[...call.core.ports.random.bytes(8)].map((byte) => CODE_SIGNS[byte % CODE_SIGNS.length] ?? 'A').join('')}`;

interface Changed {
  /** Texts before and after, for what was made from them. */
  readonly pairs: readonly (readonly [before: string, after: string])[];
  /** Rows that were changed, `table/id`. */
  readonly rows: ReadonlySet<string>;
  readonly replaced: number;
}

/** Uncertain places without a decision; a decision that names nothing is none. */
const requireDecided = (sites: readonly Site[], input: Input): void => {
  const decided = new Set([...input.keepMentions, ...input.replaceMentions]);
  const open = sites
    .filter((site) => !isDerived(site))
    .flatMap((site) => site.places.map((place, at) => ({ place, id: site.ids[at] ?? '' })))
    .filter(({ place, id }) => !place.certain && !decided.has(id));
  if (open.length > 0) throw new AppError('erasure.undecided', { params: { count: open.length } });
};

const requireEvidenceDecided = (tx: Tx, input: Input): void => {
  const chosen = new Set(input.evidence.map((one) => one.evidenceId));
  const open = evidenceOf(tx, input.personId).filter((item) => !chosen.has(item.id));
  if (open.length > 0) throw new AppError('erasure.undecided', { params: { count: open.length } });
};

const rowKey = (site: Site): string => `${site.row.table.name}/${site.row.key.map(String).join('|')}`;

/** Puts the word in the place of her name in everybody else's texts, and notes what became of each text. */
const replaceAll = (tx: Tx, sites: readonly Site[], input: Input): Changed => {
  const replace = new Set(input.replaceMentions);
  const word = ERASED_WORD[input.language];
  const pairs: [string, string][] = [];
  const rows = new Set<string>();
  let replaced = 0;
  const byCell = new Map<string, Site[]>();
  for (const site of sites) {
    const key = `${rowKey(site)}/${site.column}`;
    byCell.set(key, [...(byCell.get(key) ?? []), site]);
  }
  for (const group of byCell.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const cell = first.row.cells[first.column] ?? '';
    const next = mapLeaves(cell, ({ path, text }) => {
      const site = group.find((one) => one.path === path && one.text === text);
      if (site === undefined) return text;
      // The index follows afterwards: a document changed here would not be known again by what it was made from.
      if (isDerived(site)) return text;
      const taken = site.places.filter((place, at) => place.certain || replace.has(site.ids[at] ?? ''));
      if (taken.length === 0) return text;
      const after = replaceIn(text, taken, word, () => true);
      pairs.push([text, after]);
      replaced += taken.length;
      return after;
    });
    if (next === cell) continue;
    updateTexts(tx, first.row.table, first.row.key, { [first.column]: next });
    rows.add(rowKey(first));
  }
  return { pairs, rows, replaced };
};

/** Documents of the search index follow the texts that they were made from. */
const followInIndex = (tx: Tx, call: OpenCall, scan: Scan, input: Input, changed: Changed): void => {
  const plain = changed.pairs
    .flatMap(([before, after]) => [
      [before, after] as const,
      [plainNarrative(before), plainNarrative(after)] as const,
    ])
    .filter(([before]) => before.length > 2)
    .sort((a, b) => b[0].length - a[0].length);
  for (const site of rescan(call.db.connection, scan, input.personId).filter(isDerived)) {
    let text = site.text;
    for (const [before, after] of plain) text = text.replaceAll(before, after);
    text = text === site.text && site.column === 'title' ? withoutShort(text, plain) : text;
    // What is beyond doubt goes even where the document was made from something else.
    text = replaceIn(text, scan.her.find(text), ERASED_WORD[input.language], (place) => place.certain);
    if (text !== site.text) updateTexts(tx, site.row.table, site.row.key, { [site.column]: text });
  }
};

/** A title can be the first words of a text: it follows the beginning of what the text became. */
const withoutShort = (title: string, pairs: readonly (readonly [string, string])[]): string => {
  const stem = title.replace(/…$/u, '');
  const pair = pairs.find(([before]) => before.trim().startsWith(stem));
  return pair === undefined ? title : pair[1].trim().slice(0, Math.max(stem.length, 40));
};

/** Entries whose payload has to go with her. `changed`: rows, `table/id`, whose texts the erasure changed. */
const positionsToEmpty = (
  tx: Tx,
  her: HerText,
  id: PersonId,
  records: HerRecords,
  changed: ReadonlySet<string>,
): number[] => {
  const positions: number[] = [];
  for (let at = 0; ;) {
    const page = payloadsAfter(tx, at, PAYLOAD_PAGE);
    const last = page.at(-1);
    if (last === undefined) return positions;
    for (const payload of page) {
      if (payloadGoes(id, her, records, payload, changed.has(`${payload.table}/${payload.id}`)))
        positions.push(payload.position);
    }
    at = last.position;
  }
};

/**
 * Reason and legal basis are kept for ever and say whose erasure it was only by a code: they must not name her. Any
 * part of a name counts, as these words can always be chosen otherwise.
 */
const requireNamesNobody = (her: HerText, input: Input): void => {
  for (const field of ['reason', 'legalBasis'] as const)
    if (her.find(input[field]).length > 0) throw new AppError('erasure.reasonNames', { field });
};

interface Done {
  readonly code: string;
  readonly replaced: number;
  readonly payloads: number;
  readonly deleted: number;
}

const eraseNow = (call: Erasing, tx: Tx, scan: Scan, input: Input): Done => {
  const { core, session, db } = call;
  const now = core.ports.clock.now();
  const { personId } = input;
  const hold = holdOf(tx, personId);
  if (hold?.state === 'erased') throw new AppError('erasure.alreadyErased');
  if (hold?.state !== 'blocked') throw new AppError('erasure.blockFirst');
  requireEvidenceDecided(tx, input);
  const sites = rescan(db.connection, scan, personId);
  requireDecided(sites, input);
  const word = ERASED_WORD[input.language];
  const code = newCode(call);
  const id = core.newId();
  const actor = session.actor.name;
  // First of all declarations: what the erasure changes anywhere is answered for by this one entry.
  const payload: Record<string, string | number> = {
    personId,
    legalBasis: input.legalBasis,
    reason: input.reason,
  };
  tx.journal({ table: 'erasure', id, payload, children: AUDITED_TABLES });
  openErasure(tx, id);
  const found = herRecords(tx, personId);
  const own = new Set(found.own);
  const words = new ErasedWords();
  // Findings are bound by the digest of their run: it follows what the erasure changes, and nothing else.
  const findings = sites.filter((site) => site.row.table.name === 'finding');
  const named = intactRunsOf(tx, [...new Set(findings.map((site) => String(site.row.key[0])))]);
  const changed = replaceAll(tx, sites, input);
  followInIndex(tx, call, scan, input, changed);
  renewDigests(tx, named);
  let deleted = 0;
  const why = { reason: input.reason, legalBasis: input.legalBasis };
  for (const { evidenceId, action } of input.evidence) {
    const item = needEvidence(tx, evidenceId);
    if (item.fromPersonId !== personId) throw new AppError('record.notFound');
    if (action === 'delete') {
      deleteItem(call, tx, item, why, words);
      emptyEvidenceWords(tx, evidenceId, word);
      own.add(`evidence/${evidenceId}`);
      deleted += 1;
    } else dropThumbnail(tx, evidenceId);
  }
  for (const site of sites)
    if (site.row.table.name === 'evidence_derived') dropThumbnail(tx, String(site.row.key[0]));
  emptyTies(tx, personId, word, words);
  emptyDigitalTies(tx, personId, words);
  words.leaveIndex(tx, word);
  emptyPersonRow(tx, personId, code, now);
  voidOpenExports(tx, openExportsOf(tx, personId), now);
  for (const ledgerId of ledgersOf(tx, personId)) {
    if (input.copies === 'erase') eraseCopy(tx, ledgerId, personId, now);
    else blockCopy(tx, ledgerId, personId, now);
  }
  putHold(tx, { personId, state: 'erased', code, ...why, requestId: input.requestId, actor }, now);
  // Copies of the whole from before a migration still name her; their files go with `finishDeletions`.
  forgetKeptCopies(tx);
  rebuildIndex(tx);
  const positions = positionsToEmpty(tx, scan.her, personId, { ...found, own }, changed.rows);
  insertErasure(
    tx,
    {
      id,
      personId,
      requestId: input.requestId,
      ...why,
      actor,
      replaced: changed.replaced,
      payloads: positions.length,
      positionsHash: positionsHash(core.ports.crypto, positions),
    },
    now,
  );
  for (const position of positions) emptyPayload(tx, id, position);
  payload['payloads'] = positions.length;
  requireNothingLeft(call, scan, input);
  closeErasure(tx);
  tx.afterCommit(() => {
    for (const name of [
      'persons.changed',
      'incidents.changed',
      'evidence.changed',
      'exports.changed',
    ] as const)
      core.emit({ name, payload: { caseId: null } });
  });
  return { code, replaced: changed.replaced, payloads: positions.length, deleted };
};

/** Looks again at everything that was changed: one certain place left undoes the whole. */
const requireNothingLeft = (call: Erasing, scan: Scan, input: Input): void => {
  const left = rescan(call.db.connection, scan, input.personId).find((site) =>
    site.places.some((place) => place.certain),
  );
  if (left !== undefined)
    throw new AppError('erasure.stillFound', { params: { where: left.row.table.name } });
};

/**
 * The second stage: takes a person out of the vault. Her own rows are emptied, her name gives way to a word in
 * everybody else's, what the journal kept of these changes is emptied, the index is written anew, evidence goes or
 * stays as decided. What stays is that it was done, by whom and why; and to whom her data was disclosed.
 *
 * @throws AppError `erasure.notConfirmed`, `erasure.blockFirst`, `erasure.alreadyErased`, `erasure.undecided`,
 *   `erasure.reasonNames`,
 *   `erasure.stillFound`, `evidence.inUse`, `record.changedMeanwhile`, `call.cancelled`
 */
export async function erasePerson(call: Erasing, input: Input): Promise<CallOutput<'erasure.erase'>> {
  if (!confirms(input.typed, ERASURE_CONFIRMATIONS.erase)) throw new AppError('erasure.notConfirmed');
  const state = read(call, (db) => holdOf(db, input.personId)?.state);
  if (state === 'erased') throw new AppError('erasure.alreadyErased');
  if (state !== 'blocked') throw new AppError('erasure.blockFirst');
  const head = (): number => read(call, (db) => lastEntry(db)?.position ?? 0);
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = head();
    const scan = await scanFor(
      () => call.db.connection,
      input.personId,
      call.task.signal,
      (rows) => {
        call.task.progress('searching', rows, 0, 'items');
      },
    );
    requireNamesNobody(scan.her, input);
    if (head() !== before) continue;
    call.task.progress('erasing', 0, 1, 'items');
    const done = write(call, (tx) => eraseNow(call, tx, scan, input));
    // It also empties the log, which still has pages from before: their freed cells are overwritten.
    const removed = await finishDeletions(call.core, call.session);
    const position = head();
    return {
      code: done.code,
      replaced: done.replaced,
      payloads: done.payloads,
      evidenceDeleted: done.deleted,
      backups: await copiesHolding(call, () => ({ beforePosition: position })),
      removed,
    };
  }
  throw new AppError('record.changedMeanwhile');
}
