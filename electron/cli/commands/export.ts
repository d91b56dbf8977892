import { PROFILE_IDS, type ExportView } from '#shared/contract/exports.ts';
import { exportIdSchema, type ExportId } from '#shared/model/ids.ts';
import { examinationIdSchema, type ExaminationId } from '#shared/model/surveillance-ids.ts';
import { SECOND_PASSPHRASE } from '../approve-here.ts';
import { oneOf, refuseBeside, type Arguments } from '../arguments.ts';
import { withVault, type Client } from '../client.ts';
import { NO_WORDS, valued, type Command } from '../command.ts';
import { passApproval } from '../export-approval.ts';
import { noteRefused, noteUnread } from '../export-findings.ts';
import { goOnOptions } from '../go-on-export.ts';
import { idOf } from '../ids.ts';
import { labelOf } from '../labels.ts';
import { dayHere } from '../local-time.ts';
import { sizeText, type Output } from '../output.ts';
import { showProgress } from '../progress.ts';
import { Refusal, UsageError } from '../usage-error.ts';
import { findCase } from './evidence.ts';

/** What says of which case, for whom and why an export is begun; one that was begun has all of it. */
const BEGINS = ['case', 'profile', 'to', 'purpose', 'filing-language'] as const;

/** The export that was begun, or what one is begun with. Errors: `UsageError`, before the vault is opened. */
const wantedOf = (args: Arguments) => {
  if (args.has('export')) return { id: idOf(exportIdSchema, args.value('export')) };
  const profile = oneOf('profile', args.need('profile'), PROFILE_IDS);
  return {
    code: args.need('case'),
    profile,
    recipient: args.value('to') ?? profile,
    purpose: args.value('purpose') ?? '',
    language: oneOf('filing-language', args.value('filing-language') ?? 'es', ['es', 'en'] as const),
  };
};

const prepare = async (client: Client, wanted: ReturnType<typeof wantedOf>): Promise<ExportId> => {
  if ('id' in wanted) return wanted.id;
  const { code, ...begun } = wanted;
  const { id } = await client.call('exports.prepare', { caseId: await findCase(client, code), ...begun });
  return id;
};

/** The strictest thing that can be done with each suggestion that nobody has decided. Never `keep`. */
const strictest = (view: ExportView): { suggestionId: string; action: 'pseudonym' | 'withhold' }[] =>
  view.suggestions
    .filter((suggestion) => suggestion.decision === null)
    .map((suggestion) => ({
      suggestionId: suggestion.id,
      action: suggestion.actions.includes('withhold') ? 'withhold' : 'pseudonym',
    }));

type Altered = ExportView['digital']['altered'];

const alteredLines = (
  output: Output,
  altered: readonly Omit<Altered[number], 'findings' | 'leftOut'>[],
): string[] =>
  altered.map((one) =>
    output.messages.say('export.alteredLine', {
      examination: one.examinationId,
      device: one.device === '' ? labelOf(output, 'deviceKind', one.deviceKind) : one.device,
      when: one.comparedAt.map((at) => dayHere(at)).join(', '),
    }),
  );

/**
 * Examinations with altered findings stop an export, unless somebody named each of them: one that is altered tomorrow
 * must not drop out of what a script sends, unseen. One that is intact cannot be left out.
 *
 * @param named ids after `--without-altered`.
 * @throws Refusal `export.notAltered`, `export.altered`; nothing is left out then.
 */
const passAltered = async (
  client: Client,
  output: Output,
  { id, again }: { readonly id: ExportId; readonly again: string },
  altered: Altered,
  named: readonly ExaminationId[],
): Promise<void> => {
  const intact = named.filter((one) => !altered.some(({ examinationId }) => examinationId === one));
  if (intact.length > 0) throw new Refusal('export.notAltered', { id, again, list: intact.join(', ') });
  const open = altered.filter((one) => !one.leftOut);
  const unnamed = open.filter(({ examinationId }) => !named.includes(examinationId));
  if (unnamed.length > 0) {
    for (const line of alteredLines(output, unnamed)) output.note(line);
    throw new Refusal('export.altered', {
      id,
      again,
      list: unnamed.map(({ examinationId }) => examinationId).join(', '),
    });
  }
  for (const { examinationId } of open)
    await client.call('exports.leaveOutExamination', { id, examinationId, leftOut: true });
};

/** Whether it was signed, with what that is checked; where it was not, what would have signed it. */
const signatureLine = (
  { messages: { say } }: Output,
  publicKey: string | null,
  form: 'filing' | 'package',
): string => {
  if (publicKey !== null) return say('export.signed', { key: publicKey });
  return say(form === 'package' ? 'export.notSigned' : 'export.filingNotSigned');
};

const runExport = (args: Arguments, output: Output): Promise<number> => {
  const out = args.need('out');
  const form = oneOf('form', args.value('form') ?? 'package', ['filing', 'package'] as const);
  refuseBeside(args, 'export', BEGINS);
  refuseBeside(args, 'unsigned', ['sign']);
  refuseBeside(args, 'emergency', Object.keys(SECOND_PASSPHRASE));
  if (form === 'filing' && args.flag('sign')) {
    throw new UsageError('usage.notBeside', { option: '--sign', other: '--form filing' });
  }
  const wanted = wantedOf(args);
  const without = args.values('without-altered').map((text) => idOf(examinationIdSchema, text));
  const say = output.messages.say;
  return withVault(args, output.messages, async (client) => {
    showProgress(client, output);
    const id = await prepare(client, wanted);
    const again = goOnOptions(args, id);
    const before = await client.call('exports.view', { id });
    if (before.state === 'released') throw new Refusal('export.alreadyReleased', { id });
    await passAltered(client, output, { id, again }, before.digital.altered, without);
    const undecided = strictest(await client.call('exports.view', { id }));
    if (undecided.length > 0) {
      if (!args.flag('withhold-undecided')) {
        throw new Refusal('export.undecided', { count: undecided.length, id, again });
      }
      await client.call('exports.decide', {
        id,
        decisions: undecided.map((one) => ({ ...one, reason: say('export.withheldReason') })),
      });
    }
    const { state, report } = await client.call('exports.check', { id, form });
    const open = report.hits.filter((hit) => hit.verdict !== 'other').length;
    if (state === 'blocked' || open > 0) {
      noteRefused(output, report);
      throw new Refusal('export.blocked', { count: open, id });
    }
    if (!report.inventoryConfirmed) {
      if (!args.flag('inventory-read')) {
        noteUnread(output, report);
        throw new Refusal('export.inventory', { count: report.inventory.length, id, again });
      }
      await client.call('exports.confirmInventory', { id });
    }
    await passApproval(client, args, output, { id, form, report });
    const emergency = args.value('emergency');
    const released = await client
      .call('exports.release', {
        id,
        form,
        target: client.grantTarget(out, 'targetFolder'),
        ageRecipients: [...args.values('recipient')],
        ...(args.flag('unsigned') ? { sign: false } : {}),
        ...(args.flag('sign') ? { sign: true } : {}),
        ...(emergency === undefined ? {} : { emergencyReason: emergency }),
      })
      .catch((thrown: unknown) => {
        // An approval stands, and says nothing of how a package is closed: the next attempt has to say it again. Without
        // one there is a reason to be given again; what was typed is not repeated, where it may stay in a log.
        output.note(say(emergency === undefined ? 'export.goOn' : 'export.goOnEmergency', { again }));
        throw thrown;
      });
    const { annexes, digital } = await client.call('exports.view', { id });
    const leftOut = annexes.flatMap(({ evidenceId, title, leftOut: reason }) =>
      reason === null ? [] : [{ evidenceId, title, reason }],
    );
    const withheldDevices = digital.withheld;
    const { leftOut: withoutExaminations, ...files } = released;
    output.result({ exportId: id, ...files, leftOut, withheldDevices, withoutExaminations }, () => [
      say('export.released', { path: out }),
      ...released.files.map((file) => `  ${file.sha256}  ${file.name}  ${sizeText(file.sizeBytes)}`),
      say(args.has('recipient') ? 'export.isEncrypted' : 'export.isClear'),
      signatureLine(output, released.publicKey, form),
      ...(annexes.length === 0
        ? []
        : [say('export.annexes', { out: annexes.length - leftOut.length, kept: leftOut.length })]),
      ...leftOut.map(({ title, reason }) =>
        say('export.leftOut', { title, reason: say(`leftOut.${reason}`) }),
      ),
      ...(withheldDevices === 0 ? [] : [say('export.devicesWithheld', { count: withheldDevices })]),
      ...(withoutExaminations.length === 0
        ? []
        : [say('export.withoutAltered'), ...alteredLines(output, withoutExaminations)]),
      say('export.notExamined'),
    ]);
    return 0;
  });
};

export const exportCommands: readonly Command[] = [
  {
    words: ['export'],
    options: {
      ...valued('case', 'profile', 'export', 'out', 'to', 'purpose', 'form', 'filing-language', 'emergency'),
      recipient: 'values',
      'without-altered': 'values',
      'withhold-undecided': 'flag',
      'inventory-read': 'flag',
      ...SECOND_PASSPHRASE,
      sign: 'flag',
      unsigned: 'flag',
    },
    positionals: NO_WORDS,
    form: `--vault DIR --out FOLDER (--case CODE --profile ${PROFILE_IDS.join('|')} [--to NAME] [--purpose WORDS] [--filing-language es|en] | --export ID) [--form package|filing] [--recipient AGE_KEY]... [--withhold-undecided] [--inventory-read] [--without-altered EXAMINATION]... [--sign|--unsigned] [--second-passphrase-file FILE | --emergency REASON]`,
    run: runExport,
  },
];
