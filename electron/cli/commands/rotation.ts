import type { CallOutput } from '#shared/contract/index.ts';
import type { Credentials } from '#shared/contract/slots.ts';
import { daySchema } from '#shared/model/common.ts';
import { oneOf, refuseWithout, type Arguments } from '../arguments.ts';
import { withVault, type Client } from '../client.ts';
import { NO_WORDS, valued, type Command } from '../command.ts';
import { dayHere } from '../local-time.ts';
import { table, type Output } from '../output.ts';
import { showProgress } from '../progress.ts';
import { UsageError } from '../usage-error.ts';

type Review = CallOutput<'rotation.review'>;
type Slot = Review['slots'][number];

/** Slots that options name, each by id or by a name that only one has. */
const slotsNamed = (review: Review, wanted: readonly string[]): Slot[] =>
  wanted.map((name) => {
    const found = review.slots.filter((slot) => slot.id === name || slot.name === name);
    const [only] = found;
    if (only === undefined || found.length > 1) throw new UsageError('usage.noSuchSlot', { slot: name });
    return only;
  });

/** Who stays and who goes, and the words that confirm it. */
const listLines = (review: Review, removed: readonly Slot[], output: Output): string[] => {
  const { say } = output.messages;
  const gone = new Set(removed.map((slot) => slot.id));
  return [
    say('rotation.staying'),
    ...table(
      review.slots
        .filter((slot) => !gone.has(slot.id))
        .map((slot) => [
          slot.name,
          say(`slots.kind.${slot.kind}`),
          dayHere(slot.since),
          say('rotation.addedBy', { name: slot.addedBy }),
        ]),
    ),
    ...(removed.length === 0 ? [] : [say('rotation.leaving'), ...removed.map((slot) => `  ${slot.name}`)]),
    ...review.olderCopies.map((copy) =>
      say('rotation.olderCopy', { name: copy.name, count: copy.copies, day: dayHere(copy.lastAt) }),
    ),
  ];
};

interface Order {
  readonly remove: readonly string[];
  readonly reassignTo?: string | undefined;
  /** Without asking: the list is taken as it stands. */
  readonly now: boolean;
}

const rotate = async (
  client: Client,
  own: Credentials,
  args: Arguments,
  output: Output,
  order: Order,
): Promise<number> => {
  const { say } = output.messages;
  const review = await client.call('rotation.review', {});
  const removed = slotsNamed(review, order.remove);
  const [successor] = order.reassignTo === undefined ? [] : slotsNamed(review, [order.reassignTo]);
  const confirmed = args.value('confirm');
  if (confirmed === undefined && !order.now) {
    output.result({ review, removed: removed.map((slot) => slot.id) }, () => [
      ...listLines(review, removed, output),
      say('rotation.confirmWith', { digest: review.digest }),
    ]);
    return 1;
  }
  showProgress(client, output);
  const { ticket } = await client.call('tickets.prepare', {
    purpose: 'rotation.run',
    payload: {
      remove: removed.map((slot) => slot.id),
      ...(successor === undefined ? {} : { reassignTo: successor.id }),
      immediate: order.now,
      reason: args.value('reason') ?? '',
      confirmed: confirmed ?? review.digest,
    },
  });
  await client.call('tickets.prove', { ticket, own });
  const done = await client.call('rotation.run', { ticket });
  output.result(done, () => [
    say('rotation.done', { generation: done.generation, staying: done.staying }),
    ...done.removed.map((slot) => say('rotation.removed', { name: slot.name })),
    ...(done.reassigned === 0 ? [] : [say('rotation.reassigned', { count: done.reassigned })]),
    ...(done.oldFileRemoved ? [] : [say('rotation.oldFileStays')]),
    say('rotation.limits'),
    ...done.olderCopies.map((copy) =>
      say('rotation.olderCopy', { name: copy.name, count: copy.copies, day: dayHere(copy.lastAt) }),
    ),
  ]);
  return 0;
};

const rotateOnly = (args: Arguments, output: Output): Promise<number> =>
  withVault(args, output.messages, (client, own) =>
    rotate(client, own, args, output, { remove: [], now: false }),
  );

const remove = (args: Arguments, output: Output): Promise<number> => {
  const names = args.values('slot');
  if (names.length === 0) throw new UsageError('usage.missingOption', { option: '--slot' });
  return withVault(args, output.messages, (client, own) =>
    rotate(client, own, args, output, {
      remove: names,
      reassignTo: args.value('to'),
      now: args.flag('now'),
    }),
  );
};

const dayOption = (args: Arguments, name: string): string | undefined => {
  const value = args.value(name);
  if (value !== undefined && !daySchema.safeParse(value).success) {
    throw new UsageError('usage.day', { option: `--${name}` });
  }
  return value;
};

const WHAT = ['all', 'opened', 'exported', 'changed'] as const;

const activity = (args: Arguments, output: Output): Promise<number> => {
  refuseWithout(args, 'person', ['what']);
  const fromDay = dayOption(args, 'from');
  const toDay = dayOption(args, 'to');
  const days = {
    ...(fromDay === undefined ? {} : { fromDay }),
    ...(toDay === undefined ? {} : { toDay }),
  };
  const what = oneOf('what', args.value('what') ?? 'all', WHAT);
  return withVault(args, output.messages, async (client) => {
    const { say } = output.messages;
    const name = args.value('person');
    const summary = await client.call('activity.summary', days);
    if (name === undefined) {
      output.result(summary, () => [
        ...table(
          summary.people.map(({ name: person, active, counts }) => [
            person,
            active ? '' : say('activity.left'),
            say('activity.counts', { ...counts }),
          ]),
        ),
        say('activity.limits'),
      ]);
      return 0;
    }
    const found = summary.people.filter((person) => person.slotId === name || person.name === name);
    const [only] = found;
    if (only === undefined || found.length > 1) throw new UsageError('usage.noSuchSlot', { slot: name });
    const rows: CallOutput<'activity.ofPerson'>['rows'][number][] = [];
    for (;;) {
      const page = await client.call('activity.ofPerson', {
        slotId: only.slotId,
        ...days,
        what,
        offset: rows.length,
        limit: 500,
      });
      rows.push(...page.rows);
      if (page.rows.length === 0 || rows.length >= page.total) break;
    }
    output.result({ person: only.name, rows }, () => [
      ...table(
        rows.map((row) => [row.at, say(`activity.${row.what}`), row.caseCode ?? '', row.title, row.method]),
      ),
      say('activity.limits'),
    ]);
    return 0;
  });
};

/** Change of the master key, removal of people and paper, and who read what. */
export const rotationCommands: readonly Command[] = [
  {
    words: ['vault', 'rotate'],
    options: valued('confirm', 'reason'),
    positionals: NO_WORDS,
    form: '--vault DIR [--confirm DIGEST] [--reason TEXT]',
    run: rotateOnly,
  },
  {
    words: ['slots', 'remove'],
    options: { ...valued('to', 'confirm', 'reason'), slot: 'values', now: 'flag' },
    positionals: NO_WORDS,
    form: '--vault DIR --slot NAME... [--to NAME] [--confirm DIGEST | --now] [--reason TEXT]',
    run: remove,
  },
  {
    words: ['activity'],
    options: valued('person', 'from', 'to', 'what'),
    positionals: NO_WORDS,
    form: '--vault DIR [--person NAME] [--from DAY] [--to DAY] [--what opened|exported|changed]',
    run: activity,
  },
];
