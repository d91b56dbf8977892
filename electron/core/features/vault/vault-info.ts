import { z } from 'zod';
import { sql } from '../../db/sql.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { metaNumber } from './meta.ts';
import type { OpenVault } from './open-vault.ts';
import { readRoster } from './roster.ts';

const countsRow = z.object({
  cases: z.number().int(),
  persons: z.number().int(),
  incidents: z.number().int(),
  evidence: z.number().int(),
  journal: z.number().int(),
  bytes: z.number(),
});

const instant = (ms: number): string => new Date(ms).toISOString();

/** Facts about the open vault for the settings screen; reads nothing of any case. */
export const vaultInfo = (vault: OpenVault): CallOutput<'vault.info'> =>
  vault.db.read((reader) => {
    const { bytes, ...counts } = reader.need(
      sql`SELECT (SELECT count(*) FROM case_file) AS cases, (SELECT count(*) FROM person) AS persons,
        (SELECT count(*) FROM incident) AS incidents, (SELECT count(*) FROM evidence) AS evidence,
        (SELECT coalesce(max(position), 0) FROM journal) AS journal,
        (SELECT coalesce(sum(size), 0) FROM evidence) AS bytes`,
      countsRow,
    );
    return {
      vaultId: vault.vaultId.toString('hex'),
      use: vault.use,
      createdAt: instant(metaNumber(reader, 'created_at')),
      people: readRoster(reader)
        .filter((row) => row.retired_at_seq === null)
        .map((row) => ({ name: row.name, powers: [...row.powers], since: instant(row.added_at) })),
      counts,
      evidenceBytes: bytes,
      kdf: { ops: vault.kdf.ops, memoryBytes: vault.kdf.memBytes },
      cipher: 'SQLCipher 4 (AES-256-CBC, HMAC-SHA512); XChaCha20-Poly1305; Argon2id',
    };
  });
