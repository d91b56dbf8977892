import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkVault, type OpenVault } from '../../../electron/core/features/vault/index.ts';
import type { Ports } from '../../../electron/core/ports/index.ts';
import { codeOf, unlock } from './vaults.ts';
import { freshFolder } from './ports.ts';

const SOAK = process.env['RESGUARDO_SOAK'] === '1';

/** How many random faults of each kind: `count` with every run, `soak` (ten times as many) in the long one. */
export const times = (count: number, soak: number = count * 10): number => (SOAK ? soak : count);

/** How long a test with such counts may take, ms: `ms` with every run, as long as it needs in the long one. */
export const lasting = (ms: number): number => (SOAK ? 24 * 3_600_000 : ms);

/** A generator with a seed, so that a failing fault can be made again. */
export const seeded = (seed: number): ((below: number) => number) => {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

export const fileNamed = (base: string, ending: string): string => {
  const folder = join(base, 'vault');
  const name = readdirSync(folder).find((entry) => entry.endsWith(ending));
  if (name === undefined) throw new Error(`no file ${ending}`);
  return join(folder, name);
};

export const flipBit = (path: string, bit: number): void => {
  const bytes = readFileSync(path);
  const at = bit >>> 3;
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
  writeFileSync(path, bytes);
};

/** What opening a damaged copy came to: a refusal, a reason to look only, findings of the check, or nothing. */
export interface Outcome {
  readonly refused: string | null;
  readonly readOnly: string | null;
  readonly findings: readonly string[];
}

/** Copies a vault, damages the copy, opens and checks it. */
export const outcomeOf = async (
  ports: Ports,
  base: string,
  damage: (copy: string) => void,
  look: (vault: OpenVault) => void = () => undefined,
): Promise<Outcome> => {
  const copy = freshFolder();
  try {
    cpSync(join(base, 'vault'), join(copy.path, 'vault'), { recursive: true });
    damage(copy.path);
    let opened: OpenVault | null = null;
    const refused = await codeOf(async () => {
      opened = await unlock(ports, copy.path);
    });
    const vault = opened as OpenVault | null;
    if (vault === null) return { refused, readOnly: null, findings: [] };
    try {
      const readOnly = vault.db.readOnlyBecause;
      const verdict = await checkVault(vault, {
        objects: 'presence',
        progress: () => undefined,
        signal: new AbortController().signal,
      });
      look(vault);
      return { refused, readOnly, findings: verdict.findings.map((finding) => finding.code) };
    } finally {
      await vault.close();
    }
  } finally {
    copy.remove();
  }
};

/** True where the fault went by without a word. */
export const isSilent = (outcome: Outcome): boolean =>
  outcome.refused === null && outcome.readOnly === null && outcome.findings.length === 0;
