import type { z } from 'zod';

/** What a slot may do. Presets are sets of these; see `PRESETS` in `shared/model/roster.ts`. */
export const POWERS = ['read', 'document', 'prepare', 'release', 'keys'] as const;
export type Power = (typeof POWERS)[number];

/**
 * - `query` reads and is answered at once;
 * - `command` changes something and goes through the single-writer queue;
 * - `task` takes long: it reports progress as `tasks.changed`, can be cancelled with
 *   `tasks.cancel`, and queues its own short writes.
 */
export type MethodKind = 'query' | 'command' | 'task';

/** Which host window or program may call: the unlock window alone sees passphrases. */
export type Surface = 'any' | 'unlock';

export interface Method<
  I extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
  K extends MethodKind = MethodKind,
  S extends 'none' | 'open' = 'none' | 'open',
> {
  readonly kind: K;
  readonly input: I;
  readonly output: O;
  /** `none`: callable while locked. `open`: an unlocked vault is needed. */
  readonly session: S;
  readonly power: Power | null;
  readonly surface: Surface;
  /**
   * A task that nothing may write beside: it takes the writer's turn and starts only while no other task runs.
   */
  readonly exclusive: boolean;
  /** A step of something longer in the unlock window: its success does not end that window. */
  readonly step: boolean;
}

interface Options<I extends z.ZodType, O extends z.ZodType, S extends 'none' | 'open'> {
  input: I;
  output: O;
  session?: S;
  power?: Power | null;
  surface?: Surface;
  exclusive?: boolean;
  step?: boolean;
}

const method =
  <K extends MethodKind>(kind: K, defaultPower: Power) =>
  <I extends z.ZodType, O extends z.ZodType, S extends 'none' | 'open' = 'open'>(
    options: Options<I, O, S>,
  ): Method<I, O, K, S> => ({
    kind,
    input: options.input,
    output: options.output,
    session: options.session ?? ('open' as S),
    power: options.power === undefined ? (options.session === 'none' ? null : defaultPower) : options.power,
    surface: options.surface ?? 'any',
    exclusive: options.exclusive ?? false,
    step: options.step ?? false,
  });

/** Declares a read. Needs the power `read` unless said otherwise. */
export const query = method('query', 'read');
/** Declares a change. Needs the power `document` unless said otherwise. */
export const command = method('command', 'document');
/** Declares long work. Needs the power `document` unless said otherwise. */
export const task = method('task', 'document');
