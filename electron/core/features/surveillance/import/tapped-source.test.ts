import { describe, expect, test } from 'vitest';
import { bytesSource } from '../../../files/object-source.ts';
import { TappedSource } from './tapped-source.ts';

const content = Buffer.alloc(3 * 1024 * 1024 + 12_345, 0);
for (let at = 0; at < content.length; at += 1) content[at] = (at * 31 + (at >> 8)) & 0xff;

/** Reads everything as the keeping does, in steps that fit no border. */
const keep = async (source: TappedSource, step: number): Promise<Buffer> => {
  const kept = Buffer.alloc(content.length);
  for (let at = 0; at < kept.length;) {
    const count = await source.read(kept.subarray(at, at + step), at);
    if (count === 0) break;
    at += count;
  }
  return kept;
};

describe('a source that is read while it is kept', () => {
  test.each([512, 65_536, 1_000_003, 4 << 20])(
    'gives every byte once and in order (%i at a time)',
    async (step) => {
      const pieces: Buffer[] = [];
      const source = new TappedSource(bytesSource(content), async (piece) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        // Looked at late: the piece may not change before.
        pieces.push(Buffer.from(piece));
      });
      expect((await keep(source, step)).equals(content)).toBe(true);
      await source.finish();
      expect(Buffer.concat(pieces).equals(content)).toBe(true);
      expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(1 << 20);
    },
  );

  test('a look at the beginning, before or beside the keeping, is not taken twice', async () => {
    const pieces: Buffer[] = [];
    const source = new TappedSource(bytesSource(content), (piece) => {
      pieces.push(Buffer.from(piece));
      return Promise.resolve();
    });
    const look = source.read(Buffer.alloc(65_536), 0);
    await Promise.all([keep(source, 1 << 20), look, source.read(Buffer.alloc(10), content.length - 10)]);
    await source.finish();
    expect(Buffer.concat(pieces).equals(content)).toBe(true);
  });

  test('one piece is at work and one beside it, no more', async () => {
    let flying = 0;
    let most = 0;
    const source = new TappedSource(bytesSource(content), async () => {
      flying += 1;
      most = Math.max(most, flying);
      await new Promise((resolve) => setTimeout(resolve, 5));
      flying -= 1;
    });
    await keep(source, 1 << 20);
    await source.finish();
    expect(most).toBe(2);
  });

  test('a reader that fails is asked no more, the keeping goes on, and the end tells of it', async () => {
    let asked = 0;
    const source = new TappedSource(bytesSource(content), () => {
      asked += 1;
      return Promise.reject(new Error('gone'));
    });
    expect((await keep(source, 300_000)).equals(content)).toBe(true);
    await expect(source.finish()).rejects.toThrow('gone');
    expect(asked).toBe(1);
    await source.wipe();
  });

  test('what was not kept whole was not read whole', async () => {
    const source = new TappedSource(bytesSource(content), () => Promise.resolve());
    await source.read(Buffer.alloc(1_000), 0);
    await expect(source.finish()).rejects.toThrow(RangeError);
  });

  test('nothing of any piece is left after the wipe, the short last one included', async () => {
    const pieces: Uint8Array[] = [];
    const source = new TappedSource(bytesSource(content), (piece) => {
      expect(piece.byteLength).toBe(piece.buffer.byteLength);
      pieces.push(piece);
      return Promise.resolve();
    });
    await keep(source, 1 << 20);
    await source.finish();
    expect(pieces.at(-1)?.length).toBe(12_345);
    expect(pieces.at(-1)?.some((unit) => unit !== 0)).toBe(true);
    await source.wipe();
    expect(pieces.every((piece) => piece.every((unit) => unit === 0))).toBe(true);
  });
});
