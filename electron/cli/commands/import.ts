import { basename } from 'node:path';
import {
  heldResults,
  isOwnList,
  ownFileCounts,
  severalResults,
  type ImportReport,
} from '#shared/contract/imports.ts';
import { isAppError } from '#shared/errors.ts';
import { evidenceIdSchema, type TargetId } from '#shared/model/ids.ts';
import {
  examinationIdSchema,
  indicatorSetIdSchema,
  type ExaminationId,
  type IndicatorSetId,
} from '#shared/model/surveillance-ids.ts';
import { isComparison } from '#shared/surveillance/findings.ts';
import type { PhoneFile, PhoneKind } from '#shared/parser/phone.ts';
import type { Arguments } from '../arguments.ts';
import { withVault, type Client } from '../client.ts';
import { NO_WORDS, ONE_WORD, valued, type Command } from '../command.ts';
import { sizeText, type Output } from '../output.ts';
import { needPath } from '../paths.ts';
import { showProgress } from '../progress.ts';
import { Refusal, UsageError } from '../usage-error.ts';

/** Files of a report that are written out one by one for people; `--json` has those of the report. */
const MAX_SHOWN_FILES = 200;
const MAX_SHOWN_FOLDERS = 20;

const examinationOf = (args: Arguments): ExaminationId => {
  const id = examinationIdSchema.safeParse(args.need('examination'));
  if (!id.success) throw new UsageError('usage.badId');
  return id.data;
};

const setsOf = (args: Arguments): { sets?: IndicatorSetId[] } => {
  const given = args.values('set');
  if (given.length === 0) return {};
  return {
    sets: given.map((text) => {
      const id = indicatorSetIdSchema.safeParse(text);
      if (!id.success) throw new UsageError('usage.badId');
      return id.data;
    }),
  };
};

function fileLine(file: PhoneFile, { messages }: Output): string {
  const parts = [
    messages.say(`import.status.${file.status}`),
    file.path === '' ? '?' : file.path,
    ...(file.module === '' ? [] : [file.module]),
    messages.say('import.records', { count: file.records }),
    ...(file.strange > 0 ? [messages.say('import.strange', { count: file.strange })] : []),
    ...(file.reason === null ? [] : [messages.say(`importReason.${file.reason}`)]),
    ...(file.faultAt === null ? [] : [messages.say('import.faultAt', { at: file.faultAt })]),
    ...(file.gaveUp === null ? [] : [messages.say('import.gaveUp', { error: file.gaveUp })]),
  ];
  return `  ${parts.join('  ')}`;
}

/** What became of the rows of a timeline: counted and told, not stored a second time. */
function timelineLines({ timeline, records }: PhoneFile, { messages }: Output): string[] {
  if (timeline === null) return [];
  const { first, last, repeatedHeaders, duplicateRows } = timeline;
  return [
    messages.say('import.timeline', { count: records, first, last }),
    ...(repeatedHeaders === 0
      ? []
      : [messages.say('import.timelineAgain', { runs: repeatedHeaders + 1, duplicates: duplicateRows })]),
  ];
}

/** Where results of several examinations lie in what was handed in: a person has to know whose they are. */
function severalLines(report: ImportReport, { messages }: Output): string[] {
  const { folders, platforms } = severalResults(report);
  if (folders.length === 0 && platforms < 2) return [];
  const { evidenceId } = report;
  return [
    messages.say(platforms > 1 ? 'import.twoPhones' : 'import.several', {
      count: folders.length,
      id: evidenceId,
    }),
    ...folders.slice(0, MAX_SHOWN_FOLDERS).map((folder) => `  ${folder === '' ? './' : folder}`),
    ...(folders.length > MAX_SHOWN_FOLDERS
      ? [messages.say('import.moreFolders', { count: folders.length - MAX_SHOWN_FOLDERS })]
      : []),
  ];
}

/** A report for people: what was looked at, what was not, and what was found. Never that a phone is clean. */
function reportLines(report: ImportReport, output: Output): string[] {
  const { messages } = output;
  const head = [
    messages.say('import.kept', { id: report.evidenceId, size: sizeText(report.sizeBytes) }),
    `sha256  ${report.sha256}`,
    ...(report.sameAs === null ? [] : [messages.say('import.sameAs', { id: report.sameAs })]),
  ];
  if (report.preservedOnly) return [...head, messages.say('import.preservedOnly')];
  const told = report.files.filter(
    (file) => !isOwnList(file) && (file.kind !== 'other' || file.status !== 'notRead'),
  );
  return [
    ...head,
    messages.say('import.files', ownFileCounts(report)),
    ...told
      .slice(0, MAX_SHOWN_FILES)
      .flatMap((file) => [fileLine(file, output), ...timelineLines(file, output)]),
    ...report.reasons.map(
      ({ reason, files }) => `  ${messages.say(`importReason.${reason}`)}: ${String(files)}`,
    ),
    ...report.infos.map(({ path, agreement }) => messages.say(`import.info.${agreement}`, { path })),
    ...severalLines(report, output),
    ...(heldResults(report) ? comparedLines(report, output) : nothingComparedLines(report, output)),
  ];
}

/** No results were in it: kept, and nothing is said of signs. */
const nothingComparedLines = (
  { evidenceId, leftOut, recognised }: ImportReport,
  { messages }: Output,
): string[] => [
  ...(leftOut > 0 ? [messages.say('import.leftOut', { count: leftOut })] : []),
  messages.say(recognised ? 'import.emptyResults' : 'import.nothingCompared', { id: evidenceId }),
];

function comparedLines(report: ImportReport, { messages }: Output): string[] {
  const { stored, byTool, newSinceTool, known } = report.findings;
  return [
    messages.say(report.sets.length === 0 ? 'import.noSets' : 'import.sets', { count: report.sets.length }),
    messages.say('import.found', { records: report.records, stored, byTool, newSinceTool, known }),
    ...(report.shortened > 0 ? [messages.say('import.shortened', { count: report.shortened })] : []),
    ...(report.leftOut > 0 ? [messages.say('import.leftOut', { count: report.leftOut })] : []),
    ...(report.unread > 0 ? [messages.say('examinations.unread', { count: report.unread })] : []),
    // The sentence of a comparison, under the same rule as the outcome of the examination.
    ...(isComparison(report) ? [messages.say('import.limits')] : []),
  ];
}

/** Whether everything that should hold something could be read, and is of one phone. */
const isWhole = (report: ImportReport): boolean =>
  report.preservedOnly ||
  (report.recognised &&
    severalResults(report).platforms < 2 &&
    report.fileCounts.partly === 0 &&
    report.files.every(({ kind, status }) => kind === 'other' || status === 'read') &&
    report.infos.every(({ agreement }) => agreement !== 'differs'));

const grant = async (client: Client, path: string): Promise<TargetId> => {
  return (await needPath(path)).isDirectory() ? client.grantFolder(path) : client.grantFile(path);
};

const importAs =
  (kind: PhoneKind) =>
  async (args: Arguments, output: Output): Promise<number> => {
    const examinationId = examinationOf(args);
    const sets = setsOf(args);
    const [path = ''] = args.positionals;
    const folder = args.need('vault');
    await needPath(path);
    const work = async (client: Client): Promise<number> => {
      showProgress(client, output);
      const report = await client.call('imports.phone', {
        examinationId,
        kind,
        source: await grant(client, path),
        ...sets,
        ...(args.value('from') === undefined ? {} : { fromWords: args.need('from') }),
        ...(args.value('note') === undefined ? {} : { note: args.need('note') }),
      });
      output.result(report, () => reportLines(report, output));
      return isWhole(report) ? 0 : 1;
    };
    return withVault(args, output.messages, work, folder);
  };

const rematch = async (args: Arguments, output: Output): Promise<number> => {
  const examinationId = examinationOf(args);
  const given = args.value('evidence');
  const evidenceId = given === undefined ? undefined : evidenceIdSchema.safeParse(given);
  if (evidenceId?.success === false) throw new UsageError('usage.badId');
  const sets = setsOf(args);
  return withVault(args, output.messages, async (client) => {
    showProgress(client, output);
    const report = await client.call('findings.rematch', {
      examinationId,
      ...sets,
      ...(evidenceId === undefined ? {} : { evidenceId: evidenceId.data }),
    });
    output.result(report, () => [
      ...reportLines(report, output),
      output.messages.say('findings.rematchedImport', { id: examinationId }),
    ]);
    return isWhole(report) ? 0 : 1;
  });
};

const importSets = async (args: Arguments, output: Output): Promise<number> =>
  withVault(args, output.messages, async (client) => {
    showProgress(client, output);
    const sets: Record<string, unknown>[] = [];
    const lines: string[] = [];
    let failed = 0;
    for (const path of args.positionals) {
      const file = basename(path);
      try {
        const set = await client.call('indicatorSets.add', {
          target: await client.grantFile(path),
          ...(args.value('source') === undefined ? {} : { source: args.need('source') }),
          ...(args.value('licence') === undefined ? {} : { licence: args.need('licence') }),
        });
        sets.push({ file, ...set });
        lines.push(
          output.messages.say(set.existed ? 'import.setExisted' : 'import.setAdded', {
            file,
            id: set.id,
            indicators: set.indicators,
            skipped: set.skipped,
          }),
        );
      } catch (thrown) {
        /* One refused set does not keep the others out; it is named and the exit code tells. */
        const { messages } = output;
        failed += 1;
        if (thrown instanceof Refusal) {
          sets.push({ file, error: thrown.key });
          output.note(messages.say(thrown.key, thrown.params));
          continue;
        }
        if (!isAppError(thrown)) throw thrown;
        sets.push({ file, error: thrown.code });
        output.note(`${file}: ${messages.error(thrown.code, thrown.params)}`);
      }
    }
    output.result({ sets }, () => lines);
    return failed === 0 ? 0 : 1;
  });

const OPTIONS = { examination: 'value', set: 'values', from: 'value', note: 'value' } as const;
const importForm = (what: string): string => `${what} --vault DIR --examination ID [--set ID]...`;

export const importCommands: readonly Command[] = [
  {
    words: ['import', 'mvt'],
    options: OPTIONS,
    positionals: ONE_WORD,
    form: importForm('FOLDER|ZIP|FILE'),
    run: importAs('results'),
  },
  {
    words: ['import', 'sms'],
    options: OPTIONS,
    positionals: ONE_WORD,
    form: importForm('FILE.xml'),
    run: importAs('sms'),
  },
  {
    words: ['import', 'whatsapp'],
    options: OPTIONS,
    positionals: ONE_WORD,
    form: importForm('FILE.txt|ZIP'),
    run: importAs('whatsapp'),
  },
  {
    words: ['import', 'urls'],
    options: OPTIONS,
    positionals: ONE_WORD,
    form: importForm('FILE.csv|FILE.txt'),
    run: importAs('links'),
  },
  {
    words: ['import', 'stix'],
    options: valued('source', 'licence'),
    positionals: { min: 1, max: 1_000 },
    form: 'FILE... --vault DIR [--source WORDS] [--licence WORDS]',
    run: importSets,
  },
  {
    words: ['findings', 'rematch'],
    options: { ...valued('examination', 'evidence'), set: 'values' },
    positionals: NO_WORDS,
    form: '--vault DIR --examination ID [--evidence ID] [--set ID]...',
    run: rematch,
  },
];
