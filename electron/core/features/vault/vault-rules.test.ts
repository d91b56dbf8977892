import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createNodeDisk } from '../../ports/node/node-disk.ts';
import { Attempts } from './attempts.ts';
import { ratePassphrase } from './passphrase-floor.ts';
import { whyNotHere } from './vault-place.ts';

describe('passphrase floor', () => {
  test.each([
    'corta',
    'once letras',
    'aaaaaaaaaaaaaaaa',
    'abcabcabcabcabc',
    '123456789012345',
    'abcdefghijklmnop',
    'qwertyuiopasdfgh',
    'ñññññññññññññ',
    'garza estero',
    'Defensa2024Mexico!',
    'contraseña segura 2025',
    'resguardo resguardo resguardo',
  ])('refuses %s', async (passphrase) => {
    expect(await ratePassphrase(passphrase)).toEqual({ score: 0, accepted: false });
  });

  test('accepts several unrelated words, more of them the better', async () => {
    const [three, five, seven] = await Promise.all(
      [
        'garza estero violín',
        'nube ladrillo violín tarde esquina',
        'nube ladrillo violín tarde esquina cobre faro',
      ].map(ratePassphrase),
    );
    expect(three?.accepted).toBe(true);
    expect(three?.score).toBeLessThan(five?.score ?? 0);
    expect(five?.score).toBe(4);
    expect(seven?.score).toBe(4);
  });

  test('takes the same view with and without accents', async () => {
    expect(await ratePassphrase('cóntráséñá ségúrá 2025')).toEqual({ score: 0, accepted: false });
  });

  test('long text is judged by its beginning, in bounded time', async () => {
    const began = performance.now();
    expect((await ratePassphrase('x'.repeat(4_096))).accepted).toBe(false);
    await ratePassphrase('faro niebla cobre tejado luna '.repeat(130));
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe('slowed attempts', () => {
  test('three are free, then the wait doubles up to a minute, and a right one ends it', () => {
    let now = 0;
    const attempts = new Attempts({ now: () => now, monotonic: () => now, zone: () => 'UTC' });
    for (let n = 0; n < 2; n += 1) attempts.wrong();
    attempts.requireAllowed();
    const waits: number[] = [];
    for (let n = 0; n < 8; n += 1) {
      attempts.wrong();
      try {
        attempts.requireAllowed();
        waits.push(0);
      } catch (thrown) {
        waits.push((thrown as { params: { seconds: number } }).params.seconds);
      }
      now += (waits.at(-1) ?? 0) * 1000;
      attempts.requireAllowed();
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    attempts.wrong();
    attempts.right();
    attempts.requireAllowed();
  });
});

describe('where a vault may be', () => {
  const disk = createNodeDisk();
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'place-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test('an ordinary folder, there or not yet', async () => {
    expect(await whyNotHere(disk, folder)).toBeNull();
    expect(await whyNotHere(disk, join(folder, 'new', 'vault'))).toBeNull();
  });

  test.each(['OneDrive', 'OneDrive - Oficina', 'Dropbox', 'Nextcloud', 'Google Drive', 'Mobile Documents'])(
    'not below a folder called %s',
    async (name) => {
      expect(await whyNotHere(disk, join(folder, name, 'vault'))).toBe('vault.syncedFolder');
    },
  );

  test.each(['.stfolder', '.dropbox', '.nextcloudsync.log', '.tmp.drivedownload'])(
    'not below the mark %s of a synchronising program',
    async (marker) => {
      mkdirSync(join(folder, 'a', 'b'), { recursive: true });
      writeFileSync(join(folder, marker), '');
      expect(await whyNotHere(disk, join(folder, 'a', 'b', 'vault'))).toBe('vault.syncedFolder');
    },
  );

  test.each([
    ['NFS', 0x6969],
    ['CIFS as a signed number', 0xff534d42 | 0],
    ['SMB2', 0xfe534d42],
  ])('not on %s', async (_name, magic) => {
    const share = { ...disk, fileSystemType: () => Promise.resolve(magic) };
    expect(await whyNotHere(share, folder)).toBe('vault.networkFolder');
  });

  test('not on a Windows share', async () => {
    expect(await whyNotHere(disk, '\\\\server\\share\\vault')).toBe('vault.networkFolder');
  });
});
