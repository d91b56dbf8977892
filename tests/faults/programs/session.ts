import { closeSync, openSync, readdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { sql } from '../../../electron/core/db/index.ts';
import { realPorts } from '../support/ports.ts';
import { addCase, codeOf, unlock } from '../support/vaults.ts';

/**
 * A session in a process of its own, driven by lines on stdin, so that a test can kill or stop it:
 * `write <id>`, `loop`, `rows`, `beat`, `drop-locks`, `close`. Every answer is one JSON line, written at once.
 */
const say = (value: unknown): void => {
  writeSync(1, `${JSON.stringify(value)}\n`);
};

const [base = '', mode = ''] = process.argv.slice(2);
const idRow = z.object({ id: z.string() });

const run = async (): Promise<void> => {
  const vault = await unlock(realPorts(), base);
  if (mode === 'sync-off') vault.db.connection.pragma('synchronous=OFF');
  const rows = (): string[] =>
    vault.db.read((db) => db.all(sql`SELECT id FROM case_file`, idRow)).map((row) => row.id);
  say({ ready: true, readOnly: vault.db.readOnlyBecause, rows: rows() });
  for await (const line of createInterface({ input: process.stdin })) {
    const [verb, id = ''] = line.split(' ');
    if (verb === 'write') {
      say({ wrote: id, code: await codeOf(() => addCase(vault, id, `C-${id}`)) });
    } else if (verb === 'loop') {
      for (let n = 0; ; n += 1) {
        addCase(vault, `${id}-${n}`, `C-${id}-${n}`);
        say({ wrote: `${id}-${n}`, code: null });
      }
    } else if (verb === 'rows') {
      say({ rows: rows() });
    } else if (verb === 'beat') {
      await vault.beat(() => undefined);
      say({ beat: vault.db.readOnlyBecause });
    } else if (verb === 'drop-locks') {
      // Closing any descriptor of a file gives up this process's locks on it, as a lost network lease would.
      const folder = join(base, 'vault');
      const name = readdirSync(folder).find((entry) => entry.endsWith('.db')) ?? '';
      closeSync(openSync(join(folder, name), 'r'));
      say({ dropped: name !== '' });
    } else if (verb === 'close') {
      await vault.close();
      say({ closed: true });
      process.exit(0);
    }
  }
};

run().catch((thrown: unknown) => {
  say({ failed: thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown) });
  process.exitCode = 1;
});
