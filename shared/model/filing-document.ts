import { z } from 'zod';

/**
 * The content of a filing after redaction (its words as text: `filing-text.ts`): the only thing that the renderers (PDF, DOCX, plain text) see.
 * Nothing in here may be secret. Names have become pseudonyms, withheld spans have become tokens of fixed
 * words, and every number is a number of this filing, never an id of the vault.
 */

/**
 * Characters that a reader cannot see but a file keeps: controls, soft hyphens, zero-width and bidi marks,
 * variation selectors, tags, private use. They carry fingerprints and hide text from a person who checks.
 */
const INVISIBLE_CLASS = `[${[
  '\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}\\p{Zl}\\p{Zp}',
  // Fillers and selectors that Unicode counts as letters or marks.
  '\\u{34f}\\u{115f}\\u{1160}\\u{17b4}\\u{17b5}\\u{180b}-\\u{180f}\\u{3164}\\u{fe00}-\\u{fe0f}\\u{ffa0}\\u{e0100}-\\u{e01ef}',
  // Unassigned code points of today's tables, and the replacement and non-characters.
  '\\p{Cn}\\u{fff9}-\\u{ffff}',
].join('')}]`;
// eslint-disable-next-line no-misleading-character-class -- marks and joiners are listed one by one on purpose
const INVISIBLE = new RegExp(INVISIBLE_CLASS, 'u');
// eslint-disable-next-line no-misleading-character-class -- marks and joiners are listed one by one on purpose
const INVISIBLE_ALL = new RegExp(INVISIBLE_CLASS, 'gu');

/**
 * Makes text fit for a filing: NFC, line breaks and all kinds of spaces to one space, invisible characters
 * removed. Gives a trimmed string that passes the schemas of this file (which also bound its length).
 */
export const cleanText = (text: string): string =>
  text
    // A byte order mark counts as a space in regular expressions; it is none.
    .replace(INVISIBLE_ALL, (sign) => (sign !== '\ufeff' && /\s/u.test(sign) ? ' ' : ''))
    .normalize('NFC')
    .replace(/\s+/gu, ' ')
    .trim();

const visible = (max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => !INVISIBLE.test(text) && text === text.normalize('NFC'), 'invisible or not NFC');

/** One line of a heading, label or name. */
const lineSchema = visible(500).refine((text) => text.trim().length > 0, 'empty');
/** Text of a run: spaces at its ends count, as runs are joined without anything between. */
const runTextSchema = visible(20_000).refine((text) => text.length > 0, 'empty');

export const daySchema = z.string().refine((text) => {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return false;
  const time = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
  return Number(match[1]) >= 1980 && new Date(time).toISOString().startsWith(text);
}, 'not a day');
export const sha256HexSchema = z.string().regex(/^[0-9a-f]{64}$/);
const annexNumberSchema = z.number().int().min(1).max(9_999);

/** A stretch of text. Runs of a block stand one after the other with nothing between them. */
export const runSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: runTextSchema }).strict(),
  z.object({ kind: z.literal('strong'), text: runTextSchema }).strict(),
  /** A role code such as «Persona defensora A». */
  z.object({ kind: z.literal('pseudonym'), text: runTextSchema }).strict(),
  /** The token that stands for withheld text, with its brackets, such as `[dato reservado]`. */
  z.object({ kind: z.literal('withheld'), text: runTextSchema }).strict(),
  /** Reference to annexes; printed `[A-1]` or `[A-1, A-4]`. */
  z.object({ kind: z.literal('annex'), numbers: z.array(annexNumberSchema).min(1).max(100) }).strict(),
]);
export type Run = z.infer<typeof runSchema>;
const runsSchema = z.array(runSchema).max(5_000);

/** What a statement rests on: an annex of this filing, and optionally where in it (`min 02:10`, `p. 3`). */
export const factSourceSchema = z.object({ annex: annexNumberSchema, place: lineSchema.optional() }).strict();
export type FactSource = z.infer<typeof factSourceSchema>;

export const blockSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('paragraph'), runs: runsSchema.min(1) }).strict(),
  z.object({ kind: z.literal('subheading'), text: lineSchema }).strict(),
  /** Words quoted from somebody; set apart. */
  z.object({ kind: z.literal('quote'), runs: runsSchema.min(1) }).strict(),
  /** A numbered fact. An empty list of sources is printed as «sin documento», never left out. */
  z
    .object({
      kind: z.literal('fact'),
      number: z.number().int().min(1).max(99_999),
      runs: runsSchema.min(1),
      sources: z.array(factSourceSchema).max(100),
    })
    .strict(),
  z
    .object({
      kind: z.literal('list'),
      ordered: z.boolean(),
      items: z.array(runsSchema.min(1)).min(1).max(500),
    })
    .strict(),
  /** Label and value, one a line: authority, subject, contact for notifications. */
  z
    .object({
      kind: z.literal('fields'),
      items: z
        .array(z.object({ label: lineSchema, runs: runsSchema.min(1) }).strict())
        .min(1)
        .max(100),
    })
    .strict(),
  z
    .object({
      kind: z.literal('checklist'),
      items: z
        .array(
          z
            .object({
              state: z.enum(['done', 'missing', 'notApplicable']),
              runs: runsSchema.min(1),
              /** The rule that asks for it, such as `art. 25.6.a`. */
              reference: lineSchema.optional(),
            })
            .strict(),
        )
        .min(1)
        .max(500),
    })
    .strict(),
  z
    .object({
      kind: z.literal('table'),
      caption: lineSchema.optional(),
      /** `weight`: share of the width. */
      columns: z
        .array(
          z
            .object({
              heading: lineSchema,
              weight: z.number().min(0.2).max(20).default(1),
              align: z.enum(['start', 'end']).default('start'),
            })
            .strict(),
        )
        .min(1)
        .max(12),
      /** One list of cells a row, each a list of runs; an empty cell is printed as a dash. */
      rows: z.array(z.array(runsSchema)).max(5_000),
    })
    .strict()
    .refine((table) => table.rows.every((row) => row.length === table.columns.length), 'ragged table'),
]);
export type Block = z.infer<typeof blockSchema>;
export type BlockOf<K extends Block['kind']> = Extract<Block, { kind: K }>;

export const filingSectionSchema = z
  .object({
    /** Id of the section in the recipient's profile, such as `facts`. Not printed. */
    id: z.string().regex(/^[a-z][A-Za-z0-9._-]{0,79}$/),
    /** Printed with the number of its place in front. */
    heading: lineSchema,
    /** The rule behind the section, such as `art. 25.6 del Reglamento`; printed small below the heading. */
    reference: lineSchema.optional(),
    blocks: z.array(blockSchema).max(5_000),
  })
  .strict();
export type FilingSection = z.infer<typeof filingSectionSchema>;

/**
 * Names of delivered files: `Anexo_03_fotografia.png`. Plain ASCII so that no portal, zip tool or file
 * system changes them, and so that no word of the original name can slip in by accident of encoding.
 */
export const annexFileNameSchema = z
  .string()
  .regex(/^(?:Anexo|Annex)_\d{2,4}_[a-z0-9]+(?:[_-][a-z0-9]+){0,8}\.[a-z0-9]{1,5}$/)
  .max(80);

export const annexSchema = z
  .object({
    number: annexNumberSchema,
    fileName: annexFileNameSchema,
    /** Kind in words of the recipient's language: fotografía, captura, audio. */
    kind: lineSchema,
    description: visible(2_000),
    /** Of the file as delivered; never of an original that stays behind. */
    sha256: sha256HexSchema.optional(),
    bytes: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
    /** Toward the Inter-American Commission: what may be passed to the State and what is asked to be kept. */
    folder: z.enum(['transferable', 'reserved']).optional(),
  })
  .strict();
export type Annex = z.infer<typeof annexSchema>;

/** One person who must sign, and how the signature is obtained. */
export const signerSchema = z
  .object({
    /** Name or pseudonym as it may appear; a blank line is printed where it is absent. */
    name: lineSchema.optional(),
    /** In what quality: peticionaria, representante, vocera. */
    role: lineSchema,
    /**
     * `hand`: on paper; `thumbprint`: with two witnesses; `representative`: by somebody with power;
     * `later`: cannot sign now, will ratify.
     */
    how: z.enum(['hand', 'thumbprint', 'representative', 'later']),
    /** With `representative`: for whom. With `later`: why not now, one line. */
    note: lineSchema.optional(),
  })
  .strict();
export type Signer = z.infer<typeof signerSchema>;

export const signatureSheetSchema = z.object({ signers: z.array(signerSchema).min(1).max(60) }).strict();
export type SignatureSheet = z.infer<typeof signatureSheetSchema>;

export const receiptSheetSchema = z
  .object({
    /** Office that stamps. */
    addressee: lineSchema,
    /** Counted sheets; null prints a line to fill in by hand. */
    sheets: z.number().int().min(1).max(99_999).nullable(),
    annexes: z.number().int().min(0).max(9_999).nullable(),
    /** Where a copy of the receipt should be sent: an address of the organisation, never of a person. */
    contact: lineSchema.optional(),
  })
  .strict();
export type ReceiptSheet = z.infer<typeof receiptSheetSchema>;

export const filingDocumentSchema = z
  .object({
    language: z.enum(['es', 'en']),
    title: lineSchema,
    /** The rule that the filing rests on, below the title. */
    basis: lineSchema.optional(),
    /** Internal number of this filing, printed on each page; typed or random, never an id of the vault. */
    folio: z.string().regex(/^[A-Z0-9][A-Z0-9/.-]{0,39}$/),
    /** Day of the export; the only date that the files carry. */
    day: daySchema,
    /** Place of writing as it may appear. */
    place: lineSchema.optional(),
    /** Authority addressed, one line each. */
    addressee: z.array(lineSchema).max(8),
    subject: lineSchema.optional(),
    /** Head of the filing: who promotes, contact for notifications, authorised persons. */
    head: z.array(z.object({ label: lineSchema, runs: runsSchema.min(1) }).strict()).max(30),
    sections: z.array(filingSectionSchema).min(1).max(80),
    /** Closing words before the signatures: the protest, or why nobody signs. */
    closing: z.array(runsSchema.min(1)).max(20),
    annexes: z.array(annexSchema).max(2_000),
    signatures: signatureSheetSchema.optional(),
    receipt: receiptSheetSchema.optional(),
  })
  .strict()
  .superRefine((document, context) => {
    const known = new Set(document.annexes.map((annex) => annex.number));
    if (known.size !== document.annexes.length) {
      context.addIssue({ code: 'custom', message: 'annex number twice', path: ['annexes'] });
    }
    const names = new Set(document.annexes.map((annex) => annex.fileName.toLowerCase()));
    if (names.size !== document.annexes.length) {
      context.addIssue({ code: 'custom', message: 'annex file name twice', path: ['annexes'] });
    }
    const ids = new Set(document.sections.map((section) => section.id));
    if (ids.size !== document.sections.length) {
      context.addIssue({ code: 'custom', message: 'section twice', path: ['sections'] });
    }
    for (const number of annexNumbersUsed(document)) {
      // A reference to an annex that is not delivered would tell that something was held back.
      if (!known.has(number)) {
        context.addIssue({ code: 'custom', message: 'annex not in the list', path: ['annexes'] });
      }
    }
  });
export type FilingDocument = z.infer<typeof filingDocumentSchema>;

interface Referring {
  readonly sections: readonly FilingSection[];
  readonly head: readonly { readonly runs: readonly Run[] }[];
  readonly closing: readonly (readonly Run[])[];
}

/** Every annex number that the text refers to, ascending. */
export const annexNumbersUsed = (document: Referring): number[] => {
  const used = new Set<number>();
  const see = (runs: readonly Run[]): void => {
    for (const run of runs) if (run.kind === 'annex') for (const number of run.numbers) used.add(number);
  };
  for (const field of document.head) see(field.runs);
  for (const runs of document.closing) see(runs);
  for (const section of document.sections) {
    for (const block of section.blocks) {
      for (const runs of runsOfBlock(block)) see(runs);
      if (block.kind === 'fact') for (const source of block.sources) used.add(source.annex);
    }
  }
  return [...used].sort((a, b) => a - b);
};

/** The lists of runs that a block holds, in reading order. */
export const runsOfBlock = (block: Block): readonly (readonly Run[])[] => {
  switch (block.kind) {
    case 'paragraph':
    case 'quote':
    case 'fact':
      return [block.runs];
    case 'list':
      return block.items;
    case 'fields':
    case 'checklist':
      return block.items.map((item) => item.runs);
    case 'table':
      return block.rows.flat();
    case 'subheading':
      return [];
  }
};
