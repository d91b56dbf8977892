import { createDecipheriv } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openHeader } from '../../electron/core/features/vault/open-header.ts';
import { lookAtHeader } from '../../electron/core/features/vault/index.ts';
import type { Ports } from '../../electron/core/ports/index.ts';
import { PASSPHRASE } from '../integration/harness.ts';

const PAGE = 4096;
/** IV and HMAC-SHA512 at the end of each page. */
const RESERVE = 80;
const FRAME_HEADER = 24;
const WAL_HEADER = 32;

const decrypt = (page: Buffer, first: boolean, key: Buffer): Buffer => {
  const start = first ? 16 : 0;
  const iv = page.subarray(PAGE - RESERVE, PAGE - RESERVE + 16);
  const cipher = createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
  return Buffer.concat([cipher.update(page.subarray(start, PAGE - RESERVE)), cipher.final()]);
};

/** Raw key of the database, derived from header and passphrase as an attacker who has both would. */
export const databaseKey = async (ports: Ports, folder: string): Promise<Buffer> => {
  const header = await lookAtHeader(ports, folder);
  const opened = await openHeader(ports.crypto, header, {
    kind: 'passphrase',
    passphrase: PASSPHRASE,
    factor: { kind: 'none' },
  });
  return Buffer.from(opened.keys.database);
};

/**
 * Every page of the database file and of its log, decrypted by a few lines of our own: free pages, freed cells and
 * old frames included, which no query of SQLite shows.
 */
export const allPages = (folder: string, key: Buffer): Buffer => {
  const parts: Buffer[] = [];
  for (const name of readdirSync(folder)) {
    if (!/^vault-[0-9a-f]{16}\.db(?:-wal)?$/u.test(name)) continue;
    const bytes = readFileSync(join(folder, name));
    if (name.endsWith('-wal')) {
      for (let at = WAL_HEADER; at + FRAME_HEADER + PAGE <= bytes.length; at += FRAME_HEADER + PAGE) {
        const number = bytes.readUInt32BE(at);
        parts.push(decrypt(bytes.subarray(at + FRAME_HEADER, at + FRAME_HEADER + PAGE), number === 1, key));
      }
      continue;
    }
    for (let at = 0; at + PAGE <= bytes.length; at += PAGE)
      parts.push(decrypt(bytes.subarray(at, at + PAGE), at === 0, key));
  }
  return Buffer.concat(parts);
};
