import { closeSync, openSync, readSync } from 'node:fs';
import { PACKAGE_PROBLEMS, type VerifyResult } from '#shared/contract/exports.ts';
import type { Arguments } from '../arguments.ts';
import { withCore } from '../client.ts';
import { ONE_WORD, type Command } from '../command.ts';
import type { Output } from '../output.ts';
import { needPath } from '../paths.ts';
import { showProgress } from '../progress.ts';
import { UsageError } from '../usage-error.ts';

/** A public key of minisign as people copy it: 42 bytes in base64, which begin with `Ed`. */
const KEY = /^RW[A-Za-z0-9+/]{54}$/u;
/** A file of a public key has two short lines. */
const MAX_KEY_BYTES = 4_096;
const UNTRUSTED = 'untrusted comment:';

const startOf = (path: string): string => {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    throw new UsageError('verify.badKey');
  }
  try {
    const bytes = Buffer.alloc(MAX_KEY_BYTES);
    return bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, 0));
  } catch {
    throw new UsageError('verify.badKey');
  } finally {
    closeSync(fd);
  }
};

/**
 * The key itself, or that of the file that was named: a `.pub` of minisign, a comment and the key.
 * Errors: `UsageError` `verify.badKey`.
 */
const keyOf = (given: string): string => {
  const typed = given.trim();
  if (KEY.test(typed)) return typed;
  const lines = startOf(given)
    .split(/\r?\n/u)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith(UNTRUSTED));
  const [key = ''] = lines;
  if (lines.length !== 1 || !KEY.test(key)) throw new UsageError('verify.badKey');
  return key;
};

/** What is known of who made it. Without a signature no key could tell. */
const authorOf = ({ signed, authentic, signature }: VerifyResult): string => {
  if (signed === false) return 'verify.notSigned';
  if (authentic === null) return 'verify.noKey';
  if (authentic) return 'verify.authentic';
  return signature === 'valid' ? 'verify.signedThenChanged' : `verify.signature.${signature ?? 'otherKey'}`;
};

const problemLine = (output: Output, { code, file }: VerifyResult['problems'][number]): string => {
  const known = PACKAGE_PROBLEMS.find((one) => one === code);
  return `  ${file}: ${known === undefined ? code : output.messages.say(`verify.problem.${known}`)}`;
};

const verifyLines = (output: Output, result: VerifyResult): string[] => {
  const { say } = output.messages;
  if (result.encrypted) return [say('verify.encrypted')];
  return [
    say(result.intact ? 'verify.intact' : 'verify.notIntact', { files: result.files }),
    say(authorOf(result)),
    ...result.problems.map((problem) => problemLine(output, problem)),
  ];
};

const verify = (args: Arguments, output: Output): Promise<number> => {
  const given = args.value('key');
  const key = given === undefined ? undefined : keyOf(given);
  return withCore(args, { practiceOnly: false }, async (client) => {
    await needPath(args.positionals[0] ?? '');
    showProgress(client, output);
    const result = await client.call('exports.verify', {
      target: client.grantTarget(args.positionals[0] ?? '', 'targetFolder'),
      ...(key === undefined ? {} : { publicKey: key }),
    });
    output.result(result, () => verifyLines(output, result));
    return result.intact && result.authentic !== false ? 0 : 1;
  });
};

export const verifyCommands: readonly Command[] = [
  {
    words: ['verify'],
    options: { key: 'value' },
    positionals: ONE_WORD,
    form: 'PACKAGE [--key MINISIGN_KEY|FILE.pub]',
    run: verify,
  },
];
