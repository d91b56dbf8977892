import type { ApprovalSubject } from '#shared/contract/approvals.ts';
import type { Arguments, OptionSpec } from './arguments.ts';
import type { Client } from './client.ts';
import { valued } from './command.ts';
import type { Output } from './output.ts';
import { readOtherPassphrase } from './passphrase.ts';
import { Refusal, UsageError } from './usage-error.ts';

/** Where the second person's passphrase comes from, besides a prompt. */
export const SECOND_PASSPHRASE: OptionSpec = valued('second-passphrase-file', 'second-passphrase-fd');

export const isSecondGiven = (args: Arguments): boolean =>
  Object.keys(SECOND_PASSPHRASE).some((name) => args.has(name));

/** Whoever names a second passphrase believes that two people answer for it. @throws Refusal where nobody asks. */
export const refuseIdleSecond = (args: Arguments): void => {
  if (isSecondGiven(args)) throw new Refusal('approval.notAsked');
};

/**
 * The other person's passphrase, typed here, signs exactly this: her session does not replace the one that runs. What it
 * is was noted before.
 * Errors: those of `approvals.ask` and `tickets.prove`; `UsageError` where there is nowhere to type it, or where what was
 * noted went to a file and she would sign it unseen.
 */
export const approveHere = async (
  client: Client,
  args: Arguments,
  output: Output,
  subject: ApprovalSubject,
): Promise<void> => {
  if (!isSecondGiven(args) && !output.isRead) throw new UsageError('passphrase.secondNoTerminal');
  const { ticket } = await client.call('approvals.ask', { subject });
  const passphrase = await readOtherPassphrase(args, output.messages, 'second');
  await client.call('tickets.prove', { ticket, own: { passphrase } });
};
