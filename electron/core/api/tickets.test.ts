import { describe, expect, test } from 'vitest';
import type { Power } from '#shared/contract/define.ts';
import { z } from 'zod';
import type { TicketPurpose } from '../context.ts';
import { createNodeRandom } from '../ports/node/node-random.ts';
import type { Session } from '../session.ts';
import { createTickets } from './tickets.ts';

const purpose = (name: string): TicketPurpose<{ what: string }> => ({
  purpose: name,
  payload: z.object({ what: z.string() }).strict(),
  power: 'keys',
  prover: 'self',
  describe: () => ({}),
});
const one = purpose('one');
const two = purpose('two');
/** Of a session a ticket looks at two things: which one it is, and what its person may do. */
const session = (powers: readonly Power[] = ['read', 'keys']): Session => ({ actor: { powers } }) as Session;

const make = () => {
  let now = 1_000;
  const tickets = createTickets(
    {
      random: createNodeRandom(),
      clock: { now: () => now, monotonic: () => now, zone: () => 'UTC' },
    },
    [one, two],
  );
  return {
    tickets,
    wait: (ms: number) => {
      now += ms;
    },
  };
};

const codeOf = (work: () => unknown): string | null => {
  try {
    work();
    return null;
  } catch (thrown) {
    return (thrown as { code: string }).code;
  }
};

describe('tickets', () => {
  test('belong to one purpose and one session', () => {
    const { tickets } = make();
    const mine = session();
    const { id } = tickets.issue(mine, one, { what: 'a' });
    expect(tickets.need(mine, one, id).payload).toEqual({ what: 'a' });
    expect(codeOf(() => tickets.need(mine, two, id))).toBe('ticket.unknown');
    expect(codeOf(() => tickets.need(session(), one, id))).toBe('ticket.unknown');
    expect(codeOf(() => tickets.any(mine, '0'.repeat(32)))).toBe('ticket.unknown');
    expect(tickets.purpose('two')).toBe(two);
    expect(codeOf(() => tickets.purpose('three'))).toBe('call.invalidInput');
  });

  test('end for whoever lost in this session what it takes', () => {
    const { tickets } = make();
    const powers: Power[] = ['read', 'keys'];
    const mine = session(powers);
    const ticket = tickets.issue(mine, one, { what: 'a' });
    ticket.markProven();
    powers.pop();
    expect(codeOf(() => tickets.any(mine, ticket.id))).toBe('call.notAllowed');
    expect(codeOf(() => tickets.need(mine, one, ticket.id))).toBe('call.notAllowed');
    expect(codeOf(() => tickets.take(mine, one, ticket.id))).toBe('call.notAllowed');
    powers.push('keys');
    expect(tickets.take(mine, one, ticket.id)).toEqual({ what: 'a' });
  });

  test('are taken once, and only when proven', () => {
    const { tickets } = make();
    const mine = session();
    const ticket = tickets.issue(mine, one, { what: 'a' });
    expect(codeOf(() => tickets.take(mine, one, ticket.id))).toBe('ticket.notProven');
    ticket.markProven();
    expect(tickets.take(mine, one, ticket.id)).toEqual({ what: 'a' });
    expect(codeOf(() => tickets.take(mine, one, ticket.id))).toBe('ticket.unknown');
  });

  test('live ten minutes', () => {
    const { tickets, wait } = make();
    const mine = session();
    const { id, expiresAtMs } = tickets.issue(mine, one, { what: 'a' });
    expect(expiresAtMs).toBe(1_000 + 600_000);
    wait(599_999);
    expect(tickets.any(mine, id).id).toBe(id);
    wait(1);
    expect(codeOf(() => tickets.any(mine, id))).toBe('ticket.unknown');
  });

  test('wipe what was kept for them however they end: used, expired, pushed out, lock', () => {
    const { tickets, wait } = make();
    const mine = session();
    const wiped: string[] = [];
    const give = (name: string) => {
      const ticket = tickets.issue(mine, one, { what: name });
      ticket.onEnd(() => wiped.push(name));
      return ticket;
    };
    const used = give('used');
    used.end();
    used.end();
    expect(wiped).toEqual(['used']);
    give('expired');
    wait(600_000);
    give('pushed');
    expect(wiped).toEqual(['used', 'expired']);
    for (let n = 0; n < 16; n += 1) give(`more ${n}`);
    expect(wiped).toEqual(['used', 'expired', 'pushed']);
    tickets.clear();
    expect(wiped).toHaveLength(19);
  });

  test('two purposes of one name are a mistake of the program', () => {
    const clock = { now: () => 0, monotonic: () => 0, zone: () => 'UTC' };
    expect(() => createTickets({ random: createNodeRandom(), clock }, [one, purpose('one')])).toThrow(
      RangeError,
    );
  });
});
