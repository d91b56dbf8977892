import { describe, expect, test } from 'vitest';
import { filterContent } from '../../electron/parser/content-filter.ts';
import { stringBytes } from '../../electron/parser/content-lexer.ts';
import { findWords, prepareNeedles } from '../../electron/parser/find-words.ts';

const run = (content: string, keepMarks = false): string =>
  Buffer.from(
    filterContent(Buffer.from(content, 'latin1'), {
      isHiddenLayer: (name) => name === 'Off',
      isHiddenXObject: (name) => name === 'HiddenForm',
      keepMarks,
    }).bytes,
  ).toString('latin1');

describe('content streams', () => {
  test('paint in a hidden section goes, state stays, nesting is kept apart', () => {
    const content =
      "/OC /Off BDC q 1 0 0 1 5 5 cm BT /F1 9 Tf (no) Tj (no) ' ET 0 0 9 9 re f Q /OC /On BDC (no) Tj EMC EMC (si) Tj";
    expect(run(content)).toBe('q\n1 0 0 1 5 5 cm\nBT\n/F1 9 Tf\nT*\nET\n0 0 9 9 re\nn\nQ\n(si) Tj\n');
  });

  test('hidden forms, marks, comments and stray delimiters go; escaped names are read', () => {
    expect(run('/HiddenForm Do /Form Do % secreto\n/Span << /Alt (a) >> BDC (x) Tj EMC )) /T MP')).toBe(
      '/Form Do\n(x) Tj\n',
    );
    expect(run('/OC /O#66f BDC (no) Tj EMC')).toBe('');
    expect(run('/Span << /Alt (a) >> BDC (x) Tj EMC', true)).toBe('/Span << /Alt (a) >> BDC\n(x) Tj\nEMC\n');
  });

  test('strings with parentheses, escapes and operators inside are one operand', () => {
    const content = '(a (b) \\) Tj) Tj [(EMC) -20 <4142>] TJ\n';
    expect(run(content)).toBe('(a (b) \\) Tj) Tj\n[ (EMC) -20 <4142> ] TJ\n');
  });

  test('pictures in the stream are taken whole, even with the end mark among their bytes', () => {
    const picture = 'BI /W 4 /H 2 /CS /G /BPC 8 ID aEI bEI  EI';
    expect(run(`q ${picture} Q (x) Tj`)).toBe('q\nBI /W 4 /H 2 /CS /G /BPC 8 ID aEI bEI \nEI\nQ\n(x) Tj\n');
    expect(run(`/OC /Off BDC ${picture} EMC (x) Tj`)).toBe('(x) Tj\n');
  });

  test('numbers of every writing are operands', () => {
    expect(run('+1 -.5 4. 0 --3 w')).toBe('+1 -.5 4. 0 --3 w\n');
  });

  test('strings to bytes', () => {
    expect(Buffer.from(stringBytes('(a\\051\\n\\\\\\\nb)')).toString('latin1')).toBe('a)\n\\b');
    expect([...stringBytes('<41 4>')]).toEqual([0x41, 0x40]);
  });
});

describe('finding words', () => {
  const found = (text: string, ...words: string[]): string[] =>
    findWords(text, prepareNeedles(words)).map(({ start, end }) => text.slice(start, end));

  test('spellings that a reader takes for the same', () => {
    for (const text of [
      'Marisol',
      'MARISÓL',
      'M a r i s o l',
      'Mari-\nsol',
      'Mari\u00adsol',
      'Ｍａｒｉｓｏｌ',
      'Mаrisоl',
      'Mari\u200bsol',
      'xMarisolx',
    ]) {
      expect(found(`a ${text} b`, 'Marisol').length, text).toBe(1);
    }
    expect(found('Rosario\nGuerrero', 'Rosario Guerrero')).toEqual(['Rosario\nGuerrero']);
    expect(found('llame al 55 5123-4567', '5551234567')).toEqual(['55 5123-4567']);
  });

  test('and not what only looks so', () => {
    expect(found('a mar tarde', 'Marta')).toEqual([]);
    expect(found('el soldado', 'Sol')).toEqual([]);
    expect(found('el Sol.', 'Sol')).toEqual(['Sol']);
    expect(found('nada', '...', '')).toEqual([]);
  });
});
