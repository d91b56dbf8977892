import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { contract } from '#shared/contract/index.ts';
import { hostEngine } from '../../electron/core/engine-host.ts';
import type { WirePort } from '../../electron/core/wire-port.ts';
import type {
  EngineSettings,
  FromEngine,
  Grant,
  PortAnswer,
  ToEngine,
} from '../../shared/contract/engine-wire.ts';
import { freshFolder, PASSPHRASE, realPorts } from '../faults/support/ports.ts';

/** The shell's side of the engine's port: what Electron would carry, as structured clones. */
class Shell {
  readonly said: FromEngine[] = [];
  readonly #toEngine = new EventEmitter();
  readonly #fromEngine = new EventEmitter();

  constructor() {
    hostEngine(
      {
        postMessage: (message) => {
          this.said.push(structuredClone(message) as FromEngine);
          this.#fromEngine.emit('said');
        },
        on: (_event, listener) => this.#toEngine.on('message', listener),
      },
      (settings) =>
        Promise.resolve({ ...realPorts(), platform: { ...settings, localNames: settings.localNames } }),
    );
  }

  post(message: ToEngine, ports: readonly WirePort[] = []): void {
    this.#toEngine.emit('message', { data: structuredClone(message), ports });
  }

  async until<T extends FromEngine['type']>(type: T): Promise<Extract<FromEngine, { type: T }>> {
    for (;;) {
      const index = this.said.findIndex((message) => message.type === type);
      const found = this.said[index];
      if (found !== undefined) {
        this.said.splice(index, 1);
        return found as Extract<FromEngine, { type: T }>;
      }
      await new Promise((resolve) => this.#fromEngine.once('said', resolve));
    }
  }
}

/** The unlock window's end of its port. */
class UnlockWindow {
  readonly #toEngine = new EventEmitter();
  readonly #answers = new EventEmitter();
  #lastId = 0;

  readonly port: WirePort = {
    postMessage: (message) => {
      const answer = message as PortAnswer;
      this.#answers.emit(String(answer.id), answer.result);
    },
    on: (_event, listener) => this.#toEngine.on('message', listener),
  };

  call(method: string, input: unknown): Promise<PortAnswer['result']> {
    const id = (this.#lastId += 1);
    return new Promise((resolve) => {
      this.#answers.once(String(id), resolve);
      this.#toEngine.emit('message', { data: { id, method, input } });
    });
  }
}

const settings: EngineSettings = {
  host: 'preview',
  practiceOnly: true,
  profileFolder: null,
  localNames: [],
  version: '0.0.0',
  logFolder: null,
};
const GRANT = 'ab'.repeat(16);
let base: ReturnType<typeof freshFolder>;
let shell: Shell;

beforeEach(async () => {
  base = freshFolder();
  shell = new Shell();
  shell.post({ type: 'start', settings });
  await shell.until('ready');
});
afterEach(async () => {
  shell.post({ type: 'lock' });
  await shell.until('locked');
  base.remove();
});

const vaultGrant = (mode: 'create' | 'open'): Grant => ({
  id: GRANT,
  kind: 'vault',
  path: join(base.path, 'vault'),
  name: 'vault',
  mode,
});

const create = {
  folder: GRANT,
  use: 'practice',
  ownerName: 'Ana Ruiz',
  passphrase: PASSPHRASE,
  cost: { ops: 3, memoryBytes: 64 * 1024 * 1024 },
};

const joinWindow = (ticket: string | null = null): UnlockWindow => {
  const window = new UnlockWindow();
  shell.post({ type: 'unlockPort', ticket }, [window.port]);
  return window;
};

test('a vault is made over the unlock port only, used over calls, and locked', async () => {
  shell.post({ type: 'grant', grant: vaultGrant('create') });
  expect((await shell.until('granted')).refused).toBeNull();
  // The same method asked for by the main window is refused: passphrases never go through the shell.
  shell.post({ type: 'call', id: 1, method: 'vault.create', input: create });
  expect((await shell.until('answer')).result).toMatchObject({
    ok: false,
    error: { code: 'call.notAllowed' },
  });

  const window = joinWindow();
  await new Promise((resolve) => setImmediate(resolve));
  const weak = await window.call('vault.create', { ...create, passphrase: 'corta' });
  expect(weak).toMatchObject({ ok: false, error: { code: 'vault.passphraseTooWeak' } });
  expect(shell.said.some((message) => message.type === 'attemptFailed')).toBe(false);
  expect(await window.call('vault.create', create)).toMatchObject({ ok: true, value: { state: 'open' } });
  expect((await shell.until('opened')).vault).toBe(GRANT);
  expect((await shell.until('hostSettings')).settings).toMatchObject({ idleSeconds: 600 });

  shell.post({ type: 'call', id: 2, method: 'vault.info', input: {} });
  expect(await shell.until('answer')).toMatchObject({
    id: 2,
    result: { ok: true, value: { use: 'practice' } },
  });
  shell.post({ type: 'lock' });
  await shell.until('locked');
  shell.post({ type: 'call', id: 3, method: 'vault.info', input: {} });
  expect((await shell.until('answer')).result).toMatchObject({ ok: false, error: { code: 'call.locked' } });
  // A lock that was asked for is no reason to lock again.
  expect(shell.said.some((message) => message.type === 'lockMe')).toBe(false);

  const again = joinWindow();
  await new Promise((resolve) => setImmediate(resolve));
  const wrong = await again.call('vault.unlock', { folder: GRANT, passphrase: 'otra frase distinta' });
  expect(wrong).toMatchObject({ ok: false, error: { code: 'vault.wrongPassphrase' } });
  expect(await shell.until('attemptFailed')).toMatchObject({
    vault: GRANT,
    ticket: null,
    failure: { code: 'vault.wrongPassphrase' },
  });
  expect(await again.call('vault.unlock', { folder: GRANT, passphrase: PASSPHRASE })).toMatchObject({
    ok: true,
  });
});

test('a folder that is no vault is refused before anybody types', async () => {
  shell.post({ type: 'grant', grant: vaultGrant('open') });
  expect((await shell.until('granted')).refused).toEqual({ code: 'vault.notFound' });
});

test('a ticket: a step keeps its window, a wrong passphrase brings a fresh one, success closes it, and nothing locks', async () => {
  shell.post({ type: 'grant', grant: vaultGrant('create') });
  const window = joinWindow();
  await new Promise((resolve) => setImmediate(resolve));
  await window.call('vault.create', create);
  await shell.until('opened');
  const prepare = { purpose: 'slots.addWords', name: 'Palabras', language: 'es' };
  shell.post({ type: 'call', id: 1, method: 'slots.prepare', input: prepare });
  const answer = (await shell.until('answer')).result;
  const { ticket } = z
    .object({ ok: z.literal(true), value: z.object({ ticket: z.string() }) })
    .parse(answer).value;
  const said = (type: FromEngine['type']): boolean => shell.said.some((message) => message.type === type);

  expect(await window.call('tickets.describe', { ticket })).toMatchObject({
    ok: true,
    value: { purpose: 'slots.addWords', subject: { name: 'Palabras', kind: 'words' } },
  });
  const first = joinWindow(ticket);
  await new Promise((resolve) => setImmediate(resolve));
  await first.call('slots.draw', { ticket, own: { passphrase: 'otra frase distinta' } });
  expect(await shell.until('attemptFailed')).toMatchObject({
    vault: null,
    ticket,
    failure: { code: 'vault.wrongPassphrase' },
  });
  const fresh = joinWindow(ticket);
  await new Promise((resolve) => setImmediate(resolve));
  const drawn = await fresh.call('slots.draw', { ticket, own: { passphrase: PASSPHRASE } });
  const shown = z.object({ ok: z.literal(true), value: contract['slots.draw'].output }).parse(drawn).value;
  expect([said('ticketDone'), said('attemptFailed')]).toEqual([false, false]);
  const words = shown.pages[0]?.words ?? [];
  const back = { ticket, asked: shown.ask.map((one) => words[one.word - 1]), retyped: words.join(' ') };
  await fresh.call('slots.confirm', { ...back, retyped: 'otra cosa' });
  expect([said('ticketDone'), said('attemptFailed')]).toEqual([false, false]);
  expect(await fresh.call('slots.confirm', back)).toMatchObject({ ok: true });
  expect(await shell.until('ticketDone')).toMatchObject({ ticket });
  expect([said('lockMe'), said('opened')]).toEqual([false, false]);
  shell.post({ type: 'call', id: 2, method: 'slots.list', input: {} });
  expect((await shell.until('answer')).result).toMatchObject({ ok: true, value: { hasWords: true } });
});
