import { describe, expect, it } from 'vitest';
import { languageOf, messagesIn } from './messages.ts';
import { forTerminal, sizeText, table, toJson } from './output.ts';

describe('output', () => {
  it('shows control characters instead of sending them to the terminal', () => {
    expect(forTerminal('a\u001b[2Jb')).toBe('a\\u001b[2Jb');
    expect(forTerminal('foto\u202egpj.exe')).toBe('foto\\u202egpj.exe');
    expect(forTerminal('línea\n\ttabulada ñ')).toBe('línea\n\ttabulada ñ');
  });
  it('writes bytes as base64', () => {
    expect(JSON.parse(toJson({ png: Uint8Array.of(1, 2, 3) }))).toEqual({ png: { base64: 'AQID' } });
    expect(JSON.parse(toJson({ png: Buffer.from([1, 2, 3]) }))).toEqual({ png: { base64: 'AQID' } });
  });
  it('says sizes in powers of a thousand', () => {
    expect([0, 999, 1_000, 1_540_000, 2_000_000_000].map(sizeText)).toEqual([
      '0 B',
      '999 B',
      '1.0 KB',
      '1.5 MB',
      '2.0 GB',
    ]);
  });
  it('lines up columns by characters, not bytes', () => {
    expect(
      table([
        ['ñandú', 'a'],
        ['sol', 'b'],
      ]),
    ).toEqual(['ñandú  a', 'sol    b']);
  });
});

describe('messages', () => {
  it('speaks English only where the environment says so', () => {
    expect(languageOf({ LANG: 'en_US.UTF-8' })).toBe('en');
    expect(languageOf({ LANG: 'en_US.UTF-8', LC_ALL: 'es_MX.UTF-8' })).toBe('es');
    expect(languageOf({ LANG: 'C.UTF-8' })).toBe('es');
    expect(languageOf({})).toBe('es');
  });
  it('fills blanks, and shows a key that it lacks', () => {
    expect(messagesIn('en').say('usage.missingOption', { option: '--out' })).toBe(
      'The option --out is missing.',
    );
    expect(messagesIn('es').say('no.such.key')).toBe('no.such.key');
    expect(messagesIn('es').error('vault.slowDown', { seconds: 4 })).toContain('4');
  });
});
