import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { createMachineSecret } from './machine-secret.ts';
import type { SecretStore } from './machine-secret.ts';

vi.mock('electron', () => ({ safeStorage: {} }));

/** A desktop's store: what one encrypts, another profile's cannot open. */
const desktop = (backend = 'gnome_libsecret', mask = 0x5a) => {
  const flip = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => byte ^ mask));
  const state = { available: true, rotated: false, encrypted: 0 };
  const store: SecretStore = {
    isAsyncEncryptionAvailable: () => Promise.resolve(state.available),
    getSelectedStorageBackend: () => backend,
    encryptStringAsync: (text) => {
      state.encrypted += 1;
      return Promise.resolve(flip(Buffer.from(`v1${text}`)));
    },
    decryptStringAsync: (bytes) => {
      const text = flip(bytes).toString('latin1');
      if (!text.startsWith('v1')) return Promise.reject(new Error('not ours'));
      return Promise.resolve({ result: text.slice(2), shouldReEncrypt: state.rotated });
    },
  };
  return { store, state };
};

describe('the secret of this computer', () => {
  let profileFolder: string;
  beforeEach(() => {
    profileFolder = mkdtempSync(join(tmpdir(), 'resguardo-machine-'));
  });
  afterEach(() => rmSync(profileFolder, { recursive: true, force: true }));
  const machine = (store: SecretStore, platform: NodeJS.Platform = 'linux') =>
    createMachineSecret({ profileFolder, store, platform });
  const file = (): string => join(profileFolder, 'machine-secret.bin');

  it('is made once and is the same from then on', async () => {
    const { store } = desktop();
    const made = await machine(store).obtain();
    expect(made).toHaveLength(32);
    expect(made?.every((byte) => byte === 0)).toBe(false);
    expect(await machine(store).obtain()).toEqual(made);
  });

  it('is one however many ask for it at once', async () => {
    const { store, state } = desktop();
    const one = machine(store);
    const given = await Promise.all([one.obtain(), one.obtain(), one.obtain()]);
    expect(new Set(given.map((bytes) => bytes?.toString('hex'))).size).toBe(1);
    expect(state.encrypted).toBe(1);
    expect(await machine(store).obtain()).toEqual(given[0]);
  });

  it('never lies bare on the disk', async () => {
    const made = (await machine(desktop().store).obtain()) ?? Buffer.alloc(0);
    expect(made).toHaveLength(32);
    const bytes = readFileSync(file());
    expect(bytes.includes(made)).toBe(false);
    expect(bytes.includes(made.toString('base64'))).toBe(false);
    if (process.platform !== 'win32') expect(statSync(file()).mode & 0o077).toBe(0);
  });

  it.each(['basic_text', 'unknown', 'something new'])(
    'is not offered where the store is %s, and nothing is written',
    async (backend) => {
      const { store, state } = desktop(backend);
      expect(await machine(store).available()).toBe(false);
      expect(await machine(store).obtain()).toBeNull();
      expect(state.encrypted).toBe(0);
      expect(existsSync(file())).toBe(false);
    },
  );

  it.each(['gnome_libsecret', 'kwallet', 'kwallet5', 'kwallet6'])('is offered with %s', async (backend) => {
    expect(await machine(desktop(backend).store).available()).toBe(true);
  });

  it('is offered on Windows and macOS where their store answers, and nowhere else', async () => {
    const { store, state } = desktop('unknown');
    expect(await machine(store, 'win32').available()).toBe(true);
    expect(await machine(store, 'darwin').available()).toBe(true);
    expect(await machine(store, 'freebsd').available()).toBe(false);
    state.available = false;
    expect(await machine(store, 'win32').available()).toBe(false);
  });

  it('a store that throws is a store that is not there', async () => {
    const { store } = desktop();
    const broken = { ...store, isAsyncEncryptionAvailable: () => Promise.reject(new Error('no bus')) };
    expect(await machine(broken).available()).toBe(false);
  });

  it('another profile cannot read it, and does not overwrite it', async () => {
    const mine = desktop();
    const made = await machine(mine.store).obtain();
    expect(await machine(desktop('gnome_libsecret', 0x33).store).obtain()).toBeNull();
    expect(await machine(mine.store).obtain()).toEqual(made);
  });

  it('is encrypted again when the store has changed its key', async () => {
    const { store, state } = desktop();
    const made = await machine(store).obtain();
    state.rotated = true;
    expect(await machine(store).obtain()).toEqual(made);
    expect(state.encrypted).toBe(2);
    expect(await machine(store).obtain()).toEqual(made);
  });
});
