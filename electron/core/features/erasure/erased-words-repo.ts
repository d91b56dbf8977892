import { SEARCH_KINDS } from '#shared/contract/search.ts';
import { defangText } from '#shared/surveillance/defang.ts';
import { plainNarrative } from '#shared/rules/mentions.ts';
import { z } from 'zod';
import { list, sql, type Sql, type Tx } from '../../db/index.ts';

const documentRow = z.object({ doc: z.number().int(), title: z.string(), body: z.string() });

/** Documents of one record. By kind as well, because only kind and ref together are a key: else all are read. */
export const documentsOf = (ref: string): Sql =>
  sql`SELECT doc, title, body FROM main.search_doc WHERE kind IN ${list([...SEARCH_KINDS])} AND ref = ${ref}`;

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/**
 * Words that an erasure took out of records, by the record under which a search finds them. The index was made from
 * these records: what is gone there must not be found here.
 */
export class ErasedWords {
  readonly #byRecord = new Map<string, Set<string>>();

  /** @param ref id of the record of the search index; what is empty is left out. */
  add(ref: string, texts: readonly string[]): void {
    const lines = this.#byRecord.get(ref) ?? new Set<string>();
    for (const text of texts)
      for (const form of [text, plainNarrative(text), defangText(text)])
        for (const line of linesOf(form)) lines.add(line);
    if (lines.size > 0) this.#byRecord.set(ref, lines);
  }

  /** Takes the lines out of the documents. The caller writes the index anew afterwards. */
  leaveIndex(tx: Tx, word: string): void {
    for (const [ref, lines] of this.#byRecord) {
      for (const row of tx.all(documentsOf(ref), documentRow)) {
        const body = row.body
          .split('\n')
          .filter((line) => !lines.has(line.trim()))
          .join('\n');
        const title = lines.has(row.title.trim()) ? word : row.title;
        if (body !== row.body || title !== row.title)
          tx.run(sql`UPDATE main.search_doc SET title = ${title}, body = ${body} WHERE doc = ${row.doc}`);
      }
    }
  }
}
