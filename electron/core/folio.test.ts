import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { newFolio } from './folio.ts';

test('two halves of signs that are not taken for one another', () => {
  const folios = Array.from({ length: 500 }, () => newFolio({ bytes: (count) => randomBytes(count) }));
  for (const folio of folios) expect(folio).toMatch(/^[A-HJKMNP-RT-Y346-9]{4}-[A-HJKMNP-RT-Y346-9]{4}$/u);
  expect(new Set(folios).size).toBe(folios.length);
});

test('no sign is more likely: bytes beyond the last whole round are drawn again', () => {
  const given: number[] = [255, 243, 0, 26, 27, 242, 0, 0, 0, 0];
  const random = { bytes: () => Buffer.from([given.shift() ?? 0]) };
  expect(newFolio(random)).toBe('A9A9-AAAA');
});
