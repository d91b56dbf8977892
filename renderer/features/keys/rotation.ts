import type { z } from 'zod';
import type { rotationSchema } from '#shared/contract/rotation.ts';
import { call } from '../../api/client.ts';
import type { TicketAsk } from '../../api/use-ticket.ts';

/** What `ask` of a ticket takes to change the master key: the passphrase first, then the change itself. */
export const rotation = (payload: z.input<typeof rotationSchema>): Parameters<TicketAsk['ask']> => [
  async () => (await call('tickets.prepare', { purpose: 'rotation.run', payload })).ticket,
  (ticket) => call('rotation.run', { ticket }),
];
