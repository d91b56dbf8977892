import { AppError } from '#shared/errors.ts';
import type { LiveTicket, TicketPurpose, Tickets } from '../context.ts';
import type { Clock, Random } from '../ports/index.ts';
import type { Session } from '../session.ts';

const LIFE_MS = 10 * 60_000;
/** Tickets at once; one more ends the oldest. A person has one window for them. */
const MAX_TICKETS = 16;

/** A ticket together with what only this table knows of it. */
interface Held extends LiveTicket<unknown> {
  readonly session: Session;
  /** By the clock that only grows: setting the computer's clock back must not make a ticket live longer. */
  readonly endsAt: number;
}

/**
 * The table of tickets of one core.
 *
 * @param purposes everything that tickets are given for; a name stands once.
 */
export function createTickets(
  { clock, random }: { readonly clock: Clock; readonly random: Random },
  purposes: readonly TicketPurpose<unknown>[],
): Tickets {
  const byName = new Map<string, TicketPurpose<unknown>>();
  for (const purpose of purposes) {
    if (byName.has(purpose.purpose)) throw new RangeError('two purposes of one name');
    byName.set(purpose.purpose, purpose);
  }
  const held = new Map<string, Held>();

  const hold = (session: Session, purpose: TicketPurpose<unknown>, payload: unknown): Held => {
    const id = random.bytes(16).toString('hex');
    const wipes: (() => void)[] = [];
    let proven = false;
    return {
      id,
      session,
      purpose,
      payload,
      endsAt: clock.monotonic() + LIFE_MS,
      expiresAtMs: clock.now() + LIFE_MS,
      get proven() {
        return proven;
      },
      markProven: () => {
        proven = true;
      },
      onEnd: (wipe) => {
        wipes.push(wipe);
      },
      end: () => {
        held.delete(id);
        for (const wipe of wipes.splice(0)) wipe();
      },
    };
  };

  const sweep = (): void => {
    for (const ticket of [...held.values()]) if (clock.monotonic() >= ticket.endsAt) ticket.end();
  };

  const any = (session: Session, id: string): Held => {
    sweep();
    const ticket = held.get(id);
    if (ticket === undefined || ticket.session !== session) throw new AppError('ticket.unknown');
    // Who asked for it may have lost, in this very session, what it takes.
    if (!session.actor.powers.includes(ticket.purpose.power)) throw new AppError('call.notAllowed');
    return ticket;
  };

  const need = <P>(session: Session, purpose: TicketPurpose<P>, id: string): LiveTicket<P> => {
    const ticket = any(session, id);
    // The same constant gave the payload its type when the ticket was issued.
    if (ticket.purpose !== purpose) throw new AppError('ticket.unknown');
    return ticket as unknown as LiveTicket<P>;
  };

  return {
    purpose: (name) => {
      const purpose = byName.get(name);
      if (purpose === undefined) throw new AppError('call.invalidInput', { field: 'purpose' });
      return purpose;
    },
    issue: <P>(session: Session, purpose: TicketPurpose<P>, payload: P): LiveTicket<P> => {
      sweep();
      const ticket = hold(session, purpose, payload);
      held.set(ticket.id, ticket);
      for (const old of [...held.values()]) {
        if (held.size <= MAX_TICKETS) break;
        old.end();
      }
      return ticket as unknown as LiveTicket<P>;
    },
    need,
    any,
    take: (session, purpose, id) => {
      const ticket = need(session, purpose, id);
      if (!ticket.proven) throw new AppError('ticket.notProven');
      ticket.end();
      return ticket.payload;
    },
    clear: () => {
      for (const ticket of [...held.values()]) ticket.end();
    },
  };
}
