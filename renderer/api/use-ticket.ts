import { useState } from 'react';
import { host } from './bridge.ts';
import { queryClient } from './client.ts';

export interface TicketAsk {
  /** The small window is open, or being opened. */
  readonly busy: boolean;
  readonly error: unknown;
  /**
   * Gets a ticket, has the passphrase typed in the small window, then does what is left (`after`). Says whether
   * all of it is done.
   */
  ask(prepare: () => Promise<string>, after?: (ticket: string) => Promise<unknown>): Promise<boolean>;
}

/** What needs a passphrase although the vault is open: it is typed in a window of its own, never here. */
export function useTicket(): TicketAsk {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const ask: TicketAsk['ask'] = async (prepare, after) => {
    setBusy(true);
    setError(null);
    try {
      const ticket = await prepare();
      const done = await host().askPassphrase(ticket);
      if (done && after !== undefined) await after(ticket);
      // Accesses, keys and copies hang together: what is shown of them is asked for again.
      if (done) await queryClient.invalidateQueries();
      return done;
    } catch (thrown) {
      setError(thrown);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, ask };
}
