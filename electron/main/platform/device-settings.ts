import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

/**
 * What this computer remembers while everything is locked: readable to whoever takes it. Places and dates
 * of vaults, the language, what locking was seen to do. No person, no office, no case, no passphrase.
 */
const settingsSchema = z
  .object({
    language: z.enum(['es', 'en']),
    vaults: z
      .array(
        z
          .object({
            id: z.string(),
            path: z.string(),
            ordinal: z.number().int().min(1),
            lastOpenedMs: z.number().int(),
          })
          .strict(),
      )
      .max(50),
    triggersSeen: z.record(z.string(), z.number().int()),
    contentProtection: z.boolean(),
    idleSeconds: z.number().int().min(30).max(7_200),
    clipboardClearSeconds: z.number().int().min(5).max(600),
    /** The panic key that the person prefers; `off` for none. */
    lockShortcut: z.string().max(40).nullable().default(null),
  })
  .strict();
export type DeviceSettings = z.infer<typeof settingsSchema>;

const INITIAL: DeviceSettings = {
  language: 'es',
  vaults: [],
  triggersSeen: {},
  contentProtection: true,
  idleSeconds: 600,
  clipboardClearSeconds: 30,
  lockShortcut: null,
};

export const openDeviceSettings = (folder: string) => {
  const file = join(folder, 'device.json');
  const load = (): DeviceSettings => {
    try {
      const parsed = settingsSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
      return parsed.success ? parsed.data : INITIAL;
    } catch {
      return INITIAL;
    }
  };
  let current = load();
  return {
    get: (): DeviceSettings => current,
    update(change: Partial<DeviceSettings>): void {
      current = { ...current, ...change };
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        const fresh = `${file}.${randomBytes(4).toString('hex')}`;
        writeFileSync(fresh, JSON.stringify(current), { mode: 0o600 });
        renameSync(fresh, file);
      } catch {
        // A full disk must not keep anybody from working or from locking: the settings hold for this run.
      }
    },
    /** Notes that a vault folder was opened now. */
    opened(path: string, nowMs: number): void {
      const known = current.vaults.find((vault) => vault.path === path);
      const ordinal = known?.ordinal ?? Math.max(0, ...current.vaults.map((vault) => vault.ordinal)) + 1;
      const id = known?.id ?? randomBytes(9).toString('base64url');
      const others = current.vaults.filter((vault) => vault.path !== path);
      this.update({ vaults: [{ id, path, ordinal, lastOpenedMs: nowMs }, ...others].slice(0, 20) });
    },
  };
};

export type DeviceSettingsStore = ReturnType<typeof openDeviceSettings>;
