import type { DumpLock } from '#shared/contract/dump.ts';
import { languageSchema } from '#shared/model/common.ts';
import { approveHere, refuseIdleSecond, SECOND_PASSPHRASE } from '../approve-here.ts';
import { oneOf, type Arguments } from '../arguments.ts';
import { withVault } from '../client.ts';
import { NO_WORDS, valued, type Command } from '../command.ts';
import { sizeText, type Output } from '../output.ts';
import { showProgress } from '../progress.ts';
import { UsageError } from '../usage-error.ts';

/** One way of closing it, and no default: in clear has to be said. */
const lockOf = (args: Arguments): DumpLock => {
  const keys = [...args.values('recipient')];
  const ways = [keys.length > 0, args.flag('with-passphrase'), args.value('plain') !== undefined];
  if (ways.filter(Boolean).length !== 1) throw new UsageError('dump.oneLock');
  if (keys.length > 0) return { kind: 'recipients', keys };
  return { kind: args.flag('with-passphrase') ? 'passphrase' : 'plain' };
};

/** Nobody signs blind: that it is everything, how it is closed, and whether the reserved notes go with it. */
const noteSubject = (output: Output, lock: DumpLock, withReserved: boolean): void => {
  const { say } = output.messages;
  output.note(say('dump.approveWhat'));
  if (lock.kind === 'recipients') output.note(say('export.willBeEncrypted', { keys: lock.keys.join(', ') }));
  else output.note(say(lock.kind === 'plain' ? 'export.willBeClear' : 'dump.willHavePassphrase'));
  if (withReserved) output.note(say('dump.withReserved'));
};

const run = (args: Arguments, output: Output): Promise<number> => {
  const out = args.need('out');
  const lock = lockOf(args);
  const language = oneOf(
    'words-language',
    args.value('words-language') ?? output.messages.language,
    languageSchema.options,
  );
  const { say } = output.messages;
  return withVault(args, output.messages, async (client) => {
    showProgress(client, output);
    const reserved = args.value('reserved-notes');
    const plan = await client.call('dump.prepare', {
      lock,
      reservedNotes: reserved !== undefined,
      language,
    });
    // Where there are two coordinators, the other one signs this plan.
    if (plan.secondPerson) {
      noteSubject(output, lock, reserved !== undefined);
      await approveHere(client, args, output, { kind: 'dump', id: plan.id });
    } else refuseIdleSecond(args);
    const done = await client.call('dump.write', {
      id: plan.id,
      target: client.grantTarget(out, 'targetFolder'),
      typedPlain: args.value('plain') ?? '',
      typedReserved: reserved ?? '',
    });
    output.result(done, () => [
      say('dump.written', { file: done.file, size: sizeText(done.sizeBytes), path: out }),
      say('dump.counts', { tables: done.tables, rows: done.rows, evidence: done.evidence }),
      `sha256  ${done.sha256}`,
      ...(done.passphrase === null ? [] : [say('dump.passphrase', { words: done.passphrase })]),
      ...(done.executablesPassphrase === null
        ? []
        : [say('dump.executables', { words: done.executablesPassphrase })]),
      ...(lock.kind === 'plain' ? [say('dump.plainWarning')] : []),
    ]);
    return 0;
  });
};

export const dumpCommands: readonly Command[] = [
  {
    words: ['dump'],
    options: {
      ...valued('out', 'plain', 'reserved-notes', 'words-language'),
      ...SECOND_PASSPHRASE,
      recipient: 'values',
      'with-passphrase': 'flag',
    },
    positionals: NO_WORDS,
    form: '--vault DIR --out FOLDER (--recipient AGE_KEY... | --with-passphrase | --plain WORDS) [--reserved-notes WORDS] [--second-passphrase-file FILE]',
    run,
  },
];
