import type { CoreEvent } from '#shared/contract/events.ts';
import type { Grant } from '#shared/contract/engine-wire.ts';
import type { TaskId } from '#shared/model/ids.ts';
import type { ParserClient } from '#shared/parser/jobs.ts';
import type { ErrorCode } from '#shared/errors.ts';
import type { DbContext } from './db/index.ts';
import type { Ports } from './ports/index.ts';
import type { Session } from './session.ts';

/** What a running long task may do. */
export interface TaskHandle {
  readonly id: TaskId;
  /** Aborted by `tasks.cancel` and by lock. Check it between steps; pass it to ports. */
  readonly signal: AbortSignal;
  /** Tells how far the work is. Cheap: at most ten events a second go out. */
  progress(stage: string, done: number, total: number, unit: 'bytes' | 'items'): void;
  /** Name shown beside the task: a file or recipient that the person chose. */
  describe(subject: string): void;
}

/** Paths (or bytes) that a person granted by a dialogue, a drop or an argument; methods name them by id. */
export interface Grants {
  add(grant: Grant): void;
  /** Errors: `evidence.targetUnknown`. */
  need(id: string): Grant;
}

/** Parts of a thing shown in the viewer, by one-use tokens. */
export interface Views {
  /** Registers something to be shown; gives the token. `read` is called for each asked part. */
  offer(view: ViewSource): string;
  find(token: string): ViewSource | null;
}
export interface ViewSource {
  readonly mime: string;
  readonly totalBytes: number;
  read(start: number, end: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Everything that lives as long as the core does. */
export interface CoreContext {
  readonly ports: Ports;
  readonly parser: ParserClient;
  readonly grants: Grants;
  readonly views: Views;
  emit(event: CoreEvent): void;
  /** The unlocked vault, or null. Set by `features/vault` only. */
  session: Session | null;
  /** New record id: UUIDv7 from the clock and random ports. */
  newId(): string;
  /** The local log's only door for use cases. */
  log(name: string, code?: ErrorCode): void;
}

/** What one call gets besides its input. */
export interface CallContext {
  readonly core: CoreContext;
  readonly method: string;
  readonly task: TaskHandle | null;
}

/** The same with an open vault; handlers of `session: 'open'` methods get this one. */
export interface OpenCall extends CallContext, DbContext {
  readonly session: Session;
}
