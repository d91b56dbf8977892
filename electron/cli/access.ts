import type { Credentials } from '#shared/contract/slots.ts';
import type { TargetId } from '#shared/model/ids.ts';
import type { Arguments } from './arguments.ts';
import type { Messages } from './messages.ts';
import { readPassphrase, readSecretFile, type Passphrase } from './passphrase.ts';
import { UsageError } from './usage-error.ts';

/** How the caller wants in: a passphrase with or without a key file, words, or pages. */
export interface Access {
  readonly passphrase?: Passphrase;
  readonly keyFile?: string;
  readonly words?: string;
  readonly shares?: readonly string[];
}

/**
 * From `--words-file`, `--shares-file` (once for each page), or the passphrase's sources and `--key-file`.
 *
 * @throws UsageError for two ways at once, and for files that others can read.
 */
export const readAccess = async (args: Arguments, messages: Messages): Promise<Access> => {
  const words = args.value('words-file');
  const shares = args.values('shares-file');
  const keyFile = args.value('key-file');
  const papers = [words, shares[0]].filter((given) => given !== undefined).length;
  const withPassphrase = [args.value('passphrase-file'), args.value('passphrase-fd'), keyFile];
  if (papers > 1 || (papers === 1 && withPassphrase.some((given) => given !== undefined))) {
    throw new UsageError('usage.oneWayIn');
  }
  if (words !== undefined) return { words: readSecretFile(words, '--words-file') };
  if (shares.length > 0) return { shares: shares.map((path) => readSecretFile(path, '--shares-file')) };
  return {
    passphrase: await readPassphrase(args, messages),
    ...(keyFile === undefined ? {} : { keyFile }),
  };
};

/** The same as the contract takes it, with the key file as a grant. */
export const credentialsOf = async (
  client: { grantFile(path: string): Promise<TargetId> },
  access: Access,
): Promise<Credentials> => {
  const { passphrase, keyFile, words, shares } = access;
  if (words !== undefined) return { words };
  if (shares !== undefined) return { shares: [...shares] };
  return {
    passphrase: passphrase?.text,
    ...(keyFile === undefined ? {} : { keyFile: await client.grantFile(keyFile) }),
  };
};
