import type {
  BackupFinding,
  BackupSnapshot,
  BackupTarget,
  RestorePlan,
  UnlockSecret,
} from '#shared/contract/backup.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import type { Credentials } from '#shared/contract/slots.ts';
import type { ErrorCode } from '#shared/errors.ts';
import { credentialsOf, readAccess } from '../access.ts';
import { refuseWithout, type Arguments } from '../arguments.ts';
import { withCore, withVault, type Client } from '../client.ts';
import { NO_WORDS, ONE_WORD, valued, type Command } from '../command.ts';
import type { Messages } from '../messages.ts';
import { sizeText, type Output } from '../output.ts';
import { needPath } from '../paths.ts';
import { showProgress } from '../progress.ts';
import { UsageError } from '../usage-error.ts';

/** What was typed to unlock, as the methods about backups take it. */
const secretOf = ({ passphrase, keyFile, words, shares }: Credentials): UnlockSecret => {
  if (words !== undefined) return { kind: 'words', words };
  if (shares !== undefined) return { kind: 'shares', shares: [...shares] };
  return {
    kind: 'passphrase',
    passphrase: passphrase ?? '',
    ...(keyFile === undefined ? {} : { keyFile: keyFile as never }),
  };
};

const snapshotLine = (say: Messages['say'], snapshot: BackupSnapshot): string => {
  const marks = [
    ...(snapshot.olderKeys ? [say('backup.olderKeys')] : []),
    ...(snapshot.holdsDeleted ? [say('backup.holdsDeleted')] : []),
  ];
  const line = say('backup.snapshot', {
    id: snapshot.id,
    at: snapshot.takenAt,
    size: sizeText(snapshot.bytes),
    objects: snapshot.objects,
  });
  return `    ${line}${marks.length === 0 ? '' : ` (${marks.join('; ')})`}`;
};

const targetLines = (messages: Messages, target: BackupTarget): string[] => {
  const { say } = messages;
  const never = say('backup.neverYet');
  return [
    say('backup.target', { name: target.name, id: target.id }),
    `  ${say('backup.targetDates', {
      success: target.lastSuccessAt ?? never,
      verified: target.lastVerifiedAt ?? never,
      rehearsed: target.lastRehearsedAt ?? never,
    })}`,
    ...(target.lastError === null ? [] : [`  ${messages.error(target.lastError as ErrorCode)}`]),
    ...target.warnings.map((warning) => `  ${say(`backup.warning.${warning}`)}`),
    ...target.snapshots.map((snapshot) => snapshotLine(say, snapshot)),
  ];
};

const findingLines = (messages: Messages, findings: readonly BackupFinding[]): string[] =>
  findings.map(({ part, code, subject }) => `  ${part} ${subject}: ${messages.error(code as ErrorCode)}`);

/** Never made here: where the folder of a stick is missing, the stick is, and the copy would lie beside the vault. */
const grantExisting = async (client: Client, path: string) => {
  await needPath(path);
  return client.grantTarget(path, 'targetFolder');
};

/** A known target by the id that `list` shows; anything else is a folder. */
const KNOWN_TARGET = /^[0-9a-f]{32}$/u;

/** `--to` names a folder, or a known target. */
const targetOf = async (client: Client, to: string) =>
  KNOWN_TARGET.test(to) ? (to as never) : grantExisting(client, to);

/** Unlocks, and works with what `--to` names; that it is missing is told before anybody types a passphrase. */
const withTarget = async (
  args: Arguments,
  output: Output,
  work: (client: Client, to: string, own: Credentials) => Promise<number>,
): Promise<number> => {
  const to = args.need('to');
  const folder = args.need('vault');
  if (!KNOWN_TARGET.test(to)) await needPath(to);
  return withVault(args, output.messages, (client, own) => work(client, to, own), folder);
};

const run = (args: Arguments, output: Output): Promise<number> =>
  withTarget(args, output, async (client, to) => {
    showProgress(client, output);
    const done = await client.call('backup.run', {
      target: await targetOf(client, to),
      acceptAhead: args.flag('accept-ahead'),
    });
    const { say } = output.messages;
    output.result(done, () => [
      say(done.newSnapshot ? 'backup.done' : 'backup.unchanged', {
        objects: done.copiedObjects,
        size: sizeText(done.copiedBytes),
        removed: done.removedObjects,
      }),
      ...targetLines(output.messages, done.target),
    ]);
    return 0;
  });

/** What was never done is not late: it is told as such. */
const dueKey = ({ reminder: { due }, targets }: CallOutput<'backup.state'>): string => {
  if (due === 'unverified' && targets.every((target) => target.lastVerifiedAt === null))
    return 'backup.due.neverVerified';
  if (due === 'unrehearsed' && targets.every((target) => target.lastRehearsedAt === null))
    return 'backup.due.neverRehearsed';
  return `backup.due.${due}`;
};

const list = (args: Arguments, output: Output): Promise<number> =>
  withVault(args, output.messages, async (client) => {
    const state = await client.call('backup.state', {});
    const { say } = output.messages;
    output.result(state, () => [
      say(dueKey(state), {
        days: state.reminder.daysSinceSuccess ?? 0,
        changes: state.reminder.changesSince,
      }),
      ...state.targets.flatMap((target) => targetLines(output.messages, target)),
    ]);
    return 0;
  });

const verify = (args: Arguments, output: Output): Promise<number> =>
  withTarget(args, output, async (client, to) => {
    showProgress(client, output);
    const verdict = await client.call('backup.verify', {
      target: await targetOf(client, to),
      objects: args.flag('quick') ? 'ends' : 'content',
    });
    output.result(verdict, () => [
      output.messages.say(verdict.ok ? 'backup.verified' : 'backup.problems', {
        ...verdict.checked,
        count: verdict.findings.length,
        size: sizeText(verdict.checked.bytes),
      }),
      ...findingLines(output.messages, verdict.findings),
    ]);
    return verdict.ok ? 0 : 1;
  });

const rehearse = (args: Arguments, output: Output): Promise<number> =>
  withTarget(args, output, async (client, to, own) => {
    showProgress(client, output);
    const verdict = await client.call('backup.rehearse', {
      target: await targetOf(client, to),
      secret: secretOf(own),
    });
    output.result(verdict, () => [
      output.messages.say(verdict.ok ? 'backup.rehearsed' : 'backup.problems', {
        ...verdict.counts,
        count: verdict.findings.length,
        at: verdict.snapshot.takenAt,
        behind: verdict.changesBehind,
      }),
      ...(verdict.wentBack ? [output.messages.error('backup.wentBack')] : []),
      ...findingLines(output.messages, verdict.findings),
    ]);
    return verdict.ok ? 0 : 1;
  });

/** The core without a vault, and what opens the backup; that there is none is told before anybody types it. */
const withSecret = async (
  args: Arguments,
  output: Output,
  work: (client: Client, secret: UnlockSecret) => Promise<number>,
): Promise<number> => {
  await needPath(args.positionals[0] ?? '');
  const access = await readAccess(args, output.messages);
  const practiceOnly = access.passphrase?.from === 'environment';
  return withCore(args, { practiceOnly }, async (client) => {
    showProgress(client, output);
    return work(client, secretOf(await credentialsOf(client, access)));
  });
};

const inspect = (args: Arguments, output: Output): Promise<number> =>
  withSecret(args, output, async (client, secret) => {
    const seen = await client.call('backup.inspect', {
      source: await grantExisting(client, args.positionals[0] ?? ''),
      secret,
    });
    const { say } = output.messages;
    output.result(seen, () => [
      say('info.vault', { id: seen.vaultId }),
      ...(seen.laterChanges === null ? [] : [say('backup.later', { count: seen.laterChanges })]),
      ...seen.snapshots.map((snapshot) => snapshotLine(say, snapshot)),
    ]);
    return 0;
  });

/** Without the folder of the anchors nobody looked whether this computer knows of later changes. */
const laterKey = (args: Arguments, later: number | null): string => {
  if (later !== null) return 'backup.later';
  return args.has('profile-folder') ? 'backup.laterUnknown' : 'backup.laterNotAsked';
};

const comesBackKey = ({ comparedWith, comesBackTotal }: RestorePlan): string => {
  if (comparedWith === null) return 'backup.notCompared';
  return comesBackTotal === 0 ? 'backup.nothingComesBack' : 'backup.comesBack';
};

const restore = (args: Arguments, output: Output): Promise<number> => {
  const confirmDay = args.value('confirm');
  if (args.flag('apply') && args.flag('bring-back')) throw new UsageError('usage.backupApply');
  // Without the confirmation the plan alone is shown: who typed what to do would take it for done.
  refuseWithout(args, 'confirm', ['apply', 'bring-back', 'plan']);
  if (confirmDay !== undefined && !args.flag('apply') && !args.flag('bring-back')) {
    throw new UsageError('usage.backupApply');
  }
  const planCode = args.value('plan');
  if (confirmDay !== undefined && args.flag('apply') && planCode === undefined) {
    throw new UsageError('usage.backupPlan');
  }
  const folder = args.need('out');
  return withSecret(args, output, async (client, secret) => {
    const snapshot = args.value('snapshot');
    const newer = args.value('newer');
    const input = {
      source: await grantExisting(client, args.positionals[0] ?? ''),
      secret,
      folder: client.grantVault(folder, 'create'),
      ...(snapshot === undefined ? {} : { snapshot }),
      ...(newer === undefined ? {} : { newer: await grantExisting(client, newer) }),
    };
    const { say } = output.messages;
    if (confirmDay === undefined) {
      const plan = await client.call('backup.planRestore', input);
      output.result(plan, () => [
        say('backup.plan', { day: plan.confirmDay, at: plan.snapshot.takenAt }),
        say(laterKey(args, plan.laterChanges), { count: plan.laterChanges ?? 0 }),
        ...(plan.notCompared === null
          ? []
          : [say(`backup.notCompared.${plan.notCompared}`, { day: plan.confirmDay })]),
        ...(plan.notCompared !== null && plan.comparedWith !== null ? [say('backup.comparedInstead')] : []),
        ...(plan.notCompared !== null && plan.comparedWith === null
          ? []
          : [say(comesBackKey(plan), { count: plan.comesBackTotal })]),
        ...plan.comesBack.map((one) => `  ${say(`backup.kind.${one.kind}`)}: ${one.title} ${one.id}`),
        // Without a comparison nothing can be taken away again: only what works is offered.
        say(plan.comparedWith === null ? 'backup.confirmUncompared' : 'backup.confirm', {
          day: plan.confirmDay,
          code: plan.planCode,
        }),
      ]);
      return 0;
    }
    const done = await client.call('backup.restore', {
      ...input,
      confirmDay,
      apply: args.flag('apply'),
      ...(planCode === undefined ? {} : { planCode }),
    });
    output.result(done, () => [
      say('backup.restored', {
        folder,
        objects: done.counts.objects,
        applied: done.applied,
      }),
      ...(done.rotationAdvised ? [say('backup.rotate')] : []),
    ]);
    return 0;
  });
};

export const backupCommands: readonly Command[] = [
  {
    words: ['backup', 'run'],
    options: { to: 'value', 'accept-ahead': 'flag' },
    positionals: NO_WORDS,
    form: '--vault DIR --to DIR [--accept-ahead]',
    run,
  },
  {
    words: ['backup', 'list'],
    options: {},
    positionals: NO_WORDS,
    form: '--vault DIR',
    run: list,
  },
  {
    words: ['backup', 'verify'],
    options: { to: 'value', quick: 'flag' },
    positionals: NO_WORDS,
    form: '--vault DIR --to DIR [--quick]',
    run: verify,
  },
  {
    words: ['backup', 'rehearse'],
    options: { to: 'value' },
    positionals: NO_WORDS,
    form: '--vault DIR --to DIR',
    run: rehearse,
  },
  {
    words: ['backup', 'inspect'],
    options: {},
    positionals: ONE_WORD,
    form: 'DIR',
    run: inspect,
  },
  {
    words: ['backup', 'restore'],
    options: {
      ...valued('out', 'snapshot', 'newer', 'confirm', 'plan'),
      apply: 'flag',
      'bring-back': 'flag',
    },
    positionals: ONE_WORD,
    form: 'DIR --out DIR [--snapshot ID] [--newer DIR] [--confirm YYYY-MM-DD (--bring-back | --plan CODE --apply)]',
    run: restore,
  },
];
