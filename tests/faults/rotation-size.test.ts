import { afterEach, beforeEach, expect, test } from 'vitest';
import { sql } from '../../electron/core/db/index.ts';
import { emptyIncident, insertIncident } from '../../electron/core/features/incidents/incident-repo.ts';
import { reviewRotation, rotateVault } from '../../electron/core/features/rotation/index.ts';
import { uuidV7 } from '../../electron/core/ids.ts';
import { freshFolder, realPorts } from './support/ports.ts';
import { create } from './support/vaults.ts';

let base: ReturnType<typeof freshFolder>;
beforeEach(() => {
  base = freshFolder();
});
afterEach(() => {
  base.remove();
});

const STORY = 'Un relato de varias frases sobre lo que ocurrió en la comunidad. '.repeat(12);

test(
  '20,000 incidents rotate in flat memory; how long it takes is printed',
  { timeout: 300_000 },
  async () => {
    const ports = realPorts();
    const vault = await create(ports, base.path);
    for (let lot = 0; lot < 40; lot += 1) {
      vault.db.write('incidents.record', (tx) => {
        for (let n = 0; n < 500; n += 1) {
          const id = uuidV7(ports.clock.now(), ports.random);
          const title = `Incidente ${lot}-${n}`;
          insertIncident(tx, id, { ...emptyIncident(), title, narrative: STORY }, ports.clock.now());
          tx.run(sql`INSERT INTO search_doc (kind, ref, case_id, title, body, when_key)
          VALUES ('incident', ${id}, NULL, ${title}, ${STORY}, '')`);
          tx.journal({ table: 'incident', id, payload: {} });
        }
      });
    }
    const { digest, neededBytes } = await reviewRotation(vault);
    const before = process.memoryUsage();
    const done = await rotateVault(
      vault,
      { remove: [], immediate: false, reason: '', confirmed: digest },
      { signal: new AbortController().signal, progress: () => undefined },
    );
    const after = process.memoryUsage();
    await vault.close();
    const grown = Math.round((after.rss - before.rss) / 1e6);
    console.log(
      `rotation of ${Math.round(neededBytes / 1e6)} MB: ${Math.round(done.durationMs)} ms, memory +${grown} MB`,
    );
    // The second file's page cache, and nothing that grows with the vault.
    expect(grown).toBeLessThan(150);
    expect(after.heapUsed - before.heapUsed).toBeLessThan(40e6);
  },
);
