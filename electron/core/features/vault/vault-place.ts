import { dirname, join, parse, sep } from 'node:path';
import type { ErrorCode } from '#shared/errors.ts';
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

/** Names that the programs themselves give to their folders. Compared in lower case, as a whole or before " - ". */
const SYNCED_NAMES: ReadonlySet<string> = new Set([
  'onedrive',
  'dropbox',
  'google drive',
  'googledrive',
  'my drive',
  'mi unidad',
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
];

const nameIsSynced = (part: string): boolean => {
  const name = part.toLowerCase();
  return SYNCED_NAMES.has(name) || SYNCED_NAMES.has(name.split(' - ')[0] ?? name);
};

/** The nearest folder that exists: the one itself or one above. */
const nearestExisting = async (disk: Disk, folder: string): Promise<string> => {
  let at = folder;
  while ((await disk.stat(at)) === null && dirname(at) !== at) at = dirname(at);
  return at;
};

/**
 * Whether a vault may be written to in this place. Synchronising programs copy the database while it is open
 * and keep every older version; on a network share two computers can hold the same file at once.
 *
 * @returns the reason why not, or null.
 */
export const whyNotHere = async (disk: Disk, folder: string): Promise<ErrorCode | null> => {
  const existing = await nearestExisting(disk, folder);
  const type = await disk.fileSystemType(existing);
  if (type !== null && NETWORK_FILE_SYSTEMS.has(type >>> 0)) return 'vault.networkFolder';
  if (folder.startsWith('\\\\')) return 'vault.networkFolder';
  if (folder.split(sep).some(nameIsSynced)) return 'vault.syncedFolder';
  const { root } = parse(existing);
  for (let at = existing; at !== root; at = dirname(at)) {
    for (const marker of SYNC_MARKERS) {
      if ((await disk.stat(join(at, marker))) !== null) return 'vault.syncedFolder';
    }
    if (dirname(at) === at) break;
  }
  return null;
};
