import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { stringify } from 'lossless-json';
import { AppError, isAppError, type ErrorCode } from '#shared/errors.ts';
import { localDay } from '#shared/rules/partial-date.ts';
import { SET_LIMITS, type IndicatorSet, type SetMember } from '#shared/surveillance/indicator-set.ts';
import { CHECKS, type Check, type Match } from '#shared/surveillance/indicators.ts';
import {
  matcherOf,
  matchModule,
  openSetReader,
  type Matcher,
  type ModuleAnswer,
} from '../../core/indicator-matching.ts';
import type { Arguments } from '../arguments.ts';
import { createPorts } from '../cli-ports.ts';
import type { Command } from '../command.ts';
import { jsonLines, type JsonLine } from '../json-lines.ts';
import { forTerminal, type Output } from '../output.ts';
import { UsageError } from '../usage-error.ts';

const MAX_SETS = 1_000;
/** Answers are handed to the terminal in pieces of about this many characters. */
const PIECE_CHARS = 65_536;

interface ReadSet {
  readonly file: string;
  readonly set: IndicatorSet | null;
  /** Why nothing could be said about the file. */
  readonly error: ErrorCode | null;
}

/** Reads files of sets in a parser process, in order. No vault is opened and no passphrase asked for. */
async function readSets(paths: readonly string[]): Promise<{ sets: ReadSet[]; today: string }> {
  const ports = await createPorts({ practiceOnly: true, profileFolder: null });
  const reader = openSetReader(ports.parsers);
  // The day of this place, as the window has it: an expiry is judged by it.
  const date = localDay(ports.clock.now(), ports.clock.zone());
  const sets: ReadSet[] = [];
  try {
    for (const path of paths) {
      const found = await stat(path).catch(() => null);
      if (found === null) throw new AppError('disk.notFound');
      if (found.isDirectory()) throw new AppError('disk.isFolder');
      const file = basename(path);
      if (found.size > SET_LIMITS.bytes) {
        sets.push({ file, set: null, error: 'parser.tooLarge' });
        continue;
      }
      try {
        const bytes = new Uint8Array(await readFile(path));
        sets.push({ file, set: await reader.read(bytes, file, date), error: null });
      } catch (thrown) {
        if (!isAppError(thrown)) throw thrown;
        sets.push({ file, set: null, error: thrown.code });
      }
    }
  } finally {
    await reader.close();
  }
  return { sets, today: date };
}

const count = (member: Pick<SetMember, 'indicators'>): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { type } of member.indicators) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
};

const inspected = ({ file, set, error }: ReadSet): readonly Record<string, unknown>[] =>
  set === null
    ? [{ file, refused: error, collections: [], indicators: {}, total: 0, skipped: [] }]
    : set.members.map((member) => ({
        file: member.name,
        ...(member.name === file ? {} : { archive: file }),
        form: member.form,
        refused: member.refused,
        collections: member.collections,
        indicators: count(member),
        total: member.indicators.length,
        revoked: member.revoked,
        expired: member.expired,
        skipped: member.skipped,
        skippedCounts: member.skippedCounts,
        mvt: { reads: member.reference, total: member.mvtIndicators.length },
      }));

const isRefused = ({ set }: ReadSet): boolean => set?.members.some(({ refused }) => refused !== null) ?? true;

/** Sentences about one file of a set, for people. */
function memberLines(member: SetMember, { messages }: Output): string[] {
  if (member.refused !== null)
    return [
      messages.say('indicators.refused', {
        file: member.name,
        reason: messages.say(`setRefusal.${member.refused}`),
      }),
    ];
  const types = Object.entries(count(member)).map(([type, number]) => `${type} ${String(number)}`);
  return [
    messages.say('indicators.file', {
      file: member.name,
      total: member.indicators.length,
      collections: member.collections.length,
    }),
    ...types.map((type) => `  ${type}`),
    ...(member.revoked + member.expired > 0
      ? [`  ${messages.say('indicators.old', { revoked: member.revoked, expired: member.expired })}`]
      : []),
    ...Object.entries(member.skippedCounts).map(
      ([reason, number]) => `  ${messages.say(`skipped.${reason}`)}: ${String(number)}`,
    ),
    ...member.skipped.map(
      ({ id, what, reason }) => `    ${id}  ${what}  (${messages.say(`skipped.${reason}`)})`,
    ),
  ];
}

const inspect = async (args: Arguments, output: Output): Promise<number> => {
  const { sets } = await readSets(args.positionals);
  output.result({ files: sets.flatMap(inspected) }, () =>
    sets.flatMap(({ file, set, error }) =>
      set === null
        ? [`${file}: ${output.messages.error(error ?? 'call.internal')}`]
        : set.members.flatMap((member) => memberLines(member, output)),
    ),
  );
  return sets.some(isRefused) ? 1 : 0;
};

const said = ({ indicator, how }: Match): Record<string, unknown> => ({
  indicator: indicator.value,
  type: indicator.type,
  collection: indicator.collection,
  how,
});

const moduleAnswer = ({ mvt, strict }: ModuleAnswer): Record<string, unknown> => ({
  mvt:
    mvt.error === null
      ? {
          alerts: mvt.alerts.map(({ level, message, eventTime, match }) => ({
            level,
            message,
            event_time: eventTime,
            indicator: match?.indicator.value ?? null,
            indicator_type: match?.indicator.type ?? null,
          })),
        }
      : { error: mvt.error.name, message: mvt.error.message },
  strict: {
    match: strict.length > 0,
    matches: strict.map(({ record, field, match }) => ({ record, field, ...said(match) })),
  },
});

const isCheck = (name: unknown): name is Check => (CHECKS as readonly unknown[]).includes(name);

/** The answer to one line of input; a line that cannot be understood gets an answer too. */
function answerLine(matcher: Matcher, input: JsonLine, date: string): Record<string, unknown> {
  if ('problem' in input) return { id: null, line: input.line, error: input.problem };
  const { value } = input;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { id: null, line: input.line, error: 'notAnObject' };
  const { id = null, check, observed, module } = value as Record<string, unknown>;
  if (check === 'module') {
    if (typeof module !== 'string') return { id, line: input.line, error: 'noModule' };
    return { id, ...moduleAnswer(matchModule(matcher, module, observed, { today: date })) };
  }
  if (!isCheck(check)) return { id, line: input.line, error: 'unknownCheck' };
  const { mvt, strict } = matcher.check(check, observed);
  return {
    id,
    mvt: mvt === null ? { match: false } : { match: true, ...said(mvt) },
    strict: { match: strict.length > 0, matches: strict.map(said) },
  };
}

/** A line for people; nothing where neither mode says anything. */
function answerText(answer: Record<string, unknown>, { messages }: Output): string | null {
  const given = answer['id'];
  const id = typeof given === 'string' ? given : (stringify(given) ?? '');
  if ('error' in answer)
    return messages.say('indicators.badLine', {
      line: Number(answer['line']),
      reason: messages.say(`badLine.${String(answer['error'])}`),
    });
  const mvt = answer['mvt'] as {
    match?: boolean;
    indicator?: string;
    error?: string;
    message?: string;
    alerts?: { level: string; message: string }[];
  };
  const strict = (answer['strict'] as { matches: { indicator: string; collection: string; how: string }[] })
    .matches;
  const parts = [
    ...(mvt.match === true ? [`mvt: ${String(mvt.indicator)}`] : []),
    ...(mvt.error === undefined ? [] : [`mvt: ${mvt.error} ${String(mvt.message)}`]),
    ...(mvt.alerts ?? []).map(({ level, message }) => `mvt: ${level} ${message}`),
    ...strict.map(({ indicator, collection, how }) => `strict: ${indicator} (${collection}, ${how})`),
  ];
  return parts.length === 0 ? null : `${id}  ${parts.join('; ')}`;
}

/** Writes in pieces and waits for whoever reads: the answers to a large input are never all held. */
class Lines {
  #held = '';

  async add(line: string): Promise<void> {
    this.#held += `${line}\n`;
    if (this.#held.length >= PIECE_CHARS) await this.flush();
  }

  async flush(): Promise<void> {
    const piece = this.#held;
    this.#held = '';
    if (piece !== '' && !process.stdout.write(piece)) await once(process.stdout, 'drain');
  }
}

const match = async (args: Arguments, output: Output): Promise<number> => {
  const input = args.need('input');
  const paths = [...args.values('stix'), ...args.positionals];
  if (paths.length === 0) throw new UsageError('usage.missingOption', { option: '--stix' });
  if (input !== '-') {
    const found = await stat(input).catch(() => null);
    if (found === null) throw new AppError('disk.notFound');
    if (found.isDirectory()) throw new AppError('disk.isFolder');
  }
  const { sets, today: date } = await readSets(paths);
  for (const { file, set, error } of sets) {
    if (error !== null) output.note(`${file}: ${output.messages.error(error)}`);
    for (const member of set?.members ?? []) {
      const skipped = Object.values(member.skippedCounts).reduce((sum, number) => sum + number, 0);
      if (member.refused !== null) for (const line of memberLines(member, output)) output.note(line);
      else if (skipped > 0)
        output.note(output.messages.say('indicators.skipped', { file: member.name, count: skipped }));
    }
  }
  const matcher = matcherOf(sets.flatMap(({ set }) => (set === null ? [] : [set])));
  const lines = new Lines();
  let bad = 0;
  for await (const line of jsonLines(input)) {
    const answer = answerLine(matcher, line, date);
    if ('error' in answer) bad += 1;
    if (output.json) await lines.add(stringify(answer) ?? '');
    else {
      const text = answerText(answer, output);
      if (text !== null) await lines.add(forTerminal(text));
    }
  }
  await lines.flush();
  /* What a set could not give is not a clean answer: scripts must be able to tell. */
  return bad > 0 || sets.some(isRefused) ? 1 : 0;
};

export const indicatorCommands: readonly Command[] = [
  {
    words: ['indicators', 'match'],
    options: { stix: 'values', input: 'value' },
    positionals: { min: 0, max: MAX_SETS },
    form: '--stix FILE... --input FILE.jsonl|- [--json]',
    run: match,
  },
  {
    words: ['indicators', 'inspect'],
    options: {},
    positionals: { min: 1, max: MAX_SETS },
    form: 'FILE... [--json]',
    run: inspect,
  },
];
