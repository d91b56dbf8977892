import type { ICharacterStyleOptions, IParagraphStyleOptions, IStylesOptions } from 'docx';

export const INK_HEX = {
  text: '1B1D1C',
  muted: '59615D',
  accent: '0F5A56',
  rule: 'C6CDC9',
  tint: 'F1F4F2',
  withheld: 'E3E6E4',
} as const;

/** US Letter with the margins of the PDF, in twentieths of a point. */
export const PAGE_TWIPS = {
  size: { width: 12_240, height: 15_840 },
  margin: { top: 1_720, bottom: 1_720, left: 1_600, right: 1_600, header: 700, footer: 700 },
};
export const TEXT_TWIPS = 12_240 - 3_200;

const paragraph = (
  id: string,
  name: string,
  spacing: { before?: number; after?: number; line?: number },
  rest: Omit<IParagraphStyleOptions, 'id' | 'name'> = {},
): IParagraphStyleOptions => ({
  id,
  name,
  basedOn: 'Normal',
  quickFormat: true,
  ...rest,
  paragraph: { spacing, ...rest.paragraph },
});

const character = (id: string, name: string, run: ICharacterStyleOptions['run']): ICharacterStyleOptions => ({
  id,
  name,
  basedOn: 'DefaultParagraphFont',
  ...(run === undefined ? {} : { run }),
});

const heading = { bold: true, color: INK_HEX.accent, font: 'Calibri' } as const;

/** Named styles for everything that is written, so that an editor changes the look in one place. Sizes in half points. */
export const DOCX_STYLES = (language: string): IStylesOptions => ({
  default: {
    document: {
      run: { font: 'Calibri', size: 22, color: INK_HEX.text, language: { value: language } },
      paragraph: { spacing: { line: 290 } },
    },
    title: {
      run: { size: 40, bold: true, color: INK_HEX.text, font: 'Calibri' },
      paragraph: { spacing: { before: 160, after: 60 } },
    },
    heading1: {
      run: { ...heading, size: 26 },
      paragraph: { spacing: { before: 320, after: 100 }, keepNext: true, outlineLevel: 0 },
    },
    heading2: {
      run: { bold: true, size: 23, color: INK_HEX.text, font: 'Calibri' },
      paragraph: { spacing: { before: 160, after: 60 }, keepNext: true, outlineLevel: 1 },
    },
  },
  paragraphStyles: [
    paragraph('BodyText', 'Body Text', { after: 160 }),
    paragraph('Subtitle', 'Subtitle', { after: 40 }, { run: { italics: true, color: INK_HEX.muted } }),
    paragraph(
      'PlaceAndDate',
      'Place and Date',
      { after: 400 },
      { run: { color: INK_HEX.muted }, paragraph: { alignment: 'end' } },
    ),
    paragraph('AddresseeFirst', 'Addressee First', { after: 0 }, { run: { bold: true } }),
    paragraph('Addressee', 'Addressee', { after: 0 }),
    paragraph('Subject', 'Subject', { before: 280, after: 200 }),
    paragraph(
      'Folio',
      'Folio',
      { after: 260 },
      {
        run: { color: INK_HEX.muted, size: 19 },
        paragraph: {
          border: { bottom: { style: 'single', size: 10, space: 6, color: INK_HEX.accent } },
        },
      },
    ),
    paragraph(
      'SectionReference',
      'Section Reference',
      { after: 120 },
      {
        run: { italics: true, color: INK_HEX.muted, size: 19 },
        paragraph: { keepNext: true },
      },
    ),
    paragraph('Fact', 'Fact', { after: 160 }),
    paragraph('ListItem', 'List Item', { after: 70 }),
    paragraph('Field', 'Field', { after: 60 }),
    paragraph(
      'Quote',
      'Quote',
      { after: 160 },
      {
        run: { italics: true },
        paragraph: {
          indent: { left: 440, right: 440 },
          border: { left: { style: 'single', size: 12, space: 10, color: INK_HEX.rule } },
        },
      },
    ),
    paragraph(
      'Caption',
      'Caption',
      { before: 60, after: 80 },
      { run: { bold: true, size: 20 }, paragraph: { keepNext: true } },
    ),
    paragraph(
      'TableHeading',
      'Table Heading',
      { after: 0, line: 250 },
      {
        run: { bold: true, size: 19, color: INK_HEX.accent },
        paragraph: { keepNext: true },
      },
    ),
    paragraph('TableText', 'Table Text', { after: 0, line: 250 }, { run: { size: 19 } }),
    paragraph('AfterTable', 'After Table', { after: 60, line: 200 }, { run: { size: 12 } }),
    paragraph('Closing', 'Closing', { before: 120, after: 160 }),
    paragraph(
      'Footer',
      'Footer',
      { after: 0 },
      {
        run: { size: 17, color: INK_HEX.muted },
        paragraph: { border: { top: { style: 'single', size: 4, space: 6, color: INK_HEX.rule } } },
      },
    ),
  ],
  characterStyles: [
    character('Pseudonym', 'Pseudonym', {}),
    character('Withheld', 'Withheld', {
      bold: true,
      color: INK_HEX.muted,
      shading: { type: 'clear', color: 'auto', fill: INK_HEX.withheld },
    }),
    character('AnnexReference', 'Annex Reference', { bold: true, size: 20, color: INK_HEX.accent }),
    character('WithoutDocument', 'Without Document', { italics: true, size: 20, color: INK_HEX.muted }),
    character('FieldLabel', 'Field Label', { bold: true, color: INK_HEX.muted, size: 21 }),
    character('Muted', 'Muted', { color: INK_HEX.muted, size: 20 }),
  ],
});
