import { readFile } from 'node:fs/promises';
import { AppError } from '#shared/errors.ts';
import { personIdSchema } from '#shared/model/ids.ts';
import { CLOCKS, FINDING_LEVELS, FINDING_STATES, MESSAGE_CHANNELS } from '#shared/model/surveillance.ts';
import {
  deviceIdSchema,
  examinationIdSchema,
  findingIdSchema,
  indicatorSetIdSchema,
  messageIdSchema,
} from '#shared/model/surveillance-ids.ts';
import { oneOf, type Arguments } from '../arguments.ts';
import { withVault, type Client } from '../client.ts';
import { NO_WORDS, ONE_WORD, valued, type Command } from '../command.ts';
import { given, idOf, maybeCase, maybeId } from '../ids.ts';
import { labelOf } from '../labels.ts';
import { sizeText, table, type Output } from '../output.ts';
import { showProgress } from '../progress.ts';
import { Refusal } from '../usage-error.ts';

const listFindings = (args: Arguments, output: Output): Promise<number> => {
  const examinationId = idOf(examinationIdSchema, args.need('examination'));
  const states = args.values('state').map((state) => oneOf('state', state, FINDING_STATES));
  return withVault(args, output.messages, async (client) => {
    const found = await client.call('findings.list', {
      examinationId,
      ...(states.length === 0 ? {} : { states }),
      ...(args.flag('new') ? { newOnly: true } : {}),
      limit: 500,
    });
    output.result(found, () => [
      ...table(
        found.rows.map((row) => [
          row.id,
          labelOf(output, 'findingLevel', row.level),
          labelOf(output, 'findingState', row.state),
          row.module,
          row.observed,
        ]),
      ),
      output.messages.say('search.count', { count: found.total }),
      output.messages.say('import.limits'),
    ]);
    return 0;
  });
};

const showFinding = (args: Arguments, output: Output): Promise<number> => {
  const id = idOf(findingIdSchema, args.positionals[0]);
  return withVault(args, output.messages, async (client) => {
    const found = await client.call('findings.get', { id });
    output.result(found, () => [
      `${found.module}  ${found.time}  ${labelOf(output, 'clock', found.clock)}`,
      found.observed,
      ...(found.message === '' ? [] : [found.message]),
      ...found.hits.map(
        (hit) =>
          `  ${labelOf(output, 'matchMode', hit.mode)}: ${hit.indicator}  ${hit.collection}  ${hit.set}`,
      ),
      ...found.history.map((review) =>
        [
          ` ${review.at}`,
          labelOf(output, 'findingState', review.state),
          review.actor,
          review.confirmedBy,
          review.reason,
          review.note,
        ]
          .filter((part) => part !== '')
          .join('  '),
      ),
    ]);
    return 0;
  });
};

const review = (args: Arguments, output: Output): Promise<number> => {
  const ids = args.positionals.map((text) => idOf(findingIdSchema, text));
  const state = oneOf('state', args.need('state'), FINDING_STATES);
  return withVault(args, output.messages, async (client) => {
    const made = await client.call('findings.review', {
      ids,
      state,
      ...given(args, { reason: 'reason', confirmedBy: 'confirmed-by', note: 'note' }),
    });
    output.result(made, () => [output.messages.say('findings.reviewed', { count: made.changed })]);
    return 0;
  });
};

const enter = (args: Arguments, output: Output): Promise<number> => {
  const examinationId = idOf(examinationIdSchema, args.need('examination'));
  const level = oneOf('level', args.value('level') ?? 'medium', FINDING_LEVELS);
  const clock = oneOf('clock', args.value('clock') ?? 'unknown', CLOCKS);
  const observed = args.need('observed');
  const module = args.value('module') ?? '';
  return withVault(args, output.messages, async (client) => {
    const made = await client.call('findings.enter', {
      examinationId,
      module,
      observed,
      level,
      clock,
      ...given(args, { time: 'time', message: 'words' }),
    });
    output.result(made, () => [output.messages.say('records.added', { id: made.id })]);
    return 0;
  });
};

const listMessages = (args: Arguments, output: Output): Promise<number> => {
  const deviceId = maybeId(deviceIdSchema, args, 'device');
  return withVault(args, output.messages, async (client) => {
    const found = await client.call('messages.list', {
      ...(await maybeCase(client, args)),
      ...(deviceId === undefined ? {} : { deviceId }),
      limit: 500,
    });
    output.result(found, () => [
      ...table(
        found.rows.map((row) => [
          row.id,
          labelOf(output, 'messageChannel', row.channel),
          row.sender,
          row.hits === null ? '-' : String(row.hits),
          row.excerpt,
        ]),
      ),
      output.messages.say('search.count', { count: found.total }),
    ]);
    return 0;
  });
};

const showMessage = (args: Arguments, output: Output): Promise<number> => {
  const id = idOf(messageIdSchema, args.positionals[0]);
  return withVault(args, output.messages, async (client) => {
    const found = await client.call('messages.get', { id, language: output.messages.language });
    output.result(found, () => [
      `${labelOf(output, 'messageChannel', found.channel)}  ${found.sender}`,
      found.textDefanged,
      ...found.linkList.map((link) => `  ${link.id}  ${link.defanged}`),
    ]);
    return 0;
  });
};

/** Longest message that is taken from a file. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

const textOf = async (path: string): Promise<string> => {
  const bytes = await readFile(path).catch(() => null);
  if (bytes === null) throw new AppError('disk.notFound');
  if (bytes.length > MAX_MESSAGE_BYTES) throw new Refusal('call.tooLong');
  return bytes.toString('utf8').replace(/^\uFEFF/u, '');
};

/* The words of a message come from a file: what is typed as an argument stays in the history of the shell. */
const addMessage = async (args: Arguments, output: Output): Promise<number> => {
  const channel = oneOf('channel', args.need('channel'), MESSAGE_CHANNELS);
  const personId = maybeId(personIdSchema, args, 'person');
  const deviceId = maybeId(deviceIdSchema, args, 'device');
  const path = args.need('text-file');
  const folder = args.need('vault');
  const text = await textOf(path);
  const work = async (client: Client): Promise<number> => {
    const made = await client.call('messages.record', {
      channel,
      text,
      ...(await maybeCase(client, args)),
      ...(personId === undefined ? {} : { personId }),
      ...(deviceId === undefined ? {} : { deviceId }),
      ...given(args, { sender: 'sender', account: 'account', note: 'note' }),
    });
    output.result(made, () => [output.messages.say('records.added', { id: made.id })]);
    return 0;
  };
  return withVault(args, output.messages, work, folder);
};

const listSets = (args: Arguments, output: Output): Promise<number> =>
  withVault(args, output.messages, async (client) => {
    const found = await client.call('indicatorSets.list', { includeRetired: args.flag('retired') });
    output.result(found, () =>
      table(
        found.rows.map((row) => [
          row.id,
          row.day ?? '-',
          output.messages.say(row.inUse ? 'sets.inUse' : 'sets.retired'),
          output.messages.say('sets.counts', { indicators: row.indicators, skipped: row.skipped }),
          row.name,
        ]),
      ),
    );
    return 0;
  });

const skipped = (args: Arguments, output: Output): Promise<number> => {
  const id = idOf(indicatorSetIdSchema, args.positionals[0]);
  return withVault(args, output.messages, async (client) => {
    const found = await client.call('indicatorSets.skipped', { id, limit: 500 });
    output.result(found, () => [
      ...found.rows.map((row) => `${labelOf(output, 'skipReason', row.reason)}  ${row.file}  ${row.what}`),
      output.messages.say('search.count', { count: found.total }),
    ]);
    return 0;
  });
};

const useSet =
  (inUse: boolean) =>
  (args: Arguments, output: Output): Promise<number> => {
    const id = idOf(indicatorSetIdSchema, args.positionals[0]);
    const reason = inUse ? '' : args.need('reason');
    return withVault(args, output.messages, async (client) => {
      const { rows } = await client.call('indicatorSets.list', { includeRetired: true });
      const set = rows.find((row) => row.id === id);
      if (set === undefined) throw new AppError('record.notFound');
      const made = await client.call('indicatorSets.use', {
        id,
        recordVersion: set.recordVersion,
        inUse,
        reason,
      });
      output.result(made, () => [output.messages.say(inUse ? 'sets.inUse' : 'sets.retired')]);
      return 0;
    });
  };

/** The bundle of indicators for other analysts; it leaves, so it takes the power to release. */
const exportIndicators = (args: Arguments, output: Output): Promise<number> => {
  const examinationIds = args.values('examination').map((text) => idOf(examinationIdSchema, text));
  args.need('examination');
  const times = oneOf('times', args.value('times') ?? 'day', ['none', 'day', 'exact'] as const);
  const recipient = args.need('to');
  const out = args.need('out');
  return withVault(args, output.messages, async (client) => {
    showProgress(client, output);
    const made = await client.call('surveillance.exportStix', {
      examinationIds,
      recipient,
      times,
      includeToReview: args.flag('to-review'),
      target: client.grantTarget(out, 'targetFile'),
    });
    output.result(made, () => [
      output.messages.say('evidence.saved', { path: out, size: sizeText(made.sizeBytes) }),
      output.messages.say('indicators.exported', { indicators: made.indicators }),
      `sha256  ${made.sha256}`,
    ]);
    return 0;
  });
};

export const findingCommands: readonly Command[] = [
  {
    words: ['findings', 'list'],
    options: { examination: 'value', state: 'values', new: 'flag' },
    positionals: NO_WORDS,
    form: `--vault DIR --examination ID [--state ${FINDING_STATES.join('|')}]... [--new]`,
    run: listFindings,
  },
  {
    words: ['findings', 'show'],
    options: {},
    positionals: ONE_WORD,
    form: 'FINDING --vault DIR',
    run: showFinding,
  },
  {
    words: ['findings', 'review'],
    options: valued('state', 'reason', 'confirmed-by', 'note'),
    positionals: { min: 1, max: 500 },
    form: 'FINDING... --vault DIR --state STATE [--reason WORDS] [--confirmed-by NAME] [--note WORDS]',
    run: review,
  },
  {
    words: ['findings', 'enter'],
    options: valued('examination', 'module', 'observed', 'time', 'clock', 'level', 'words'),
    positionals: NO_WORDS,
    form: '--vault DIR --examination ID --observed WORDS [--module WORDS] [--time WORDS] [--clock CLOCK] [--level LEVEL]',
    run: enter,
  },
  {
    words: ['messages', 'list'],
    options: valued('case', 'device'),
    positionals: NO_WORDS,
    form: '--vault DIR [--case CODE] [--device ID]',
    run: listMessages,
  },
  {
    words: ['messages', 'show'],
    options: {},
    positionals: ONE_WORD,
    form: 'MESSAGE --vault DIR',
    run: showMessage,
  },
  {
    words: ['messages', 'add'],
    options: valued('case', 'person', 'device', 'channel', 'text-file', 'sender', 'account', 'note'),
    positionals: NO_WORDS,
    form: '--vault DIR --channel CHANNEL --text-file FILE [--case CODE] [--person ID] [--device ID] [--sender WORDS]',
    run: addMessage,
  },
  {
    words: ['sets', 'list'],
    options: { retired: 'flag' },
    positionals: NO_WORDS,
    form: '--vault DIR [--retired]',
    run: listSets,
  },
  { words: ['sets', 'skipped'], options: {}, positionals: ONE_WORD, form: 'SET --vault DIR', run: skipped },
  { words: ['sets', 'use'], options: {}, positionals: ONE_WORD, form: 'SET --vault DIR', run: useSet(true) },
  {
    words: ['sets', 'retire'],
    options: { reason: 'value' },
    positionals: ONE_WORD,
    form: 'SET --vault DIR --reason WORDS',
    run: useSet(false),
  },
  {
    words: ['indicators', 'export'],
    options: { ...valued('to', 'out', 'times'), examination: 'values', 'to-review': 'flag' },
    positionals: NO_WORDS,
    form: '--vault DIR --examination ID... --to NAME --out FILE [--times none|day|exact] [--to-review]',
    run: exportIndicators,
  },
];
