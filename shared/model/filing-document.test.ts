import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FilingDocument } from './filing-document.ts';
import type { FilingWords } from './filing-text.ts';
import {
  annexFileNameSchema,
  annexNumbersUsed,
  cleanText,
  daySchema,
  filingDocumentSchema,
  runSchema,
} from './filing-document.ts';
import { toPlainText } from './filing-text.ts';

const words: FilingWords = {
  subject: 'Asunto',
  folio: 'Folio',
  contents: 'Contenido',
  annexes: 'Anexos',
  annexColumns: { number: 'Núm.', file: 'Archivo', kind: 'Tipo', description: 'Qué es' },
  transferable: 'trasladable',
  reserved: 'reserva solicitada',
  withoutDocument: 'sin documento',
  checklist: { done: 'Se cumple', missing: 'Falta', notApplicable: 'No aplica' },
  months: ['enero', 'febrero', 'marzo'],
  dateForm: '{day} de {month} de {year}',
};

const small: FilingDocument = {
  language: 'es',
  title: 'Aviso',
  folio: 'SAL-1',
  day: '2026-03-02',
  addressee: ['Autoridad'],
  head: [{ label: 'Promueve', runs: [{ kind: 'text', text: 'Una organización' }] }],
  sections: [
    {
      id: 'facts',
      heading: 'Hechos',
      reference: 'art. 1',
      blocks: [
        {
          kind: 'fact',
          number: 1,
          runs: [
            { kind: 'pseudonym', text: 'Testigo 1' },
            { kind: 'text', text: ' refiere que en ' },
            { kind: 'withheld', text: '[dato reservado]' },
            { kind: 'text', text: ' hubo disparos.' },
          ],
          sources: [{ annex: 2, place: 'p. 3' }, { annex: 1 }],
        },
        { kind: 'fact', number: 2, runs: [{ kind: 'text', text: 'Nadie acudió.' }], sources: [] },
        {
          kind: 'table',
          columns: [
            { heading: 'Día', weight: 1, align: 'start' },
            { heading: 'Anexo', weight: 1, align: 'start' },
          ],
          rows: [[[{ kind: 'text', text: '1' }], []]],
        },
      ],
    },
  ],
  closing: [],
  annexes: [
    { number: 1, fileName: 'Anexo_01_foto.png', kind: 'foto', description: 'La calle', bytes: 10 },
    {
      number: 2,
      fileName: 'Anexo_02_oficio.pdf',
      kind: 'oficio',
      description: '',
      bytes: 20,
      folder: 'reserved',
    },
  ],
};

describe('plain text of a filing', () => {
  it('has every word in reading order, sources included', () => {
    expect(toPlainText(filingDocumentSchema.parse(small), words)).toBe(`2 de marzo de 2026

Autoridad

Aviso

Folio: SAL-1

Promueve: Una organización

1. Hechos
art. 1

1. Testigo 1 refiere que en [dato reservado] hubo disparos. [A-2, p. 3; A-1]

2. Nadie acudió. [sin documento]

Día\tAnexo
1\t–

Anexos

Núm.\tTipo\tQué es\tArchivo
A-1\tfoto\tLa calle\tAnexo_01_foto.png
A-2\toficio\t (reserva solicitada)\tAnexo_02_oficio.pdf
`);
  });
});

describe('what a filing may hold', () => {
  const refused = (change: Partial<FilingDocument>): boolean =>
    !filingDocumentSchema.safeParse({ ...small, ...change }).success;

  it('accepts the sample and knows its references', () => {
    expect(filingDocumentSchema.safeParse(small).success).toBe(true);
    expect(annexNumbersUsed(small)).toEqual([1, 2]);
  });

  it('refuses a reference to an annex that is not delivered, and names or numbers twice', () => {
    expect(refused({ annexes: small.annexes.slice(0, 1) })).toBe(true);
    const [first] = small.annexes;
    if (first === undefined) throw new Error('sample');
    expect(refused({ annexes: [...small.annexes, { ...first, number: 3 }] })).toBe(true);
    expect(refused({ annexes: [...small.annexes, { ...first, fileName: 'Anexo_09_foto.png' }] })).toBe(true);
    expect(refused({ sections: [...small.sections, ...small.sections] })).toBe(true);
  });

  it.each(['2026-02-30', '2026-13-01', '26-01-01', '2026-1-1', '1979-12-31', ''])(
    'refuses the day %s',
    (day) => {
      expect(daySchema.safeParse(day).success).toBe(false);
    },
  );

  it.each([
    'Anexo_01_Foto.png',
    'Anexo_1_foto.png',
    'foto.png',
    'Anexo_01_niña.png',
    'Anexo_01_a/b.png',
    'Anexo_01_.png',
  ])('refuses the file name %s', (name) => {
    expect(annexFileNameSchema.safeParse(name).success).toBe(false);
  });

  it('refuses a table whose rows have other cells than its head', () => {
    const [section] = small.sections;
    if (section === undefined) throw new Error('sample');
    const table = {
      kind: 'table',
      columns: [{ heading: 'a', weight: 1, align: 'start' }],
      rows: [[[], []]],
    } as const;
    expect(
      refused({
        sections: [{ ...section, blocks: [{ ...table, columns: [...table.columns], rows: [[[], []]] }] }],
      }),
    ).toBe(true);
  });

  it.each([
    '\u200b',
    '\u00ad',
    '\u202e',
    '\u2066',
    '\ufeff',
    '\u0007',
    '\u{e0041}',
    '\ue000',
    '\ufe0f',
    '\u3164',
    '\ud800',
  ])('refuses an invisible character (%#) and cleans it away', (sign) => {
    expect(runSchema.safeParse({ kind: 'text', text: `ab${sign}c` }).success).toBe(false);
    expect(cleanText(`ab${sign}c`)).toBe('abc');
  });

  it('keeps letters of Indigenous languages as they are', () => {
    for (const word of ['ẍojwit', 'kʼin', 'tsaꞌan', 'ɨnä', 'hñähñu']) expect(cleanText(word)).toBe(word);
    expect(cleanText('x\u0308ojwit')).toBe('ẍojwit');
  });

  it('cleaned text always passes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (raw) => {
        const clean = cleanText(raw);
        if (clean === '') return true;
        return runSchema.safeParse({ kind: 'text', text: clean }).success && cleanText(clean) === clean;
      }),
      { numRuns: 3_000 },
    );
  });
});
