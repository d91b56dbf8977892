import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { CallInput, CallOutput, MethodName } from '#shared/contract/index.ts';
import { targetIdSchema, type TargetId } from '#shared/model/ids.ts';
import { createCore, type Core } from '../../electron/core/create-core.ts';
import { loadCrypto } from '../../electron/core/crypto/load-crypto.ts';
import type { Ports } from '../../electron/core/ports/index.ts';
import { createNodeClock } from '../../electron/core/ports/node/node-clock.ts';
import { createNodeDisk } from '../../electron/core/ports/node/node-disk.ts';
import { createNodeParserLauncher } from '../../electron/core/ports/node/node-parser-launcher.ts';
import { createNodeRandom } from '../../electron/core/ports/node/node-random.ts';
import { loadPackageFonts } from '../../electron/core/ports/node/package-fonts.ts';

export const PASSPHRASE = 'cinco palabras para medir despacio';

/** The engine with the parts that it is shipped with. */
export interface BenchCore {
  readonly ports: Ports;
  readonly core: Core;
  call<M extends MethodName>(method: M, input: CallInput<M>): Promise<CallOutput<M>>;
  grant(path: string, kind: 'create' | 'open' | 'file' | 'targetFile'): TargetId;
}

export const benchCore = async (): Promise<BenchCore> => {
  const out = join(process.cwd(), process.env['RESGUARDO_OUT'] ?? 'out', 'main');
  const ports: Ports = {
    clock: createNodeClock(),
    random: createNodeRandom(),
    disk: createNodeDisk(),
    crypto: await loadCrypto(),
    logger: { write: () => undefined },
    parsers: createNodeParserLauncher({
      wasm: join(out, 'parser-wasm.js'),
      image: join(out, 'parser-image.js'),
    }),
    loadFonts: loadPackageFonts,
    platform: { host: 'test', practiceOnly: true, profileFolder: null, localNames: [], version: '0.0.0' },
  };
  const core = createCore(ports);
  return {
    ports,
    core,
    call: async <M extends MethodName>(method: M, input: CallInput<M>) => {
      const answer = await core.dispatch({ method, input, surface: 'unlock' });
      if (!answer.ok) throw new Error(`${method}: ${answer.error.code} ${answer.error.field ?? ''}`);
      return answer.value as CallOutput<M>;
    },
    grant: (path, kind) => {
      const id = targetIdSchema.parse(randomBytes(16).toString('hex'));
      const name = basename(path);
      if (kind === 'file') core.grant({ id, kind, path, name, sizeBytes: statSync(path).size });
      else if (kind === 'targetFile') core.grant({ id, kind, path, name });
      else core.grant({ id, kind: 'vault', path, name, mode: kind });
      return id;
    },
  };
};

/** Milliseconds that `work` took. */
export const timed = async (work: () => unknown): Promise<number> => {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e6;
};

/** Value below which the given part of the values lies; 0.5 is the median. */
export const quantile = (values: readonly number[], part: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
};
