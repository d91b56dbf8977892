import type { CallOutput } from '#shared/contract/index.ts';
import type { Arguments } from '../arguments.ts';
import { withVault, type Client } from '../client.ts';
import { NO_WORDS, valued, type Command } from '../command.ts';
import { minuteHere } from '../local-time.ts';
import { table, type Output } from '../output.ts';
import { UsageError } from '../usage-error.ts';

type State = CallOutput<'access.clock'>;

const lines = ({ computer, vault, state, ahead }: State, output: Output): string[] => {
  const { say } = output.messages;
  return [
    ...table([
      [say('clock.computer'), minuteHere(computer)],
      [say('clock.vault'), minuteHere(vault)],
      ...(ahead === null || ahead.lastBefore === null
        ? []
        : [[say('clock.lastBefore'), minuteHere(ahead.lastBefore)]]),
    ]),
    say(`clock.state.${state}`),
    ...(ahead === null
      ? []
      : [
          say('clock.entries', { count: ahead.entries }),
          ...(ahead.permissions === null ? [] : [say('clock.ends', { count: ahead.permissions })]),
        ]),
  ];
};

const show = (args: Arguments, output: Output): Promise<number> =>
  withVault(args, output.messages, async (client) => {
    const state = await client.call('access.clock', {});
    output.result(state, () => lines(state, output));
    return state.state === 'right' ? 0 : 1;
  });

/** The time that was compared with another clock, typed as it was shown. */
const confirmed = (args: Arguments): string | undefined => {
  const typed = args.value('confirm');
  if (typed === undefined) return undefined;
  const ms = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/u.test(typed) ? Date.parse(typed) : Number.NaN;
  if (Number.isNaN(ms)) throw new UsageError('usage.minute', { option: '--confirm' });
  return new Date(ms).toISOString();
};

const settleNow = async (client: Client, args: Arguments, output: Output): Promise<number> => {
  const { say } = output.messages;
  const state = await client.call('access.clock', {});
  const computer = confirmed(args);
  if (computer === undefined && state.ahead !== null) {
    output.result(state, () => [
      ...lines(state, output),
      say('clock.confirmWith', { time: minuteHere(state.computer) }),
    ]);
    return 1;
  }
  const done = await client.call('access.settleClock', {
    computer: computer ?? state.computer,
    reason: args.need('reason'),
  });
  output.result(done, () => [
    say('clock.settled', { time: minuteHere(done.now), count: done.entries }),
    say('clock.ended', { count: done.ended }),
  ]);
  return 0;
};

const settle = (args: Arguments, output: Output): Promise<number> => {
  confirmed(args);
  args.need('reason');
  return withVault(args, output.messages, (client) => settleNow(client, args, output));
};

export const clockCommands: readonly Command[] = [
  {
    words: ['clock', 'settle'],
    options: valued('reason', 'confirm'),
    positionals: NO_WORDS,
    form: '--vault DIR --reason TEXT [--confirm YYYY-MM-DDTHH:MM]',
    run: settle,
  },
  { words: ['clock', 'show'], options: {}, positionals: NO_WORDS, form: '--vault DIR', run: show },
];
