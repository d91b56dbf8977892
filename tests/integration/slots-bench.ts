import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCrypto } from '../../electron/core/crypto/load-crypto.ts';
import type { Clock, Crypto } from '../../electron/core/ports/index.ts';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { targetIdSchema, type TargetId } from '#shared/model/ids.ts';
import { PRESETS } from '#shared/model/roster.ts';
import { Bench, PASSPHRASE } from './harness.ts';

const crypto = await loadCrypto();
/** Passphrases of fictional colleagues. */
export const LUIS = 'ventana lluvia motor azul cuchara';
export const MARTA = 'papel gallina reloj verde tornillo';
export const NEWER = 'puente limonada invierno tractor nube';

/** A clock that can be made to pass, and whose wall alone can be set. */
const movable = (): Clock & { add(ms: number): void; set(ms: number): void } => {
  let added = 0;
  let set = 0;
  return {
    now: () => Date.now() + added + set,
    monotonic: () => performance.now() + added,
    zone: () => 'UTC',
    add: (ms) => {
      added += ms;
    },
    set: (ms) => {
      set = ms;
    },
  };
};

/** What the test at hand works with: a fresh vault, how often a passphrase was derived, a clock to set forward. */
let current: Bench | null = null;
export const at = {
  get bench(): Bench {
    if (current === null) throw new Error('freshVault was not called');
    return current;
  },
  derivations: 0,
  clock: movable(),
};

const counting: Crypto = {
  ...crypto,
  argon2id13: (...parameters) => {
    at.derivations += 1;
    return crypto.argon2id13(...parameters);
  },
};

/** Call in `beforeEach`. */
export const freshVault = async (): Promise<void> => {
  at.clock = movable();
  current = await new Bench({ ports: { crypto: counting, clock: at.clock } }).create();
  at.derivations = 0;
};

export const codeOf = async (work: () => Promise<unknown>): Promise<string | null> => {
  try {
    await work();
    return null;
  } catch (thrown) {
    return (thrown as { code: string }).code;
  }
};

export const own = { passphrase: PASSPHRASE };

export const ticketFor = async (input: CallInput<'slots.prepare'>): Promise<string> =>
  (await at.bench.call('slots.prepare', input)).ticket;

export const add = async (
  name: string,
  passphrase: string,
  preset: keyof typeof PRESETS = 'team',
  more: {
    approver?: { passphrase: string };
    factor?: 'keyFile' | 'machine';
    keyFile?: TargetId;
    machine?: TargetId;
  } = {},
): Promise<string> => {
  const ticket = await ticketFor({
    purpose: 'slots.add',
    name,
    powers: [...PRESETS[preset]],
    ...(more.factor === undefined ? {} : { factor: more.factor }),
  });
  const made = await at.bench.call('slots.add', {
    ticket,
    own,
    ...(more.approver === undefined ? {} : { approver: more.approver }),
    fresh: {
      passphrase,
      ...(more.keyFile === undefined ? {} : { keyFile: more.keyFile }),
      ...(more.machine === undefined ? {} : { machine: more.machine }),
    },
  });
  return made.slot;
};

export const unlockWith = (input: Omit<CallInput<'vault.unlock'>, 'folder'>): Promise<unknown> =>
  at.bench.call('vault.unlock', { folder: at.bench.vaultTarget('open'), ...input });

export const lock = (): Promise<unknown> => at.bench.call('vault.lock', {});

export const bytesGrant = (bytes: Uint8Array, name = 'bytes'): TargetId => {
  const id = targetIdSchema.parse(at.bench.ports.random.bytes(16).toString('hex'));
  at.bench.core.grant({ id, kind: 'bytes', bytes, name, sizeBytes: bytes.length });
  return id;
};

export const checked = async (): Promise<readonly string[]> =>
  (await at.bench.call('vault.check', {})).findings.map(
    (found) => `${found.part} ${found.code} ${found.subject}`,
  );

/** Something that a team member may write, signed with whatever key the session has. */
export const openingFields: CallInput<'cases.open'> = {
  code: 'X-1',
  title: 'Caso',
  state: 'active',
  summary: '',
  openedDay: '2026-03-01',
  language: { kind: 'notAsked' },
  interpreter: 'needed',
  safeChannel: { medium: '', hours: '', avoid: '' },
  placeOrigin: '',
  placeRefuge: '',
};

export const headerFile = (): Buffer => readFileSync(join(at.bench.vaultFolder, 'vault.json'));

export type Shown = CallOutput<'slots.draw'>;
export const typedBack = (shown: Shown): { asked: string[]; retyped: string } => {
  const page = (n: number): readonly string[] => shown.pages.find((one) => one.page === n)?.words ?? [];
  return {
    asked: shown.ask.map((one) => page(one.page)[one.word - 1] ?? ''),
    retyped: page(shown.retype).join(' '),
  };
};
