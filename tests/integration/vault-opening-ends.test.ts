import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isAppError } from '#shared/errors.ts';
import { Bench } from './harness.ts';

/* The end of the core while a vault is being unlocked or made, when no session stands for it yet. */

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await bench.end();
});

const code = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'opened',
    (thrown: unknown) => (isAppError(thrown) ? thrown.code : String(thrown)),
  );
const lockFile = (): string => join(bench.vaultFolder, 'vault.lock');

describe('a core that ends', () => {
  it('while an unlocking has its lock file and its entry already, ends that session in order', async () => {
    await bench.create();
    await bench.core.close();
    const next = new Bench({ folder: bench.folder });
    const closing: Promise<void>[] = [];
    const list = next.ports.disk.list.bind(next.ports.disk);
    // The copies from before a migration are looked for after the entry was written.
    vi.spyOn(next.ports.disk, 'list').mockImplementation((path) => {
      if (path === next.vaultFolder && existsSync(lockFile())) closing.push(next.core.close());
      return list(path);
    });
    expect(await code(next.unlock())).toBe('call.cancelled');
    expect(closing).not.toEqual([]);
    await Promise.all(closing);
    expect(existsSync(lockFile())).toBe(false);
    expect(next.events).not.toContainEqual({ name: 'session.changed', payload: { state: 'open' } });
    vi.restoreAllMocks();
    // What is asked for while it ends is refused, as nobody would close it; after that it begins anew.
    const ending = next.core.close();
    expect(await code(next.unlock())).toBe('call.cancelled');
    await ending;
    await next.unlock();
    await next.core.close();
    expect(existsSync(lockFile())).toBe(false);
    const third = new Bench({ folder: bench.folder });
    await third.unlock();
    await third.core.close();
  });

  it.each(['made', 'unlocked'])('waits for no derivation of a vault that is being %s', async (what) => {
    if (what === 'unlocked') {
      await bench.create();
      await bench.core.close();
    }
    const next = new Bench({ folder: bench.folder });
    let goOn = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      // Real keys, but only once the test says so: a derivation may take as long as it likes.
      const derive = next.ports.crypto.argon2id13.bind(next.ports.crypto);
      vi.spyOn(next.ports.crypto, 'argon2id13').mockImplementation(async (...args) => {
        resolve();
        await new Promise<void>((free) => (goOn = free));
        return derive(...args);
      });
    });
    const opening = code(what === 'made' ? next.create() : next.unlock());
    await asked;
    await next.core.close();
    expect(await opening).toBe('call.cancelled');
    expect(existsSync(next.vaultFolder)).toBe(what === 'unlocked');
    expect(existsSync(lockFile())).toBe(false);
    goOn();
  });

  it('before the header of a new vault is written, leaves neither vault nor folder', async () => {
    const closing: Promise<void>[] = [];
    const make = bench.ports.disk.makeFolder.bind(bench.ports.disk);
    vi.spyOn(bench.ports.disk, 'makeFolder').mockImplementation((path) => {
      if (path !== bench.vaultFolder && path.startsWith(bench.vaultFolder)) closing.push(bench.core.close());
      return make(path);
    });
    expect(await code(bench.create())).toBe('call.cancelled');
    expect(closing).not.toEqual([]);
    await Promise.all(closing);
    expect(existsSync(bench.vaultFolder)).toBe(false);
    vi.restoreAllMocks();
    const next = new Bench({ folder: bench.folder });
    await next.create();
    await next.core.close();
  });
});
