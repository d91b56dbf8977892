import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
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

const joinWindow = (): UnlockWindow => {
  const window = new UnlockWindow();
  shell.post({ type: 'unlockPort' }, [window.port]);
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
