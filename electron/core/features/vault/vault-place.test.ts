import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createNodeDisk } from '../../ports/node/node-disk.ts';
import type { Disk } from '../../ports/index.ts';
import { MOUNTS_FILE, whyNotHere } from './vault-place.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'place-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const real = createNodeDisk();
/** The real disk, on a file system of another kind, with another list of mounts. */
const on = (type: number | null, mounts = ''): Disk => ({
  ...real,
  fileSystemType: () => Promise.resolve(type),
  open: (path, mode) => {
    if (path !== MOUNTS_FILE) return real.open(path, mode);
    const list = join(root, 'mounts.fixture');
    writeFileSync(list, mounts);
    return real.open(list, mode);
  },
});
const EXT4 = 0xef53;
const FUSE = 0x65735546;

const put = (...names: string[]): void => {
  const path = join(root, ...names);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '');
};
const folder = (...names: string[]): string => {
  const path = join(root, ...names);
  mkdirSync(path, { recursive: true });
  return path;
};

describe('folders that a program keeps in the cloud', () => {
  test('by the names that the programs give', async () => {
    const names = [
      ['OneDrive'],
      ['OneDrive - Colectivo Ejemplo', 'Documentos'],
      ['Dropbox'],
      ['Dropbox (Personal)'],
      ['Google Drive', 'Mi unidad'],
      ['Shared drives', 'Equipo'],
      ['Library', 'Mobile Documents', 'com~apple~CloudDocs', 'Documents'],
      ['Library', 'CloudStorage', 'GoogleDrive-ana@correo.example', 'My Drive'],
      ['iCloudDrive'],
      ['Nextcloud'],
      ['Proton Drive'],
      ['Syncthing'],
    ];
    for (const name of names) {
      expect([name, await whyNotHere(on(EXT4), join(folder(...name), 'boveda'))]).toEqual([
        name,
        'vault.syncedFolder',
      ]);
    }
  });

  test('by the marks that they leave, whatever the folder is called', async () => {
    const marks = [
      '.dropbox',
      '.dropbox.cache',
      '.stfolder',
      '.stignore',
      '.nextcloudsync.log',
      '.owncloudsync.log',
      '.sync_1a2b3c4d5e6f.db',
      '._sync_1a2b3c4d5e6f.db',
      '.tmp.drivedownload',
      '.849c9593-d756-4e56-8d6e-42412f2a707b',
      '.seafile-data',
      '.megaignore',
    ];
    for (const [index, mark] of marks.entries()) {
      put(`oficina${index}`, mark);
      const inside = folder(`oficina${index}`, 'archivos', 'boveda');
      expect([mark, await whyNotHere(on(EXT4), inside)]).toEqual([mark, 'vault.syncedFolder']);
    }
  });

  test('Documents and Desktop that Windows handed to OneDrive or macOS to iCloud', async () => {
    const documents = folder('Users', 'ana', 'Documents');
    const ini =
      '\ufeff[.ShellClassInfo]\r\nIconResource=C:\\Program Files\\Microsoft OneDrive\\OneDrive.exe,4\r\n';
    writeFileSync(join(documents, 'desktop.ini'), Buffer.from(ini, 'utf16le'));
    expect(await whyNotHere(on(EXT4), join(documents, 'boveda'))).toBe('vault.syncedFolder');
    const home = folder('home', 'luz');
    mkdirSync(join(home, 'Library', 'Mobile Documents', 'com~apple~CloudDocs'), { recursive: true });
    const desktop = folder('home', 'luz', 'Desktop');
    expect(await whyNotHere(on(EXT4), desktop)).toBeNull();
    symlinkSync(desktop, join(home, 'Library', 'Mobile Documents', 'com~apple~CloudDocs', 'Desktop'));
    expect(await whyNotHere(on(EXT4), desktop)).toBe('vault.syncedFolder');
  });

  test('an ordinary folder is not one of them, nor one that only sounds alike', async () => {
    writeFileSync(
      join(folder('Documents'), 'desktop.ini'),
      '[.ShellClassInfo]\r\nLocalizedResourceName=@x\r\n',
    );
    for (const name of ['Documents', 'Caso Dropboxer', 'mi-onedrive-viejo', 'sync', 'boveda']) {
      expect([name, await whyNotHere(on(EXT4), folder(name))]).toEqual([name, null]);
    }
  });
});

describe('disks of another computer', () => {
  test('by the kind of file system', async () => {
    for (const type of [0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x01021997, 0x00c36400]) {
      expect(await whyNotHere(on(type), folder('boveda'))).toBe('vault.networkFolder');
      // Node gives large numbers as they are, some systems as negative ones.
      expect(await whyNotHere(on(type | 0), folder('boveda'))).toBe('vault.networkFolder');
    }
    for (const type of [EXT4, 0x9123683e, 0x58465342, 0x4d44, 0x2011bab0, null]) {
      expect(await whyNotHere(on(type), folder('boveda'))).toBeNull();
    }
    expect(await whyNotHere(on(null), '\\\\servidor\\compartida\\boveda')).toBe('vault.networkFolder');
  });

  test('FUSE is told apart by the list of mounts: sshfs is far, a stick with NTFS is here', async () => {
    const at = folder('memoria', 'mi disco');
    const escaped = at.replaceAll(' ', '\\040');
    const mounts = (kind: string): string => `/dev/root / ext4 rw 0 0\nx ${escaped} ${kind} rw 0 0\n`;
    const kinds = {
      'fuse.sshfs': 'vault.networkFolder',
      'fuse.rclone': 'vault.networkFolder',
      fuseblk: null,
    };
    for (const [kind, expected] of Object.entries(kinds)) {
      expect([kind, await whyNotHere(on(FUSE, mounts(kind)), join(at, 'boveda'))]).toEqual([kind, expected]);
    }
    // The longest path counts: a far disk beside says nothing about this one.
    const beside = `x ${join(root, 'mem')} fuse.sshfs rw 0 0\ny / fuseblk rw 0 0\n`;
    expect(await whyNotHere(on(FUSE, beside), at)).toBeNull();
    expect(await whyNotHere(on(FUSE, 'no list at all'), at)).toBeNull();
  });
});
