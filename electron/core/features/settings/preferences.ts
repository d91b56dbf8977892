import { join } from 'node:path';
import { preferencesSchema, type Preferences } from '#shared/contract/work.ts';
import type { HandlerInput } from '#shared/contract/index.ts';
import type { CallContext } from '../../context.ts';
import { writeFileAtomically } from '../../files/atomic-write.ts';
import { withoutUndefined } from '../../without-undefined.ts';

const FILE_NAME = 'preferences.json';
const MAX_BYTES = 4_096;

const DEFAULTS: Preferences = {
  language: 'es',
  colourScheme: 'system',
  density: 'comfortable',
  hideNames: false,
  idleLockMinutes: 10,
};

/** Where no profile folder exists, preferences live as long as the process. */
const inMemory = new WeakMap<CallContext['core'], Preferences>();

/**
 * Preferences of this computer. They are readable before unlocking and therefore hold no name and no path;
 * a file that cannot be read is as good as none.
 */
export async function loadPreferences(call: CallContext): Promise<Preferences> {
  const { disk, platform } = call.core.ports;
  if (platform.profileFolder === null) return inMemory.get(call.core) ?? DEFAULTS;
  try {
    const file = await disk.open(join(platform.profileFolder, FILE_NAME), 'read');
    try {
      const buffer = Buffer.alloc(MAX_BYTES);
      const length = await file.read(buffer, 0);
      const parsed = preferencesSchema
        .partial()
        .safeParse(JSON.parse(buffer.subarray(0, length).toString('utf8')));
      return parsed.success ? { ...DEFAULTS, ...withoutUndefined(parsed.data) } : DEFAULTS;
    } finally {
      await file.close();
    }
  } catch {
    return DEFAULTS;
  }
}

/** @throws AppError `disk.*` where the profile folder cannot be written. */
export async function changePreferences(
  call: CallContext,
  input: HandlerInput<'preferences.set'>,
): Promise<Preferences> {
  const next = { ...(await loadPreferences(call)), ...withoutUndefined(input) };
  const { platform } = call.core.ports;
  if (platform.profileFolder === null) inMemory.set(call.core, next);
  else {
    await call.core.ports.disk.makeFolder(platform.profileFolder);
    await writeFileAtomically(
      call.core.ports,
      join(platform.profileFolder, FILE_NAME),
      Buffer.from(`${JSON.stringify(next, null, 2)}\n`, 'utf8'),
    );
  }
  call.core.emit({ name: 'preferences.changed', payload: {} });
  return next;
}
