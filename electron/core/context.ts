import type { z } from 'zod';
import type { CoreEvent } from '#shared/contract/events.ts';
import type { Grant } from '#shared/contract/engine-wire.ts';
import type { Power } from '#shared/contract/define.ts';
import type { TicketDescription } from '#shared/contract/slots.ts';
import type { TaskId } from '#shared/model/ids.ts';
import type { ParserClient } from '#shared/parser/jobs.ts';
import type { ErrorCode } from '#shared/errors.ts';
import type { SlotKeys } from './crypto/key-hierarchy.ts';
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

/**
 * What a typed passphrase proved. Holds secrets: `masterKey` and `slotSecret` are 32 bytes, `keys` the pairs of
 * that person. Whoever asked for it calls `wipe` in a `finally`.
 */
export interface SlotProof {
  readonly slotId: string;
  readonly name: string;
  readonly powers: readonly Power[];
  readonly keys: SlotKeys;
  readonly slotSecret: Buffer;
  readonly masterKey: Buffer;
  wipe(): void;
}

/** The part of a ticket's description that its purpose knows; the rest is the same for all. */
export type TicketFacts = Partial<Pick<TicketDescription, 'subject' | 'needsApprover' | 'confirm' | 'facts'>>;

/**
 * One thing that needs a passphrase although the vault is open. A feature makes one constant of it for each such
 * thing and hands it to `createCore`; nobody else needs to know it.
 */
export interface TicketPurpose<P> {
  readonly purpose: string;
  /** What the main window gives to `tickets.prepare`; checked strictly. */
  readonly payload: z.ZodType<P>;
  /** Power of the session that may ask for it. */
  readonly power: Power;
  /** Whose passphrase: the session's own person, or anybody but that one. */
  readonly prover: 'self' | 'other';
  /** What the unlock window shows before anybody types. */
  describe(call: OpenCall, payload: P): TicketFacts;
  /**
   * Called by `tickets.prove` with the proof, which is wiped afterwards: an approval signs here. Gives `done` where
   * nothing is left for the main window to do. Left out: the ticket is marked as proven and waits to be taken.
   */
  proven?(call: OpenCall, payload: P, proof: SlotProof): 'proven' | 'done' | Promise<'proven' | 'done'>;
}

/** A ticket that is good at this moment. */
export interface LiveTicket<P> {
  readonly id: string;
  readonly purpose: TicketPurpose<P>;
  readonly payload: P;
  /** Milliseconds since epoch, for showing. */
  readonly expiresAtMs: number;
  readonly proven: boolean;
  markProven(): void;
  /** Runs once when the ticket ends, however it ends: wipes what was kept for it. */
  onEnd(wipe: () => void): void;
  /** Uses it up. */
  end(): void;
}

/**
 * Permissions to type a passphrase: good once, for ten minutes, in the session that they were given in; lock ends
 * them all. A wrong passphrase does not use one up.
 */
export interface Tickets {
  /** The purpose of that name. Errors: `call.invalidInput`. */
  purpose(name: string): TicketPurpose<unknown>;
  issue<P>(session: Session, purpose: TicketPurpose<P>, payload: P): LiveTicket<P>;
  /** A good ticket of that purpose, whose power the session's person still holds. Errors: `ticket.unknown`, `call.notAllowed`. */
  need<P>(session: Session, purpose: TicketPurpose<P>, id: string): LiveTicket<P>;
  /** A good ticket of any purpose, as `need`. Errors: `ticket.unknown`, `call.notAllowed`. */
  any(session: Session, id: string): LiveTicket<unknown>;
  /** Uses up a proven ticket and gives its payload. Errors: `ticket.unknown`, `call.notAllowed`, `ticket.notProven`. */
  take<P>(session: Session, purpose: TicketPurpose<P>, id: string): P;
  clear(): void;
}

/** Everything that lives as long as the core does. */
export interface CoreContext {
  readonly ports: Ports;
  readonly parser: ParserClient;
  readonly grants: Grants;
  readonly views: Views;
  readonly tickets: Tickets;
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
