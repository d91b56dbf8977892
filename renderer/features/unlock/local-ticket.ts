/** A window for a passphrase that no ticket of the engine stands behind: a rehearsal of a backup. */
const REHEARSAL = 'rehearse:';

export const rehearsalTicket = (target: string): string => REHEARSAL + target;

/** The backup that a window is to rehearse, or null. */
export const rehearsedTarget = (ticket: string): string | null =>
  ticket.startsWith(REHEARSAL) ? ticket.slice(REHEARSAL.length) : null;
