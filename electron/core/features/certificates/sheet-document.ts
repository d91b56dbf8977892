import type { Language } from '#shared/model/common.ts';
import { cleanText, type FilingDocument } from '#shared/model/filing-document.ts';

export interface SheetList {
  readonly heading: string;
  readonly lines: readonly string[];
}
export interface Sheet {
  readonly title: string;
  readonly folio: string;
  readonly day: string;
  readonly language: Language;
  readonly fields: readonly (readonly [label: string, value: string])[];
  readonly lists: readonly SheetList[];
  /** Role, and the name where it is known; otherwise there is room to write it. */
  readonly signers: readonly (readonly [role: string, name: string])[];
}

/** Signs of one run and items of one list, as the writer takes them: what is longer goes on in the next one. */
const RUN = 10_000;
const ITEMS = 400;

/** All of it: a sheet that people sign leaves nothing out. Cut between whole characters. */
const text = (words: string) => {
  const signs = [...cleanText(words)];
  const runs = pieces(signs, RUN).map((some) => ({ kind: 'text' as const, text: some.join('') }));
  return runs.length === 0 ? [{ kind: 'text' as const, text: '—' }] : runs;
};

const pieces = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));

/** One page that is signed by hand, as the writer of handover sheets takes it. */
export const sheetDocument = (sheet: Sheet): FilingDocument => ({
  language: sheet.language,
  title: sheet.title,
  folio: sheet.folio,
  day: sheet.day,
  addressee: [],
  head: [],
  sections: [
    {
      id: 'facts',
      heading: sheet.title,
      blocks: [
        { kind: 'fields', items: sheet.fields.map(([label, value]) => ({ label, runs: text(value) })) },
      ],
    },
    ...sheet.lists.map(({ heading, lines }, at) => ({
      id: `list${String(at + 1)}`,
      heading,
      blocks: pieces(lines, ITEMS).map((some) => ({
        kind: 'list' as const,
        ordered: false,
        items: some.map(text),
      })),
    })),
  ],
  closing: [],
  annexes: [],
  signatures: {
    signers: sheet.signers.map(([role, name]) => ({
      role,
      how: 'hand' as const,
      ...(name.trim() === '' ? {} : { name: cleanText(name) }),
    })),
  },
});
