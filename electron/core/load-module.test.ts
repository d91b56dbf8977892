import { expect, test } from 'vitest';
import { loadModule } from './load-module.ts';

test('a file of the program that is gone, or does not fit, says to start again', async () => {
  // Named at run time, so that nothing looks for it before the program runs.
  const gone = './gone-with-an-update.js';
  await expect(loadModule(() => import(gone))).rejects.toMatchObject({ code: 'call.programChanged' });
  const broken = 'data:text/javascript,import { nothing } from "node:path"';
  await expect(loadModule(() => import(broken))).rejects.toMatchObject({ code: 'call.programChanged' });
});

test('what loads is given as it is', async () => {
  const { posix } = await loadModule(() => import('node:path'));
  expect(posix.join('a', 'b')).toBe('a/b');
});
