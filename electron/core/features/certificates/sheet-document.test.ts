import { expect, test } from 'vitest';
import { filingDocumentSchema } from '#shared/model/filing-document.ts';
import { sheetDocument } from './sheet-document.ts';

test('nothing of a long value or a long list is left out, and no sign is cut in two', () => {
  const value = `${'a'.repeat(9_999)}𝒳${'b'.repeat(12_000)}`;
  const lines = Array.from({ length: 1_203 }, (_, at) => `línea ${String(at)}`);
  const document = filingDocumentSchema.parse(
    sheetDocument({
      title: 'Constancia',
      folio: 'C-1',
      day: '2026-11-01',
      language: 'es',
      fields: [['Motivo', value]],
      lists: [
        { heading: 'Respaldos', lines },
        { heading: 'Nada', lines: [''] },
      ],
      signers: [['Quien cierra', '']],
    }),
  );
  const blocks = document.sections.flatMap((section) => section.blocks);
  const said = (runs: readonly object[]): string =>
    runs.map((run) => ('text' in run ? String(run.text) : '')).join('');
  expect(
    blocks.flatMap((block) => (block.kind === 'fields' ? block.items : [])).map((one) => said(one.runs)),
  ).toEqual([value]);
  expect(blocks.flatMap((block) => (block.kind === 'list' ? block.items : [])).map(said)).toEqual([
    ...lines,
    '—',
  ]);
});
