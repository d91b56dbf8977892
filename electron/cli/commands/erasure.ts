import { ERASURE_CONFIRMATIONS } from '#shared/contract/erasure.ts';
import { languageSchema } from '#shared/model/common.ts';
import { evidenceIdSchema, personIdSchema, type EvidenceId, type PersonId } from '#shared/model/ids.ts';
import { deviceIdSchema, type DeviceId } from '#shared/model/surveillance-ids.ts';
import { oneOf, type Arguments } from '../arguments.ts';
import { withVault, type Client } from '../client.ts';
import { ONE_WORD, valued, type Command } from '../command.ts';
import { idOf } from '../ids.ts';
import { labelOf } from '../labels.ts';
import { dayHere } from '../local-time.ts';
import type { Output } from '../output.ts';
import { showProgress } from '../progress.ts';
import { UsageError } from '../usage-error.ts';

const personOf = (args: Arguments): PersonId => {
  const id = personIdSchema.safeParse(args.positionals[0]);
  if (!id.success) throw new UsageError('usage.badId');
  return id.data;
};

const languageOf = (args: Arguments, { messages }: Output) =>
  oneOf('words-language', args.value('words-language') ?? messages.language, languageSchema.options);

const why = (args: Arguments): { reason: string; legalBasis: string } => ({
  reason: args.need('reason'),
  legalBasis: args.need('basis'),
});

const backupLines = (
  output: Output,
  backups: readonly { readonly kind: string; readonly place: string; readonly at: string }[],
): string[] =>
  backups.length === 0
    ? [output.messages.say('erasure.noBackups')]
    : [
        output.messages.say('erasure.stillIn'),
        ...backups.map(({ kind, place, at }) => {
          const name = kind === 'beforeUpdate' ? output.messages.say('erasure.beforeUpdate') : place;
          return `  ${name}  ${dayHere(at)}`;
        }),
      ];

const know = (args: Arguments, output: Output): Promise<number> => {
  const wanted = { personId: personOf(args), language: languageOf(args, output) };
  return withVault(args, output.messages, async (client) => {
    const sheet = await client.call('erasure.know', wanted);
    output.result(sheet, () => [
      sheet.title,
      ...sheet.sections.flatMap(({ heading, lines }) => ['', heading, ...lines.map((line) => `  ${line}`)]),
    ]);
    return 0;
  });
};

const preview = (args: Arguments, output: Output): Promise<number> => {
  const personId = personOf(args);
  return withVault(args, output.messages, async (client) => {
    const found = await client.call('erasure.preview', { personId });
    const { say } = output.messages;
    output.result(found, () => [
      say('erasure.preview', {
        mentions: found.mentions.length,
        doubts: found.mentions.filter((one) => !one.certain).length,
        evidence: found.evidence.length,
        entries: found.journalEntries,
        disclosures: found.disclosures.length,
      }),
      ...found.mentions.map(
        (one) => `  ${one.certain ? '!' : '?'} ${one.record}: …${one.before}[${one.found}]${one.after}…`,
      ),
      ...backupLines(output, found.backups),
    ]);
    return 0;
  });
};

const block = (args: Arguments, output: Output): Promise<number> => {
  const wanted = { personId: personOf(args), ...why(args) };
  return withVault(args, output.messages, async (client) => {
    const done = await client.call('erasure.block', {
      ...wanted,
      requestId: null,
    });
    output.result(done, () => [output.messages.say('erasure.blocked')]);
    return 0;
  });
};

/** What a person at a terminal decides for all doubts and items at once; one by one is done in the application. */
const choiceOf = (args: Arguments) => ({
  replace: oneOf('doubts', args.need('doubts'), ['keep', 'replace'] as const) === 'replace',
  action: oneOf('evidence', args.need('evidence'), ['keep', 'delete'] as const),
});

const decisionsOf = async (
  client: Client,
  { replace, action }: ReturnType<typeof choiceOf>,
  personId: PersonId,
) => {
  const found = await client.call('erasure.preview', { personId });
  const doubts = found.mentions.filter((one) => !one.certain).map((one) => one.id);
  return {
    evidence: found.evidence.map((item) => ({ evidenceId: item.id, action })),
    keepMentions: replace ? [] : doubts,
    replaceMentions: replace ? doubts : [],
  };
};

const erase = (args: Arguments, output: Output): Promise<number> => {
  const personId = personOf(args);
  const wanted = {
    personId,
    ...why(args),
    copies: oneOf('copies', args.value('copies') ?? 'block', ['block', 'erase'] as const),
    language: languageOf(args, output),
    typed: args.need('confirm'),
  };
  const choice = choiceOf(args);
  return withVault(args, output.messages, async (client) => {
    showProgress(client, output);
    const done = await client.call('erasure.erase', {
      ...wanted,
      requestId: null,
      ...(await decisionsOf(client, choice, personId)),
    });
    output.result(done, () => [
      output.messages.say('erasure.erased', {
        code: done.code,
        replaced: done.replaced,
        entries: done.payloads,
        evidence: done.evidenceDeleted,
      }),
      ...(done.removed ? [] : [output.messages.say('erasure.erasedLater')]),
      ...backupLines(output, done.backups),
    ]);
    return 0;
  });
};

/** What stands after `--not-of` where the results were of every device with which they were compared. */
const NOBODY = 'none';

/** What was answered at the command line, or nothing. Errors: `UsageError` `usage.badId`. */
const notOf = (args: Arguments): readonly DeviceId[] | undefined => {
  const said = args.values('not-of');
  if (said.length === 0) return undefined;
  return said.length === 1 && said[0] === NOBODY ? [] : said.map((one) => idOf(deviceIdSchema, one));
};

/** Whoever deletes compared results says whose they were not: the answer decides what may be said of a device. */
const requireSaid = async (client: Client, evidenceId: EvidenceId, output: Output): Promise<void> => {
  const { compared } = await client.call('evidence.deletePreview', { evidenceId });
  if (compared.length === 0) return;
  const devices = compared.map(
    ({ deviceId, device, kind }) =>
      `  ${deviceId}  ${device === '' ? labelOf(output, 'deviceKind', kind) : device}`,
  );
  throw new UsageError('usage.sayWhose', { devices: devices.join('\n') });
};

const remove = (args: Arguments, output: Output): Promise<number> => {
  const id = evidenceIdSchema.safeParse(args.positionals[0]);
  if (!id.success) throw new UsageError('usage.badId');
  const wanted = { evidenceId: id.data, ...why(args), typed: args.need('confirm') };
  const said = notOf(args);
  return withVault(args, output.messages, async (client) => {
    if (said === undefined) await requireSaid(client, id.data, output);
    const done = await client.call('evidence.delete', {
      ...wanted,
      ...(said === undefined ? {} : { notOf: [...said] }),
    });
    output.result(done, () => [
      output.messages.say(done.removed ? 'erasure.deleted' : 'erasure.deletedLater'),
      ...backupLines(output, done.backups),
    ]);
    return 0;
  });
};

/** The word of either language is taken in both. */
const eitherWord = ({ es, en }: { readonly es: string; readonly en: string }): string => `${es}|${en}`;

export const erasureCommands: readonly Command[] = [
  {
    words: ['data', 'know'],
    options: { 'words-language': 'value' },
    positionals: ONE_WORD,
    form: 'PERSON --vault DIR [--words-language es|en]',
    run: know,
  },
  {
    words: ['data', 'preview'],
    options: {},
    positionals: ONE_WORD,
    form: 'PERSON --vault DIR',
    run: preview,
  },
  {
    words: ['data', 'block'],
    options: valued('reason', 'basis'),
    positionals: ONE_WORD,
    form: 'PERSON --vault DIR --reason WORDS --basis RULE',
    run: block,
  },
  {
    words: ['data', 'erase'],
    options: valued('reason', 'basis', 'doubts', 'evidence', 'copies', 'confirm', 'words-language'),
    positionals: ONE_WORD,
    form: `PERSON --vault DIR --reason WORDS --basis RULE --doubts keep|replace --evidence keep|delete --confirm ${eitherWord(ERASURE_CONFIRMATIONS.erase)} [--copies block|erase]`,
    run: erase,
  },
  {
    words: ['evidence', 'delete'],
    options: { ...valued('reason', 'basis', 'confirm'), 'not-of': 'values' },
    positionals: ONE_WORD,
    form: `ID --vault DIR --reason WORDS --basis RULE --confirm ${eitherWord(ERASURE_CONFIRMATIONS.deleteEvidence)} [--not-of DEVICE|${NOBODY}]`,
    run: remove,
  },
];
