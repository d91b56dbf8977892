import { randomBytes, randomFillSync } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { safeStorage } from 'electron';

/** Stores of a desktop that really keep a secret; `basic_text` is a constant anybody can read in the source. */
const REAL_STORES = ['gnome_libsecret', 'kwallet', 'kwallet5', 'kwallet6'] as const;

export const SECRET_BYTES = 32;

/** The part of Electron's `safeStorage` that is used, so that a test can stand for a desktop. */
export interface SecretStore {
  isAsyncEncryptionAvailable(): Promise<boolean>;
  getSelectedStorageBackend(): string;
  encryptStringAsync(text: string): Promise<Buffer>;
  decryptStringAsync(bytes: Buffer): Promise<{ readonly result: string; readonly shouldReEncrypt: boolean }>;
}

/**
 * A secret of this computer as a *second* factor: mixed into a person's key like a key file, never enough
 * alone. It makes a stolen copy of the vault useless without the computer, and protects nothing that is open.
 * One for all vaults: each key is bound to its vault and slot anyhow. What lies on disk is the secret as the
 * system's store encrypts it.
 */
export const createMachineSecret = (options: {
  profileFolder: string;
  store?: SecretStore;
  platform?: NodeJS.Platform;
}) => {
  const store = options.store ?? safeStorage;
  const platform = options.platform ?? process.platform;
  const file = join(options.profileFolder, 'machine-secret.bin');

  /** A slot is sealed with this secret next: the name must not be lost by a power cut that the slot outlives. */
  const syncFolder = (): void => {
    // Windows has no such call; asked of the system that runs, whatever a test plays.
    if (process.platform === 'win32') return;
    const folder = openSync(options.profileFolder, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  };

  const keep = (bytes: Buffer): void => {
    mkdirSync(options.profileFolder, { recursive: true, mode: 0o700 });
    const fresh = `${file}.${randomBytes(4).toString('hex')}`;
    writeFileSync(fresh, bytes, { mode: 0o600, flush: true });
    renameSync(fresh, file);
    syncFolder();
  };

  /** Whether this computer has a store that keeps a secret. Asked anew each time: a desktop may be unlocked late. */
  const available = async (): Promise<boolean> => {
    try {
      if (!(await store.isAsyncEncryptionAvailable())) return false;
      if (platform !== 'linux') return platform === 'win32' || platform === 'darwin';
      return (REAL_STORES as readonly string[]).includes(store.getSelectedStorageBackend());
    } catch {
      return false;
    }
  };

  const make = async (): Promise<Buffer> => {
    const secret = Buffer.allocUnsafeSlow(SECRET_BYTES);
    randomFillSync(secret);
    keep(await store.encryptStringAsync(secret.toString('base64')));
    return secret;
  };
  const read = async (): Promise<Buffer | null> => {
    const { result, shouldReEncrypt } = await store.decryptStringAsync(readFileSync(file));
    const secret = Buffer.allocUnsafeSlow(SECRET_BYTES);
    if (secret.write(result, 'base64') !== SECRET_BYTES) return null;
    if (shouldReEncrypt) keep(await store.encryptStringAsync(result));
    return secret;
  };

  const obtainNow = async (): Promise<Buffer | null> => {
    if (!(await available())) return null;
    try {
      return existsSync(file) ? await read() : await make();
    } catch {
      return null;
    }
  };

  /** One after the other: two that find no file at once would make two secrets, and the first would be lost. */
  let last: Promise<unknown> = Promise.resolve();

  return {
    available,
    /**
     * The secret, made the first time. The caller hands it on and wipes it. Null where the store is missing or
     * does not open what lies there: that is never replaced, because ways in depend on it.
     */
    obtain(): Promise<Buffer | null> {
      const next = last.then(obtainNow);
      last = next.catch(() => null);
      return next;
    },
  };
};

export type MachineSecret = ReturnType<typeof createMachineSecret>;
