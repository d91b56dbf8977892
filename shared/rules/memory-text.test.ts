import { expect, it } from 'vitest';
import { mebibytes, memoryText } from './memory-text.ts';

it('tells the memory of a derivation in the unit it is given in', () => {
  for (const language of ['es', 'en'] as const) {
    expect(memoryText(mebibytes(64), language)).toBe('64 MiB');
    expect(memoryText(mebibytes(1024), language)).toBe('1,024 MiB');
    expect(memoryText(mebibytes(96.5), language)).toBe('96.5 MiB');
  }
});
