import { basename, dirname, join, sep } from 'node:path';
import type { ErrorCode } from '#shared/errors.ts';
import { readSmallFile } from '../../files/atomic-write.ts';
import type { Disk } from '../../ports/index.ts';

/** Numbers of `statfs` for file systems that another computer can write to at the same time. */
const NETWORK_FILE_SYSTEMS: ReadonlySet<number> = new Set([
  0x6969, // NFS
  0x517b, // SMB
  0xff534d42, // CIFS
  0xfe534d42, // SMB2
  0x5346414f, // AFS
  0x73757245, // Coda
  0x564c, // NCP
  0x00c36400, // Ceph
  0x01021997, // 9P
  0x786f4256, // VirtualBox shared folder
  0x7461636f, // OCFS2
  0x01161970, // GFS2
  0x0bd00bd0, // Lustre
]);

/** FUSE stands for anything, a stick with NTFS as well: what it is, the list of mounts says. */
const FUSE = 0x65735546;
/** The system's own list of what is mounted where. */
export const MOUNTS_FILE = '/proc/self/mounts';
const MAX_MOUNTS_BYTES = 1024 * 1024;
/** Kinds, as that list names them, whose files another computer holds. */
const NETWORK_MOUNTS =
  /^(?:nfs|nfs4|cifs|smb3|smbfs|afs|ceph|9p|davfs|glusterfs|fuse\.(?:sshfs|rclone|gvfsd-fuse|curlftpfs|davfs2?|glusterfs|ceph|s3fs|goofys|gcsfuse|smbnetfs|mount\.\S+|google-drive-ocamlfuse|onedriver|kio-fuse))$/u;

/** Names that the programs themselves give to their folders. Compared in lower case, as a whole or before " - " or " (". */
const SYNCED_NAMES: ReadonlySet<string> = new Set([
  'onedrive',
  'dropbox',
  'google drive',
  'googledrive',
  'my drive',
  'mi unidad',
  'shared drives',
  'unidades compartidas',
  '.shortcut-targets-by-id',
  'icloud drive',
  'iclouddrive',
  'mobile documents',
  'com~apple~clouddocs',
  'cloudstorage',
  'nextcloud',
  'owncloud',
  'syncthing',
  'pclouddrive',
  'mega',
  'megasync',
  'box sync',
  'proton drive',
  'yandex.disk',
  'icloud~com~apple~iclouddrive',
  'icloudphotos',
]);

/** Files and folders that a synchronising program leaves in the root that it keeps. */
const SYNC_MARKERS: readonly string[] = [
  '.dropbox',
  '.dropbox.cache',
  '.stfolder',
  '.stignore',
  '.nextcloudsync.log',
  '.owncloudsync.log',
  '.sync',
  '.tmp.drivedownload',
  '.tmp.driveupload',
  '.849c9593-d756-4e56-8d6e-42412f2a707b', // OneDrive's root marker
  '.seafile-data',
  '.stversions',
  '.megaignore',
  '.owncloud',
  'desktop.onedrive', // left by the client that runs on Linux
];

/** The same for programs that put a random part into the name: Nextcloud and ownCloud keep `.sync_<hex>.db`. */
const MARKER_NAMES = /^(?:\._?sync_[0-9a-f]+\.db|\.csync_journal\.db|\.sync_[0-9a-f]+\.db)(?:-wal|-shm)?$/iu;

/** Where macOS keeps what iCloud Drive has; *Desktop* and *Documents* are there too where they are shared. */
const ICLOUD = ['Library', 'Mobile Documents', 'com~apple~CloudDocs'] as const;
const ICLOUD_SHARED: ReadonlySet<string> = new Set(['Desktop', 'Documents']);

/** Folders that Windows hands to OneDrive (*known folder move*): `desktop.ini` then names it. */
const ONEDRIVE_MARK = /(?:OneDrive|FileSync)/iu;
const MAX_INI_BYTES = 64 * 1024;

const nameIsSynced = (part: string): boolean => {
  const name = part.toLowerCase();
  return SYNCED_NAMES.has(name) || SYNCED_NAMES.has(name.split(/ - | \(/u)[0] ?? name);
};

/** The nearest folder that exists: the one itself or one above. */
const nearestExisting = async (disk: Disk, folder: string): Promise<string> => {
  let at = folder;
  while ((await disk.stat(at)) === null && dirname(at) !== at) at = dirname(at);
  return at;
};

/** How the list of mounts writes a space and its like. */
const unescaped = (path: string): string =>
  path.replace(/\\([0-7]{3})/gu, (_whole, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

/** The kind of the mount that a folder lies in, by the longest path; null where the list cannot be read. */
const mountKind = async (disk: Disk, folder: string): Promise<string | null> => {
  const file = await disk.open(MOUNTS_FILE, 'read').catch(() => null);
  if (file === null) return null;
  let text = '';
  try {
    // A file of the system has no size of its own: it is read until it ends.
    const block = Buffer.alloc(64 * 1024);
    for (let at = 0; at < MAX_MOUNTS_BYTES;) {
      const count = await file.read(block, at);
      if (count === 0) break;
      text += block.toString('utf8', 0, count);
      at += count;
    }
  } catch {
    return null;
  } finally {
    await file.close();
  }
  let found: { readonly path: string; readonly kind: string } | null = null;
  for (const line of text.split('\n')) {
    const [, at = '', kind = ''] = line.split(' ');
    const path = unescaped(at);
    const holds = folder === path || folder.startsWith(path.endsWith('/') ? path : `${path}/`);
    if (path !== '' && holds && path.length >= (found?.path.length ?? 0)) found = { path, kind };
  }
  return found?.kind ?? null;
};

const isNetwork = async (disk: Disk, folder: string): Promise<boolean> => {
  if (folder.startsWith('\\\\')) return true;
  const type = await disk.fileSystemType(folder);
  if (type === null) return false;
  if (NETWORK_FILE_SYSTEMS.has(type >>> 0)) return true;
  if (type >>> 0 !== FUSE) return false;
  const kind = await mountKind(disk, folder);
  return kind !== null && NETWORK_MOUNTS.test(kind);
};

/** Whether a program that synchronises left its mark in this very folder. */
const isMarked = async (disk: Disk, folder: string): Promise<boolean> => {
  for (const marker of SYNC_MARKERS) {
    if ((await disk.stat(join(folder, marker))) !== null) return true;
  }
  const names = await disk.list(folder).catch((): string[] => []);
  if (names.some((name) => MARKER_NAMES.test(name))) return true;
  if (ICLOUD_SHARED.has(basename(folder))) {
    if ((await disk.stat(join(dirname(folder), ...ICLOUD, basename(folder)))) !== null) return true;
  }
  if (!names.some((name) => name.toLowerCase() === 'desktop.ini')) return false;
  const ini = await readSmallFile(disk, join(folder, 'desktop.ini'), MAX_INI_BYTES).catch(() => null);
  // Windows writes it in UTF-16; without the zeros the names read the same.
  return ini !== null && ONEDRIVE_MARK.test(ini.toString('latin1').replaceAll('\u0000', ''));
};

/**
 * Whether a vault may be written to in this place. Synchronising programs copy the database while it is open
 * and keep every older version; on a network share two computers can hold the same file at once.
 *
 * @returns the reason why not, or null.
 */
export const whyNotHere = async (disk: Disk, folder: string): Promise<ErrorCode | null> => {
  if (folder.startsWith('\\\\')) return 'vault.networkFolder';
  const existing = await nearestExisting(disk, folder);
  if (await isNetwork(disk, existing)) return 'vault.networkFolder';
  if (folder.split(sep).some(nameIsSynced)) return 'vault.syncedFolder';
  for (let at = existing; ; at = dirname(at)) {
    if (await isMarked(disk, at)) return 'vault.syncedFolder';
    if (dirname(at) === at) return null;
  }
};
