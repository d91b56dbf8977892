import { SEARCH_KINDS, type SearchHit } from '#shared/contract/search.ts';
import type { HandlerInput } from '#shared/contract/index.ts';
import { z } from 'zod';
import { empty, list, sql } from '../../db/index.ts';
import type { OpenCall } from '../../context.ts';
import { ftsQuery } from './search-query.ts';
import { readSearchable } from './search-repo.ts';

/** Private-use characters that mark a hit in a snippet; text that contains them is shown without. */
const OPEN = '\uE000';
const CLOSE = '\uE001';
/** Up to this many matches are put in order of relevance; beyond it, the newest come first. */
const RANKED_MATCHES = 400;

const docRow = z.object({ doc: z.number().int() });
const hitRow = z.object({
  kind: z.enum(SEARCH_KINDS),
  ref: z.string(),
  case_id: z.string().nullable(),
  title: z.string(),
  when_key: z.string(),
  snippet: z.string(),
});

const parts = (snippet: string): SearchHit['snippet'] => {
  const found: SearchHit['snippet'] = [];
  for (const [index, piece] of snippet.split(OPEN).entries()) {
    const [inside = '', outside] = piece.split(CLOSE);
    if (index === 0 || outside === undefined) {
      if (piece.length > 0) found.push({ text: piece.replaceAll(CLOSE, ''), hit: false });
      continue;
    }
    found.push({ text: inside, hit: true });
    if (outside.length > 0) found.push({ text: outside, hit: false });
  }
  return found;
};

/**
 * Looks through everything in the vault that has words. A search that matches a lot is answered in the time of
 * a page, because only then is relevance given up for recency.
 */
export function searchEverything(
  call: OpenCall,
  input: HandlerInput<'search.everything'>,
): { hits: SearchHit[]; more: boolean } {
  const query = ftsQuery(input.text);
  if (query === null) return { hits: [], more: false };
  return readSearchable(call, (db) => {
    // Matches out of sight must not fill the page either, nor tell by "more" that they are there.
    const narrow = input.kinds !== undefined || input.caseId !== undefined || call.db.hiding;
    const kinds = input.kinds === undefined ? empty : sql`AND d.kind IN ${list(input.kinds)}`;
    const inCase = input.caseId === undefined ? empty : sql`AND d.case_id = ${input.caseId}`;
    const newest = narrow
      ? db.all(
          sql`SELECT d.doc AS doc FROM search_text t JOIN search_doc d ON d.doc = t.rowid
              WHERE search_text MATCH ${query} ${kinds} ${inCase} ORDER BY t.rowid DESC LIMIT ${RANKED_MATCHES + 1}`,
          docRow,
        )
      : db.all(
          sql`SELECT rowid AS doc FROM search_text WHERE search_text MATCH ${query}
              ORDER BY rowid DESC LIMIT ${RANKED_MATCHES + 1}`,
          docRow,
        );
    const few = newest.length <= RANKED_MATCHES;
    const page = few ? newest : newest.slice(0, input.limit);
    // The plus keeps the list from becoming one full-text query for each of its rows; the bound ends the one scan early.
    const rows = db.all(
      sql`SELECT d.kind, d.ref, d.case_id, d.title, d.when_key,
            snippet(search_text, -1, ${OPEN}, ${CLOSE}, '…', 18) AS snippet
          FROM search_text t JOIN search_doc d ON d.doc = t.rowid
          WHERE search_text MATCH ${query} AND t.rowid >= ${page.at(-1)?.doc ?? 0}
            AND +t.rowid IN ${list(page.map((row) => row.doc))}
          ORDER BY ${few ? sql`bm25(search_text, 8.0, 1.0), t.rowid DESC` : sql`t.rowid DESC`} LIMIT ${input.limit}`,
      hitRow,
    );
    return {
      hits: rows.map((row) => ({
        kind: row.kind,
        id: row.ref,
        caseId: row.case_id,
        title: row.title,
        snippet: parts(row.snippet),
        whenKey: row.when_key,
      })),
      more: newest.length > input.limit,
    };
  });
}
