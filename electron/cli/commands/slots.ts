import { createInterface } from 'node:readline';
import { POWERS, type Power } from '#shared/contract/define.ts';
import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { slotIdSchema, type Credentials, type SlotRow } from '#shared/contract/slots.ts';
import { languageSchema, type Language } from '#shared/model/common.ts';
import { PRESETS, type Preset } from '#shared/model/roster.ts';
import { mebibytes } from '#shared/rules/memory-text.ts';
import { oneOf, refuseWithout, type Arguments, type OptionSpec } from '../arguments.ts';
import { withCore, withVault, type Client } from '../client.ts';
import { NO_WORDS, ONE_WORD, valued, type Command } from '../command.ts';
import { idOf, maybeId } from '../ids.ts';
import { dayHere } from '../local-time.ts';
import { table, type Output } from '../output.ts';
import { readOtherPassphrase } from '../passphrase.ts';
import { refuseExisting } from '../paths.ts';
import { Refusal, UsageError } from '../usage-error.ts';

const NEW_SECRET: OptionSpec = {
  'new-passphrase-file': 'value',
  'new-passphrase-fd': 'value',
  'new-key-file': 'value',
  'editable-key-file': 'flag',
};
const SECOND_SECRET: OptionSpec = {
  'second-passphrase-file': 'value',
  'second-passphrase-fd': 'value',
  'second-key-file': 'value',
};
const POWERS_OPTIONS: OptionSpec = { preset: 'value', power: 'values' };

const whole = (args: Arguments, name: string): number | undefined => {
  const value = args.value(name);
  if (value === undefined) return undefined;
  if (!/^\d{1,9}$/u.test(value)) throw new UsageError('usage.number', { option: `--${name}` });
  return Number(value);
};

const needWhole = (args: Arguments, name: string): number => {
  args.need(name);
  return whole(args, name) ?? 0;
};

const powersOf = (args: Arguments): Power[] => {
  const preset = args.value('preset');
  const single = args.values('power');
  if ((preset === undefined) === (single.length === 0)) throw new UsageError('usage.presetOrPowers');
  return preset === undefined
    ? single.map((power) => oneOf('power', power, POWERS))
    : [...PRESETS[oneOf('preset', preset, Object.keys(PRESETS) as Preset[])]];
};

const languageOf = (args: Arguments, output: Output): Language =>
  args.value('words-language') === undefined
    ? output.messages.language
    : oneOf('words-language', args.need('words-language'), languageSchema.options);

/** The slot that was named: by id, or by a name that only one has. */
const slotNamed = async (client: Client, wanted: string): Promise<SlotRow> => {
  const { rows } = await client.call('slots.list', {});
  const found = rows.filter((row) => row.id === wanted || row.name === wanted);
  const [only] = found;
  if (only === undefined || found.length > 1) throw new UsageError('usage.noSuchSlot', { slot: wanted });
  return only;
};

const fresh = async (
  client: Client,
  args: Arguments,
  output: Output,
): Promise<CallInput<'slots.add'>['fresh']> => {
  const keyFile = args.value('new-key-file');
  return {
    passphrase: await readOtherPassphrase(args, output.messages, 'new'),
    ...(keyFile === undefined ? {} : { keyFile: await client.grantFile(keyFile) }),
    editableKeyFile: args.flag('editable-key-file'),
  };
};

/**
 * The second coordinator's secret, where the ticket wants one.
 *
 * @throws Refusal `slots.secondNotAsked` where one is given and nobody asks: whoever gave it believes that two answer for it.
 */
const approver = async (
  client: Client,
  args: Arguments,
  output: Output,
  ticket: string,
): Promise<{ approver?: Credentials }> => {
  const { needsApprover } = await client.call('tickets.describe', { ticket });
  if (!needsApprover) {
    if (Object.keys(SECOND_SECRET).some((name) => args.has(name))) throw new Refusal('slots.secondNotAsked');
    return {};
  }
  const keyFile = args.value('second-key-file');
  return {
    approver: {
      passphrase: await readOtherPassphrase(args, output.messages, 'second'),
      ...(keyFile === undefined ? {} : { keyFile: await client.grantFile(keyFile) }),
    },
  };
};

const list = (args: Arguments, output: Output): Promise<number> =>
  withVault(args, output.messages, async (client) => {
    const found = await client.call('slots.list', { retired: args.flag('retired') });
    const { say } = output.messages;
    const state = (row: SlotRow): string =>
      [
        row.retired ? say('slots.retired') : '',
        row.own ? say('slots.own') : '',
        row.cost === 'old' ? say('slots.oldCost') : '',
        row.factor === 'none' ? '' : say(`slots.factor.${row.factor}`),
        row.shares === null ? '' : say('slots.pages', { needed: row.shares.needed, pages: row.shares.pages }),
      ]
        .filter((part) => part !== '')
        .join(', ');
    output.result(found, () => [
      ...table(
        found.rows.map((row) => [
          row.id,
          row.name,
          say(`slots.kind.${row.kind}`),
          row.preset === null
            ? row.powers.map((power) => say(`power.${power}`)).join(' ')
            : say(`slots.preset.${row.preset}`),
          dayHere(row.since),
          state(row),
        ]),
      ),
      say('slots.counts', { coordinators: found.coordinators, free: found.free }),
      ...(found.coordinators < 2 ? [say('slots.oneCoordinator')] : []),
      ...(found.hasWords || found.hasShares ? [] : [say('slots.noRecovery')]),
      ...(found.rotationAdvised ? [say('slots.rotate')] : []),
      ...(found.raising === null
        ? []
        : [
            say('slots.waiting', {
              names: found.raising.waiting.map((row) => row.name).join(', '),
              day: dayHere(found.raising.closableFrom),
            }),
          ]),
    ]);
    return 0;
  });

const done = (output: Output, value: unknown, key: string): number => {
  output.result(value, () => [output.messages.say(key)]);
  return 0;
};

const add = (args: Arguments, output: Output): Promise<number> => {
  refuseWithout(args, 'new-key-file', ['editable-key-file']);
  const name = args.need('name');
  const given = powersOf(args);
  return withVault(args, output.messages, async (client, own) => {
    const { ticket } = await client.call('slots.prepare', {
      purpose: 'slots.add',
      name,
      powers: given,
      factor: args.value('new-key-file') === undefined ? 'none' : 'keyFile',
    });
    const made = await client.call('slots.add', {
      ticket,
      own,
      ...(await approver(client, args, output, ticket)),
      fresh: await fresh(client, args, output),
    });
    output.result(made, () => [
      output.messages.say('slots.added'),
      output.messages.say(given.includes('read') ? 'slots.sees' : 'slots.seesNothing'),
    ]);
    return 0;
  });
};

const change = (args: Arguments, output: Output): Promise<number> => {
  refuseWithout(args, 'new-key-file', ['editable-key-file']);
  return withVault(args, output.messages, async (client, own) => {
    const { ticket } = await client.call('slots.prepare', {
      purpose: 'slots.change',
      factor: args.value('new-key-file') === undefined ? 'none' : 'keyFile',
    });
    const made = await client.call('slots.change', {
      ticket,
      own,
      fresh: await fresh(client, args, output),
      exposed: args.flag('exposed'),
    });
    return done(output, made, made.rotationAdvised ? 'slots.changedRotate' : 'slots.changed');
  });
};

const replace = (args: Arguments, output: Output): Promise<number> => {
  refuseWithout(args, 'new-key-file', ['editable-key-file']);
  const slot = args.need('slot');
  return withVault(args, output.messages, async (client, own) => {
    const { ticket } = await client.call('slots.prepare', {
      purpose: 'slots.replace',
      slot: (await slotNamed(client, slot)).id,
      factor: args.value('new-key-file') === undefined ? 'none' : 'keyFile',
    });
    const made = await client.call('slots.replace', {
      ticket,
      own,
      ...(await approver(client, args, output, ticket)),
      fresh: await fresh(client, args, output),
      exposed: args.flag('exposed'),
    });
    return done(output, made, 'slots.replaced');
  });
};

const powers = (args: Arguments, output: Output): Promise<number> => {
  const slot = args.need('slot');
  const given = powersOf(args);
  return withVault(args, output.messages, async (client, own) => {
    const { ticket } = await client.call('slots.prepare', {
      purpose: 'slots.setPowers',
      slot: (await slotNamed(client, slot)).id,
      powers: given,
    });
    const made = await client.call('slots.setPowers', {
      ticket,
      own,
      ...(await approver(client, args, output, ticket)),
    });
    return done(output, made, 'slots.powersSet');
  });
};

/** Lines of the standard input, one at a time, whether a person or a program writes them. */
const lineReader = (): { next(question: string): Promise<string>; close(): void } => {
  const lines = createInterface({ input: process.stdin, terminal: false });
  const waiting = lines[Symbol.asyncIterator]();
  return {
    next: async (question) => {
      process.stderr.write(question);
      const line = await waiting.next();
      if (line.done === true) throw new UsageError('passphrase.cancelled');
      return line.value;
    },
    close: () => {
      lines.close();
    },
  };
};

const CLEAR_SCREEN = '\u001b[2J\u001b[3J\u001b[H';

const showPages = (shown: CallOutput<'slots.draw'>, output: Output): void => {
  const { say } = output.messages;
  output.result(shown, () =>
    shown.pages.flatMap(({ page, words }) => [
      '',
      shown.kind === 'words'
        ? say('slots.theWords')
        : say('slots.thePage', { page, colour: say(`slots.colour.${shown.colour ?? 'grey'}`) }),
      ...words.map((word, index) => `  ${String(index + 1).padStart(2)}. ${word}`),
    ]),
  );
};

/** Shows, takes what was shown off the screen, asks for it back. */
const recovery = (args: Arguments, output: Output, input: CallInput<'slots.prepare'>): Promise<number> =>
  withVault(args, output.messages, async (client, own) => {
    const { say } = output.messages;
    const { ticket } = await client.call('slots.prepare', input);
    const second = await approver(client, args, output, ticket);
    const shown = await client.call('slots.draw', { ticket, own, ...second });
    const terminal = process.stdout.isTTY && !output.json;
    const lines = lineReader();
    try {
      output.note(say('slots.paperOnly'));
      showPages(shown, output);
      if (terminal) {
        await lines.next(say('slots.whenCopied'));
        process.stdout.write(CLEAR_SCREEN);
      }
      const asked: string[] = [];
      for (const one of shown.ask) asked.push(await lines.next(say('slots.askWord', { ...one })));
      const retyped = await lines.next(say('slots.askWhole', { page: shown.retype }));
      const made = await client.call('slots.confirm', { ticket, asked, retyped });
      return done(output, made, 'slots.recoveryLive');
    } finally {
      lines.close();
    }
  });

const words = (args: Arguments, output: Output): Promise<number> => {
  const replaces = maybeId(slotIdSchema, args, 'replaces');
  return recovery(args, output, {
    purpose: 'slots.addWords',
    name: args.need('name'),
    language: languageOf(args, output),
    ...(replaces === undefined ? {} : { replaces }),
  });
};

const shares = (args: Arguments, output: Output): Promise<number> => {
  const replaces = maybeId(slotIdSchema, args, 'replaces');
  return recovery(args, output, {
    purpose: 'slots.addShares',
    name: args.need('name'),
    language: languageOf(args, output),
    needed: needWhole(args, 'needed'),
    pages: needWhole(args, 'pages'),
    ...(replaces === undefined ? {} : { replaces }),
  });
};

const cost = (args: Arguments, output: Output): Promise<number> => {
  const ops = whole(args, 'kdf-passes');
  const memoryMib = whole(args, 'kdf-memory-mib');
  if ((ops === undefined) !== (memoryMib === undefined)) throw new UsageError('usage.kdfPair');
  return withVault(args, output.messages, async (client, own) => {
    const { ticket } = await client.call('slots.prepare', {
      purpose: 'slots.raiseCost',
      ...(ops === undefined || memoryMib === undefined
        ? {}
        : { cost: { ops, memoryBytes: mebibytes(memoryMib) } }),
    });
    const made = await client.call('slots.raiseCost', { ticket, own });
    output.result(made, () => [output.messages.say('slots.costRaised', { waiting: made.waiting })]);
    return 0;
  });
};

const closeCost = (args: Arguments, output: Output): Promise<number> => {
  const leaveOut = args.values('leave-out').map((text) => idOf(slotIdSchema, text));
  return withVault(args, output.messages, async (client) => {
    const made = await client.call('slots.closeEpoch', { leaveOut });
    return done(output, made, 'slots.costClosed');
  });
};

const keyFile = async (args: Arguments, output: Output): Promise<number> => {
  const folder = args.need('vault');
  const [path = ''] = args.positionals;
  await refuseExisting(path);
  const work = async (client: Client): Promise<number> => {
    const made = await client.call('slots.makeKeyFile', { target: client.grantTarget(path, 'targetFile') });
    return done(output, made, 'slots.keyFileMade');
  };
  return withVault(args, output.messages, work, folder);
};

const generate = (args: Arguments, output: Output): Promise<number> =>
  withCore(args, { practiceOnly: false }, async (client) => {
    const count = whole(args, 'count');
    const made = await client.call('passphrases.generate', {
      language: languageOf(args, output),
      ...(count === undefined ? {} : { words: count }),
    });
    output.result(made, () => [made.passphrase]);
    return 0;
  });

const PAPER: OptionSpec = { name: 'value', 'words-language': 'value', replaces: 'value', ...SECOND_SECRET };
const WAYS = '--preset P | --power P...';
const SECOND = '[--second-passphrase-file FILE]';

export const slotCommands: readonly Command[] = [
  {
    words: ['slots', 'list'],
    options: { retired: 'flag' },
    positionals: NO_WORDS,
    form: '--vault DIR [--retired]',
    run: list,
  },
  {
    words: ['slots', 'add'],
    options: { name: 'value', ...POWERS_OPTIONS, ...NEW_SECRET, ...SECOND_SECRET },
    positionals: NO_WORDS,
    form: `--vault DIR --name NAME (${WAYS}) [--new-key-file FILE] ${SECOND}`,
    run: add,
  },
  {
    words: ['slots', 'change'],
    options: { exposed: 'flag', ...NEW_SECRET },
    positionals: NO_WORDS,
    form: '--vault DIR [--exposed] [--new-key-file FILE]',
    run: change,
  },
  {
    words: ['slots', 'replace'],
    options: { slot: 'value', exposed: 'flag', ...NEW_SECRET, ...SECOND_SECRET },
    positionals: NO_WORDS,
    form: `--vault DIR --slot ID|NAME [--exposed] ${SECOND}`,
    run: replace,
  },
  {
    words: ['slots', 'powers'],
    options: { slot: 'value', ...POWERS_OPTIONS, ...SECOND_SECRET },
    positionals: NO_WORDS,
    form: `--vault DIR --slot ID|NAME (${WAYS}) ${SECOND}`,
    run: powers,
  },
  {
    words: ['slots', 'words'],
    options: PAPER,
    positionals: NO_WORDS,
    form: `--vault DIR --name NAME [--words-language es|en] [--replaces ID] ${SECOND}`,
    run: words,
  },
  {
    words: ['slots', 'shares'],
    options: { needed: 'value', pages: 'value', ...PAPER },
    positionals: NO_WORDS,
    form: `--vault DIR --name NAME --needed K --pages N [--words-language es|en] [--replaces ID] ${SECOND}`,
    run: shares,
  },
  {
    words: ['slots', 'raise-cost'],
    options: valued('kdf-passes', 'kdf-memory-mib'),
    positionals: NO_WORDS,
    form: '--vault DIR',
    run: cost,
  },
  {
    words: ['slots', 'close-cost'],
    options: { 'leave-out': 'values' },
    positionals: NO_WORDS,
    form: '--vault DIR [--leave-out ID...]',
    run: closeCost,
  },
  {
    words: ['slots', 'key-file'],
    options: {},
    positionals: ONE_WORD,
    form: 'FILE --vault DIR',
    run: keyFile,
  },
  {
    words: ['passphrase', 'generate'],
    options: valued('words-language', 'count'),
    positionals: NO_WORDS,
    form: '[--count N] [--words-language es|en]',
    run: generate,
  },
];
