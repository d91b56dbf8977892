import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { createParserClient } from '../../electron/core/parser-host/index.ts';
import { realClient, watchedLauncher } from './parser-fixture.ts';

const client = realClient();
afterAll(() => client.close());
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);
const decode = (bytes: Uint8Array, maxChars = 10_000) =>
  client.run('text.decode', { bytes: own(bytes), maxChars });

describe('text.decode', () => {
  const words = 'Desaparición forzada: año 2024, “niña” — €5';
  test('UTF-8, UTF-16 both ways with and without mark, Windows-1252', async () => {
    expect(await decode(Buffer.from(words))).toEqual({ text: words, encoding: 'utf-8', truncated: false });
    const little = Buffer.from(words, 'utf16le');
    const big = Buffer.from(little).swap16();
    for (const [bytes, encoding] of [
      [Buffer.concat([Buffer.from([0xff, 0xfe]), little]), 'utf-16le'],
      [Buffer.concat([Buffer.from([0xfe, 0xff]), big]), 'utf-16be'],
      [little, 'utf-16le'],
      [big, 'utf-16be'],
    ] as const) {
      expect(await decode(bytes)).toEqual({ text: words, encoding, truncated: false });
    }
    const windows = Buffer.from('Desaparici\xf3n \x93ni\xf1a\x94 \x97 \x80', 'latin1');
    expect(await decode(windows)).toEqual({
      text: 'Desaparición “niña” — €',
      encoding: 'windows-1252',
      truncated: false,
    });
  });

  test('a cut never splits a character, and lone surrogates do not come through', async () => {
    const long = 'ñ😀'.repeat(5_000);
    const answer = await decode(Buffer.from(long), 101);
    expect(answer.truncated).toBe(true);
    expect(answer.encoding).toBe('utf-8');
    expect(long.startsWith(answer.text.replace(/\uFFFD$/, ''))).toBe(true);
    expect(answer.text).not.toMatch(/\p{Surrogate}/u);
  });

  test('binary is refused', async () => {
    const binary = Buffer.from(Array.from({ length: 1_000 }, (_, index) => (index * 97) & 255));
    await expect(decode(binary)).rejects.toMatchObject({ code: 'parser.unsupported' });
  });
});

describe('file.type', () => {
  const type = async (head: Uint8Array): Promise<string> =>
    (await client.run('file.type', { head: own(head) })).mime;
  test('tells by content', async () => {
    expect(await type(Buffer.from('%PDF-1.7\n1 0 obj'))).toBe('application/pdf');
    expect(
      await type(
        await sharp({ create: { width: 2, height: 2, channels: 3, background: '#fff' } })
          .webp()
          .toBuffer(),
      ),
    ).toBe('image/webp');
    expect(await type(Buffer.from('{"type":"bundle"}'))).toBe('application/json');
    expect(await type(Buffer.from('a,b\n1,2\n'))).toBe('text/plain');
    expect(await type(Buffer.from('<!DOCTYPE html><p>'))).toBe('text/html');
    expect(await type(Buffer.from([0, 1, 2, 3, 0, 255, 254]))).toBe('application/octet-stream');
    expect(await type(new Uint8Array(0))).toBe('application/octet-stream');
  });
});

describe('ocr.text', () => {
  const picture = async (
    words: string,
  ): Promise<{ width: number; height: number; data: Uint8Array<ArrayBuffer> }> => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="120"><rect width="900" height="120" fill="#fff"/><text x="20" y="75" font-size="44" font-family="DejaVu Sans, sans-serif">${words}</text></svg>`;
    const { data, info } = await sharp(Buffer.from(svg))
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data: own(data) };
  };

  test('reads Spanish with accents, one picture after another', async () => {
    const first = await client.run('ocr.text', { pixels: await picture('Desaparición forzada, año 2024') });
    expect(first.text.trim()).toBe('Desaparición forzada, año 2024');
    expect(first.confidence).toBeGreaterThan(70);
    const second = await client.run('ocr.text', { pixels: await picture('Cañón del Sumidero') });
    expect(second.text.trim()).toBe('Cañón del Sumidero');
  });

  test('an empty picture gives no words', async () => {
    const blank = { width: 300, height: 200, data: new Uint8Array(300 * 200 * 4).fill(255) };
    expect((await client.run('ocr.text', { pixels: blank })).text.trim()).toBe('');
  });

  test('has a time limit of its own', async () => {
    const hurried = createParserClient(watchedLauncher(), { limits: { timeMs: 60_000, ocrTimeMs: 100 } });
    await expect(hurried.run('ocr.text', { pixels: await picture('Cañón') })).rejects.toMatchObject({
      code: 'parser.tooSlow',
    });
    await hurried.close();
  });
});
