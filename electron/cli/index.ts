import { guardProcess } from '../core/ports/node/guard-process.ts';
import { isAppError } from '#shared/errors.ts';
import { languageSchema } from '#shared/model/common.ts';
import { readArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { contractCommands } from './commands/contract.ts';
import { evidenceCommands } from './commands/evidence.ts';
import { exportCommands } from './commands/export.ts';
import { indicatorCommands } from './commands/indicators.ts';
import { searchCommands } from './commands/search.ts';
import { vaultCommands } from './commands/vault.ts';
import { languageOf, messagesIn, type Messages } from './messages.ts';
import { createOutput, forTerminal, toJson } from './output.ts';
import { Refusal, UsageError } from './usage-error.ts';

const COMMANDS: readonly Command[] = [
  ...vaultCommands,
  ...evidenceCommands,
  ...exportCommands,
  ...searchCommands,
  ...indicatorCommands,
  ...contractCommands,
];

const help = (messages: Messages): string =>
  [
    messages.say('help.title'),
    '',
    ...COMMANDS.map(({ words, form }) => `  resguardo ${words.join(' ')} ${form}`),
    '',
    messages.say('help.passphrase'),
    messages.say('help.common'),
    messages.say('help.exitCodes'),
    '',
  ].join('\n');

const find = (argv: readonly string[]): Command => {
  const found = COMMANDS.find(({ words }) => words.every((word, position) => argv[position] === word));
  if (found === undefined)
    throw new UsageError('usage.unknownCommand', { command: argv.slice(0, 2).join(' ') });
  return found;
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
  try {
    if (argv.length === 0 || ['help', '--help', '-h'].includes(argv[0] ?? '')) {
      process.stdout.write(help(messages));
      return argv.length === 0 ? 2 : 0;
    }
    const command = find(argv);
    const args = readArguments(argv.slice(command.words.length), command.options, command.positionals);
    if (args.value('language') !== undefined && !asked.success) {
      throw new UsageError('usage.oneOf', { option: '--language', list: 'es, en' });
    }
    return await command.run(args, createOutput(messages, args.json));
  } catch (thrown) {
    if (thrown instanceof UsageError) return refuse(thrown.key, messages.say(thrown.key, thrown.params), 2);
    if (thrown instanceof Refusal) return refuse(thrown.key, messages.say(thrown.key, thrown.params), 1);
    /* A foreign error's message may quote content or paths: only our own code is told. */
    if (isAppError(thrown))
      return refuse(thrown.code, messages.error(thrown.code, thrown.params), 1, thrown.field);
    return refuse('call.internal', messages.error('call.internal'), 1);
  }
};
