import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { ReadStream } from 'node:tty';
import type { Arguments } from './arguments.ts';
import type { Messages } from './messages.ts';
import { UsageError } from './usage-error.ts';

/** Longest passphrase that the contract takes, in bytes of UTF-8. */
const MAX_BYTES = 16_384;
/** Name of the variable that works for practice vaults only: an environment is read by every child and by logs. */
export const PASSPHRASE_VARIABLE = 'RESGUARDO_PASSPHRASE';

export interface Passphrase {
  readonly text: string;
  /** Where it came from; `environment` may open practice vaults only. */
  readonly from: 'prompt' | 'file' | 'fd' | 'environment';
}

const firstLine = (bytes: Buffer): string => {
  const text = bytes.toString('utf8');
  bytes.fill(0);
  const line = text.replace(/\r?\n[\s\S]*$/u, '');
  if (line === '') throw new UsageError('passphrase.empty');
  return line;
};

const readAll = (fd: number): Buffer => {
  const buffer = Buffer.allocUnsafeSlow(MAX_BYTES);
  let length = 0;
  for (;;) {
    const count = readSync(fd, buffer, length, MAX_BYTES - length, null);
    length += count;
    if (count === 0 || length === MAX_BYTES) break;
  }
  const bytes = Buffer.allocUnsafeSlow(length);
  buffer.copy(bytes, 0, 0, length);
  buffer.fill(0);
  return bytes;
};

/**
 * Text of a file that only its owner can read.
 *
 * @param option that named it, such as `--words-file`, for what an error says.
 * @throws UsageError where others can read it, or it cannot be read.
 */
export const readSecretFile = (path: string, option: string): string => {
  const bytes = secretFileBytes(path, option);
  const text = bytes.toString('utf8');
  bytes.fill(0);
  if (text.trim() === '') throw new UsageError('passphrase.empty');
  return text;
};

const secretFileBytes = (path: string, option: string): Buffer => {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    throw new UsageError('passphrase.fileUnreadable', { option });
  }
  try {
    const stat = fstatSync(fd);
    /* Judged on the open file, so that it cannot be exchanged between look and read. */
    const foreign = process.getuid !== undefined && stat.uid !== process.getuid();
    if (process.platform !== 'win32' && (foreign || (stat.mode & 0o077) !== 0)) {
      throw new UsageError('passphrase.fileMode', { option });
    }
    if (!stat.isFile()) throw new UsageError('passphrase.fileUnreadable', { option });
    return readAll(fd);
  } finally {
    closeSync(fd);
  }
};

const fromFile = (path: string, option: string): string => firstLine(secretFileBytes(path, option));

const fromFd = (text: string): string => {
  const fd = Number(text);
  if (!/^\d{1,4}$/u.test(text)) throw new UsageError('passphrase.badFd');
  try {
    return firstLine(readAll(fd));
  } catch (thrown) {
    if (thrown instanceof UsageError) throw thrown;
    throw new UsageError('passphrase.badFd');
  }
};

/** Reads one line from a terminal that shows nothing of it, not even its length. */
const ask = async (question: string, terminal: ReadStream): Promise<string> => {
  /* Echo goes off before the question is asked: a quick hand could be typing already. */
  terminal.setRawMode(true);
  terminal.setEncoding('utf8');
  process.stderr.write(question);
  try {
    return await new Promise<string>((resolve, reject) => {
      let typed = '';
      terminal.resume();
      terminal.on('data', (chunk: string | Buffer) => {
        for (const character of String(chunk)) {
          if (character === '\r' || character === '\n') return resolve(typed);
          if (character === '\u0003' || character === '\u0004')
            return reject(new UsageError('passphrase.cancelled'));
          if (character === '\u007f' || character === '\b') typed = [...typed].slice(0, -1).join('');
          else if (character >= ' ') typed += character;
        }
        return undefined;
      });
    });
  } finally {
    terminal.removeAllListeners('data');
    terminal.setRawMode(false);
    terminal.pause();
    process.stderr.write('\n');
  }
};

/**
 * The passphrase, from the option that was given, else the environment, else a prompt.
 * It is never an argument: arguments are in the process list and in the shell's history.
 *
 * @param twice asks again, for a new passphrase.
 */
export const readPassphrase = async (
  args: Arguments,
  messages: Messages,
  twice = false,
): Promise<Passphrase> => {
  const variable = process.env[PASSPHRASE_VARIABLE];
  /* No child process of ours, parsers least of all, may inherit it, wherever the passphrase comes from. */
  delete process.env[PASSPHRASE_VARIABLE];
  const file = args.value('passphrase-file');
  const fd = args.value('passphrase-fd');
  if (file !== undefined && fd !== undefined) throw new UsageError('passphrase.oneSource');
  if (file !== undefined) return { text: fromFile(file, '--passphrase-file'), from: 'file' };
  if (fd !== undefined) return { text: fromFd(fd), from: 'fd' };
  if (variable !== undefined && variable !== '') return { text: variable, from: 'environment' };
  if (!process.stdin.isTTY) throw new UsageError('passphrase.noTerminal');
  const text = await ask(messages.say('passphrase.ask'), process.stdin);
  if (text === '') throw new UsageError('passphrase.empty');
  if (twice && (await ask(messages.say('passphrase.again'), process.stdin)) !== text) {
    throw new UsageError('passphrase.differ');
  }
  return { text, from: 'prompt' };
};

/** Secrets besides the one that unlocks: a new one, or a second person's. */
export type OtherSecret = 'new' | 'second';

/**
 * A further passphrase of one command, from `--new-passphrase-file`, `--new-passphrase-fd`, `--second-...`, else a
 * prompt. Never from the environment.
 */
export const readOtherPassphrase = async (
  args: Arguments,
  messages: Messages,
  which: OtherSecret,
): Promise<string> => {
  const file = args.value(`${which}-passphrase-file`);
  const fd = args.value(`${which}-passphrase-fd`);
  if (file !== undefined && fd !== undefined) throw new UsageError('passphrase.oneSource');
  if (file !== undefined) return fromFile(file, `--${which}-passphrase-file`);
  if (fd !== undefined) return fromFd(fd);
  if (!process.stdin.isTTY) throw new UsageError(`passphrase.${which}NoTerminal`);
  const text = await ask(messages.say(`passphrase.${which}Ask`), process.stdin);
  if (text === '') throw new UsageError('passphrase.empty');
  if (which === 'new' && (await ask(messages.say('passphrase.again'), process.stdin)) !== text) {
    throw new UsageError('passphrase.differ');
  }
  return text;
};
