import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { createCore } from '../../../electron/core/create-core.ts';
import { targetIdSchema } from '#shared/model/ids.ts';
import { PASSPHRASE, realPorts } from '../support/ports.ts';

/**
 * Opens the vault of `argv[2]` and takes in one file after another until it is killed, telling on standard output
 * what was acknowledged. Arguments: folder above the vault, file to take in.
 */
const [base = '', file = ''] = process.argv.slice(2);
const say = (message: object): void => {
  process.stdout.write(`${JSON.stringify(message)}\n`);
};

const ports = realPorts();
const core = createCore(ports);
const target = () => targetIdSchema.parse(ports.random.bytes(16).toString('hex'));
const call = async (method: string, input: unknown): Promise<unknown> => {
  const reply = await core.dispatch({ method, input, surface: 'unlock' });
  if (!reply.ok) throw new Error(reply.error.code);
  return reply.value;
};

const folder = target();
core.grant({ id: folder, kind: 'vault', path: join(base, 'vault'), name: 'vault', mode: 'open' });
await call('vault.unlock', { folder, passphrase: PASSPHRASE });
say({ ready: true });
createInterface({ input: process.stdin }).once('line', () => void loop());

async function loop(): Promise<void> {
  for (;;) {
    const source = target();
    core.grant({ id: source, kind: 'file', path: file, name: 'toma.bin', sizeBytes: 0 });
    const { id } = (await call('evidence.take', { source })) as { id: string };
    say({ took: id });
  }
}
