import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { LiveTicket, OpenCall, TicketPurpose } from '../../context.ts';
import { proveOwn, proveSlot, vaultOf } from '../vault/index.ts';
import {
  addPurpose,
  changePurpose,
  costPurpose,
  powersPurpose,
  replacePurpose,
  sharesPurpose,
  wordsPurpose,
} from './purposes.ts';

const issued = (ticket: LiveTicket<unknown>): CallOutput<'tickets.prepare'> => ({
  ticket: ticket.id,
  expiresAt: new Date(ticket.expiresAtMs).toISOString(),
});

const requirePower = (call: OpenCall, purpose: TicketPurpose<unknown>): void => {
  if (!call.session.actor.powers.includes(purpose.power)) throw new AppError('call.notAllowed');
};

/** A ticket for one of the things that this feature does, after its rules were looked at. */
export const prepareSlot = (
  call: OpenCall,
  input: HandlerInput<'slots.prepare'>,
): CallOutput<'slots.prepare'> => {
  const vault = vaultOf(call);
  // Nothing of this can be done in a vault that is open to look only: said before anybody types.
  vault.db.requireWritable();
  const give = <P>(
    purpose: TicketPurpose<P> & { readonly check: (of: typeof vault, payload: P) => void },
    payload: P,
  ): CallOutput<'slots.prepare'> => {
    requirePower(call, purpose);
    purpose.check(vault, payload);
    return issued(call.core.tickets.issue(call.session, purpose, payload));
  };
  switch (input.purpose) {
    case 'slots.add':
      return give(addPurpose, input);
    case 'slots.addWords':
      return give(wordsPurpose, input);
    case 'slots.addShares':
      return give(sharesPurpose, input);
    case 'slots.change':
      return give(changePurpose, input);
    case 'slots.replace':
      return give(replacePurpose, input);
    case 'slots.setPowers':
      return give(powersPurpose, input);
    case 'slots.raiseCost':
      return give(costPurpose, input);
  }
};

/** A ticket for a purpose of any feature, whose payload its own schema judges. */
export const prepareTicket = (
  call: OpenCall,
  input: HandlerInput<'tickets.prepare'>,
): CallOutput<'tickets.prepare'> => {
  const purpose = call.core.tickets.purpose(input.purpose);
  requirePower(call, purpose);
  const payload = purpose.payload.safeParse(input.payload);
  if (!payload.success) throw new AppError('call.invalidInput', { field: 'payload' });
  return issued(call.core.tickets.issue(call.session, purpose, payload.data));
};

/** What the unlock window shows for a ticket. */
export const describeTicket = (
  call: OpenCall,
  input: HandlerInput<'tickets.describe'>,
): CallOutput<'tickets.describe'> => {
  const ticket = call.core.tickets.any(call.session, input.ticket);
  const facts = ticket.purpose.describe(call, ticket.payload);
  return {
    purpose: ticket.purpose.purpose,
    expiresAt: new Date(ticket.expiresAtMs).toISOString(),
    prover: ticket.purpose.prover,
    who: call.session.actor.name,
    subject: facts.subject ?? null,
    needsApprover: facts.needsApprover ?? false,
    confirm: facts.confirm ?? [],
    facts: facts.facts ?? {},
  };
};

/** The right person typed their passphrase for a ticket of another feature. */
export const proveTicket = async (
  call: OpenCall,
  input: HandlerInput<'tickets.prove'>,
): Promise<CallOutput<'tickets.prove'>> => {
  const { core } = call;
  const vault = vaultOf(call);
  const ticket = core.tickets.any(call.session, input.ticket);
  const { purpose } = ticket;
  // Tickets of this feature carry their passphrase with the command itself.
  if (ownPurposes.has(purpose)) throw new AppError('ticket.unknown');
  const proof =
    purpose.prover === 'self'
      ? await proveOwn(core, vault, input.own)
      : await proveSlot(core, vault, input.own);
  try {
    if (purpose.prover === 'other' && proof.slotId === vault.actor.slotId) {
      throw new AppError('slots.secondPersonSame');
    }
    const state = (await purpose.proven?.(call, ticket.payload, proof)) ?? 'proven';
    if (state === 'done') ticket.end();
    else ticket.markProven();
    core.emit({ name: 'tickets.changed', payload: { ticket: ticket.id, state } });
    return {};
  } finally {
    proof.wipe();
  }
};

const ownPurposes: ReadonlySet<unknown> = new Set([
  addPurpose,
  wordsPurpose,
  sharesPurpose,
  changePurpose,
  replacePurpose,
  powersPurpose,
  costPurpose,
]);
