import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql, write } from '../../electron/core/db/index.ts';
import { checkVault, createVault } from '../../electron/core/features/vault/index.ts';
import { loadCrypto } from '../../electron/core/crypto/load-crypto.ts';
import { createNodeClock } from '../../electron/core/ports/node/node-clock.ts';
import { createNodeDisk } from '../../electron/core/ports/node/node-disk.ts';
import { createNodeRandom } from '../../electron/core/ports/node/node-random.ts';
import { loadPackageFonts } from '../../electron/core/ports/node/package-fonts.ts';
import type { Ports } from '../../electron/core/ports/index.ts';

/**
 * How much memory a check takes for a small and a large vault. Prints one line each; the figure is to stay the same
 * whatever the number of rows. Bundle it as `scripts/bench.mjs` bundles the others, run it with `--expose-gc` and the
 * numbers of rows. Measured: 1.0 MiB for 2,000 rows, 1.6 MiB for 20,000.
 */
const sizes = process.argv.slice(2).map(Number);
const ports: Ports = {
  clock: createNodeClock(),
  random: createNodeRandom(),
  crypto: await loadCrypto(),
  disk: createNodeDisk(),
  logger: { write: () => undefined },
  parsers: { start: () => Promise.reject(new Error('no parser here')) },
  loadFonts: loadPackageFonts,
  platform: { host: 'test', practiceOnly: true, profileFolder: null, localNames: [], version: '0.0.0' },
};

const IN_ONE = 500;
const at = 1_700_000_000_000;

for (const rows of sizes.length === 0 ? [2_000, 40_000] : sizes) {
  const base = mkdtempSync(join(tmpdir(), 'check-memory-'));
  try {
    const vault = await createVault(ports, {
      folder: join(base, 'vault'),
      use: 'practice',
      ownerName: 'Ana Ruiz',
      passphrase: 'cuatro garzas cruzan el estero',
      cost: { ops: 3, memBytes: 64 * 1024 * 1024 },
      onLost: () => undefined,
    });
    for (let from = 0; from < rows; from += IN_ONE) {
      write({ db: vault.db, method: 'persons.record' }, (tx) => {
        for (let one = from; one < Math.min(rows, from + IN_ONE); one += 1) {
          const id = `person-${String(one).padStart(8, '0')}`;
          tx.run(sql`INSERT INTO person (id, kind, name, legal_name, aliases, contacts, identifiers, in_own_words,
              work, minor, group_size, level, note, fold, version, created_at, updated_at)
            VALUES (${id}, 'individual', ${`Persona ${one}`}, '', '[]', '[]', '[]', '{}', '', 0, NULL, '',
              ${'texto '.repeat(40)}, '', 1, ${at}, ${at})`);
          tx.journal({ table: 'person', id, payload: { name: `Persona ${one}` } });
        }
      });
    }
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    let most = 0;
    const began = performance.now();
    const verdict = await checkVault(vault, {
      objects: 'content',
      signal: new AbortController().signal,
      progress: () => {
        globalThis.gc?.();
        most = Math.max(most, process.memoryUsage().heapUsed - before);
      },
    });
    process.stdout.write(
      `${JSON.stringify({
        rows: verdict.checked.rows,
        entries: verdict.checked.journal,
        ok: verdict.ok,
        seconds: Math.round((performance.now() - began) / 100) / 10,
        heapGrowthMiB: Math.round((most / 1_048_576) * 10) / 10,
      })}\n`,
    );
    await vault.close();
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}
