import { guardProcess } from '../core/ports/node/guard-process.ts';
import { isAppError } from '#shared/errors.ts';
import { languageSchema } from '#shared/model/common.ts';
import { readArguments, type OptionSpec } from './arguments.ts';
import type { Command } from './command.ts';
import { backupCommands } from './commands/backup.ts';
import { clockCommands } from './commands/clock.ts';
import { contractCommands } from './commands/contract.ts';
import { deviceCommands } from './commands/devices.ts';
import { dumpCommands } from './commands/dump.ts';
import { erasureCommands } from './commands/erasure.ts';
import { evidenceCommands } from './commands/evidence.ts';
import { exportCommands } from './commands/export.ts';
import { findingCommands } from './commands/findings.ts';
import { importCommands } from './commands/import.ts';
import { indicatorCommands } from './commands/indicators.ts';
import { rotationCommands } from './commands/rotation.ts';
import { searchCommands } from './commands/search.ts';
import { slotCommands } from './commands/slots.ts';
import { vaultCommands } from './commands/vault.ts';
import { verifyCommands } from './commands/verify.ts';
import { languageOf, messagesIn, type Messages } from './messages.ts';
import { createOutput, forTerminal, toJson } from './output.ts';
import { Refusal, UsageError } from './usage-error.ts';

const COMMANDS: readonly Command[] = [
  ...vaultCommands,
  ...slotCommands,
  ...rotationCommands,
  ...clockCommands,
  ...backupCommands,
  ...evidenceCommands,
  ...erasureCommands,
  ...dumpCommands,
  ...exportCommands,
  ...verifyCommands,
  ...searchCommands,
  ...importCommands,
  ...deviceCommands,
  ...findingCommands,
  ...indicatorCommands,
  ...contractCommands,
];

/** Commands that begin with these words, or that these words begin with. */
const startingWith = (asked: readonly string[]): readonly Command[] =>
  COMMANDS.filter(({ words }) =>
    words.every((word, position) => asked[position] === undefined || asked[position] === word),
  );

const formOf = ({ words, form }: Command): string => `  resguardo ${words.join(' ')} ${form}`;

/** What the command does and what its options are for, below its form. */
const aboutLines = (messages: Messages, { words }: Command): string[] =>
  messages
    .say(`help.${words.join('.')}`)
    .split('\n')
    .map((line) => `      ${line}`);

/** What all commands take, below those that were asked about. */
const help = (messages: Messages, commands: readonly Command[]): string =>
  [
    messages.say('help.title'),
    '',
    ...(commands.length === COMMANDS.length
      ? commands.map(formOf)
      : commands.flatMap((command, at) => [
          ...(at === 0 ? [] : ['']),
          formOf(command),
          ...aboutLines(messages, command),
        ])),
    '',
    messages.say('help.passphrase'),
    messages.say('help.access'),
    messages.say('help.common'),
    messages.say('help.exitCodes'),
    ...(commands.length === COMMANDS.length ? [messages.say('help.more')] : []),
    '',
  ].join('\n');

const beforeOptions = (argv: readonly string[]): readonly string[] => {
  const end = argv.findIndex((word) => word.startsWith('-'));
  return end === -1 ? argv : argv.slice(0, end);
};

/** What people look for who know the window: here every command opens the vault and closes it again. */
const SESSION_WORDS: readonly string[] = ['lock', 'unlock', 'open', 'close', 'login', 'logout'];

const find = (argv: readonly string[]): Command => {
  const found = COMMANDS.find(({ words }) => words.every((word, position) => argv[position] === word));
  if (found !== undefined) return found;
  const asked = beforeOptions(argv);
  const [first = ''] = asked;
  if (SESSION_WORDS.includes(first)) throw new UsageError('usage.noSession', { command: first });
  const known = startingWith([first]);
  throw known.length > 0
    ? new UsageError('usage.incompleteCommand', {
        command: asked.slice(0, 2).join(' '),
        list: known.map(({ words }) => words.join(' ')).join(', '),
        first,
      })
    : new UsageError('usage.unknownCommand', { command: asked.slice(0, 2).join(' ') });
};

const HELP: readonly string[] = ['help', '--help', '-h'];

/** The words that help is asked about, or null where it is not asked for: `help WORDS`, or `--help` among a command. */
const helpAsked = (argv: readonly string[]): readonly string[] | null => {
  const [first = 'help'] = argv;
  if (!HELP.includes(first) && !argv.includes('--help')) return null;
  return beforeOptions(HELP.includes(first) ? argv.slice(1) : argv);
};

/** Errors about how a command was written; after the others (a file that cannot be read) its form would be noise. */
const isAboutForm = ({ key }: UsageError): boolean =>
  key.startsWith('usage.') || key.startsWith('call.notJson') || key === 'dump.oneLock';

/** A field of the contract as the option that fills it, where the command has one: people typed that. */
const asOption = (field: string | undefined, options: OptionSpec): string | undefined => {
  const name = field?.replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
  return name !== undefined && Object.hasOwn(options, name) ? `--${name}` : field;
};

/** The value after `--language`, wherever it stands: messages need it before arguments are judged. */
const askedLanguage = (argv: readonly string[]): string | undefined => {
  const place = argv.indexOf('--language');
  return place === -1
    ? argv.find((one) => one.startsWith('--language='))?.slice('--language='.length)
    : argv[place + 1];
};

/**
 * Runs one command.
 *
 * @param argv what stands after `resguardo`.
 * @returns the exit code: 0 done, 1 refused or failed, 2 wrong usage. Never throws.
 */
export const main = async (argv: readonly string[]): Promise<number> => {
  /* Set before anything is written: every file of a vault and every export is for its owner only. */
  process.umask(0o077);
  /* Before the passphrase is read: from then on this process holds the keys. */
  guardProcess();
  const asked = languageSchema.safeParse(askedLanguage(argv));
  const messages = messagesIn(asked.success ? asked.data : languageOf(process.env));
  const json = argv.includes('--json');
  const refuse = (code: string, text: string, exit: number, field?: string): number => {
    if (json)
      process.stderr.write(
        `${toJson({ error: { code, ...(field === undefined ? {} : { field }), text } })}\n`,
      );
    else process.stderr.write(`${forTerminal(field === undefined ? text : `${text} (${field})`)}\n`);
    return exit;
  };
  let known: Command | null = null;
  try {
    const about = helpAsked(argv);
    if (about !== null) {
      const commands = startingWith(about);
      if (commands.length === 0) throw new UsageError('usage.unknownCommand', { command: about.join(' ') });
      process.stdout.write(help(messages, commands));
      return argv.length === 0 ? 2 : 0;
    }
    const command = find(argv);
    known = command;
    const args = readArguments(
      argv.slice(command.words.length),
      command.options,
      command.positionals,
      command.words,
    );
    if (args.value('language') !== undefined && !asked.success) {
      throw new UsageError('usage.oneOf', { option: '--language', list: 'es, en' });
    }
    return await command.run(args, createOutput(messages, args.json));
  } catch (thrown) {
    if (thrown instanceof UsageError) {
      const text = messages.say(thrown.key, thrown.params);
      if (known === null || json || !isAboutForm(thrown)) return refuse(thrown.key, text, 2);
      return refuse(thrown.key, [text, messages.say('usage.form'), formOf(known)].join('\n'), 2);
    }
    if (thrown instanceof Refusal) return refuse(thrown.key, messages.say(thrown.key, thrown.params), 1);
    /* A foreign error's message may quote content or paths: only our own code is told. */
    if (isAppError(thrown))
      return refuse(
        thrown.code,
        messages.error(thrown.code, thrown.params),
        1,
        json ? thrown.field : asOption(thrown.field, known?.options ?? {}),
      );
    return refuse('call.internal', messages.error('call.internal'), 1);
  }
};
