import type { MentionFound } from '#shared/contract/erasure.ts';
import { AppError } from '#shared/errors.ts';
import type { PersonId } from '#shared/model/ids.ts';
import { plainNarrative } from '#shared/rules/mentions.ts';
import { compactKey } from '#shared/rules/text-folding.ts';
import type { Connection } from '../../db/connection.ts';
import { knownValuesOf, type KnownValue } from '../filings/index.ts';
import { needPerson } from '../people/index.ts';
import { herText, labelsOf, mapLeaves, MENTION_END, placeId, type HerText, type Named } from './her-text.ts';
import { otherPeople } from './person-rows-repo.ts';
import {
  outOfSight,
  textRow,
  textRows,
  textTables,
  type TextRow,
  type TextTable,
} from './text-sites-repo.ts';

const PAGE = 200;
/** Words shown on each side of a place. */
const AROUND = 60;

/** One text that names her, with the places in it. */
export interface Site {
  readonly row: TextRow;
  readonly column: string;
  /** Place inside the cell's JSON; empty where the cell is plain text. */
  readonly path: string;
  readonly text: string;
  readonly places: readonly Named[];
  /** Ids of the places, in their order. */
  readonly ids: readonly string[];
}

/** Everything that was found, and how she is found again. */
export interface Scan {
  readonly her: HerText;
  readonly sites: readonly Site[];
}

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Runs over every text of the vault, a page at a time; other calls get their turn in between. */
async function* allRows(
  connection: () => Connection,
  signal: AbortSignal,
): AsyncGenerator<TextRow, void, undefined> {
  for (const table of textTables(connection())) {
    for (let after: TextRow['key'] | null = null; ;) {
      if (signal.aborted) throw new AppError('call.cancelled');
      const page: TextRow[] = textRows(connection(), table, after, PAGE);
      yield* page;
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) break;
      after = last.key;
      await pause();
    }
  }
}

/** Names that other people have as well: a hit of one of these may be about them. */
const sharedKeys = (connection: Connection, id: PersonId): Set<string> => {
  const keys = new Set<string>();
  for (const person of otherPeople(connection, id))
    for (const value of knownValuesOf(person)) keys.add(compactKey(value.text));
  return keys;
};

/**
 * The search for one person: what her record says, and the labels under which she is mentioned anywhere.
 *
 * @throws AppError `record.notFound`, `call.cancelled`
 */
export const searchFor = async (
  connection: () => Connection,
  id: PersonId,
  signal: AbortSignal,
): Promise<HerText> => {
  const person = needPerson(connection(), id);
  const labels = new Set<string>();
  for await (const row of allRows(connection, signal))
    for (const text of Object.values(row.cells)) for (const label of labelsOf(text, id)) labels.add(label);
  const values: KnownValue[] = [
    ...knownValuesOf(person),
    ...[...labels]
      .filter((label) => compactKey(label).length >= 3)
      .map((text): KnownValue => ({ ref: id, kind: 'alias', text })),
  ];
  return herText(id, values, sharedKeys(connection(), id));
};

/** Rows of other people's records: their own names and numbers are theirs, whatever they look like. */
const mayOnlyAsk = (row: TextRow, id: PersonId): boolean => row.table.name === 'person' && row.key[0] !== id;

/** The places of one row. Her own record is emptied whole and needs no looking through. */
export const sitesOf = (row: TextRow, her: HerText, id: PersonId): Site[] => {
  if (row.table.name === 'person' && row.key[0] === id) return [];
  const sites: Site[] = [];
  for (const [column, cell] of Object.entries(row.cells)) {
    if (cell.length < 3) continue;
    mapLeaves(cell, ({ path, text }) => {
      const found = her.find(text);
      const places = mayOnlyAsk(row, id) ? found.map((place) => ({ ...place, certain: false })) : found;
      if (places.length > 0) {
        const where = [row.table.name, ...row.key.map(String), column, path];
        sites.push({
          row,
          column,
          path,
          text,
          places,
          ids: places.map((place) => placeId(where, text, place)),
        });
      }
      return text;
    });
  }
  return sites;
};

/**
 * Every place in the vault's texts that names a person.
 *
 * @throws AppError `record.notFound`, `erasure.outOfSight`, `call.cancelled`
 */
export const scanFor = async (
  connection: () => Connection,
  id: PersonId,
  signal: AbortSignal,
  onProgress: (rows: number) => void = () => undefined,
): Promise<Scan> => {
  const her = await searchFor(connection, id, signal);
  const sites: Site[] = [];
  let rows = 0;
  for await (const row of allRows(connection, signal)) {
    sites.push(...sitesOf(row, her, id));
    rows += 1;
    if (rows % PAGE === 0) onProgress(rows);
  }
  // Half an erasure would leave her name where nobody looked; and what is out of sight is not shown here either.
  const rowsFound = sites.map((site) => site.row);
  if (outOfSight(connection(), rowsFound).length > 0) throw new AppError('erasure.outOfSight');
  return { her, sites };
};

/** The same rows again as they stand now, inside the transaction that changes them. */
export const rescan = (connection: Connection, scan: Scan, id: PersonId): Site[] => {
  const seen = new Map<string, { table: TextTable; key: TextRow['key'] }>();
  for (const { row } of scan.sites)
    seen.set([row.table.name, ...row.key.map(String)].join('|'), { table: row.table, key: row.key });
  return [...seen.values()].flatMap(({ table, key }) => {
    const now = textRow(connection, table, key);
    return now === null ? [] : sitesOf(now, scan.her, id);
  });
};

/** Kinds of records in words that the screens know; tables without one are shown by their own name. */
const RECORD_OF: Readonly<Record<string, string>> = {
  case_file: 'case',
  case_person: 'case',
  evidence_derived: 'evidence',
  custody: 'evidence',
  act: 'incident',
  involvement: 'incident',
  export_decision: 'export',
  ledger: 'export',
};

/** Made from other records: what is decided there holds here as well, so nobody is asked twice. */
export const isDerived = (site: Site): boolean => site.row.table.name === 'search_doc';

/** The places as they are shown to the person who decides. */
export const shownMentions = (sites: readonly Site[]): MentionFound[] =>
  sites
    .filter((site) => !isDerived(site))
    .flatMap(({ row, text, places, ids }) =>
      places.map((place, at) => ({
        id: ids[at] ?? '',
        record: RECORD_OF[row.table.name] ?? row.table.name,
        recordId: row.key.map(String).join('|'),
        // As people read it: the marks of mentions are no words.
        before: plainNarrative(text.slice(0, place.start).replace(/@\[$/u, '')).slice(-AROUND),
        found: text.slice(place.start, place.end),
        after: plainNarrative(text.slice(place.end).replace(MENTION_END, '')).slice(0, AROUND),
        certain: place.certain,
      })),
    );
