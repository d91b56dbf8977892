import type { ExportView } from '#shared/contract/exports.ts';
import type { LeakReport } from '#shared/contract/leak-report.ts';
import type { ExportId } from '#shared/model/ids.ts';
import { approveHere, isSecondGiven, refuseIdleSecond } from './approve-here.ts';
import type { Arguments } from './arguments.ts';
import type { Client } from './client.ts';
import { noteHits, noteInventory } from './export-findings.ts';
import { goOnOptions } from './go-on-export.ts';
import type { Output } from './output.ts';
import { Refusal } from './usage-error.ts';

/**
 * Nobody signs blind: what goes to whom, how it is closed, what a person kept, and all that can be read in it. Names of
 * the file only where somebody reads them: a passphrase that was not typed here comes from a script.
 */
const noteSubject = (
  output: Output,
  args: Arguments,
  {
    view,
    report,
    form,
    signs,
    isRead,
  }: {
    view: ExportView;
    report: LeakReport;
    form: 'filing' | 'package';
    signs: boolean;
    isRead: boolean;
  },
): void => {
  const { say } = output.messages;
  const annexes = view.annexes.filter(({ leftOut }) => leftOut === null);
  output.note(
    say('export.approveWhat', {
      title: view.title,
      recipient: view.recipient,
      purpose: view.purpose === '' ? '—' : view.purpose,
      code: view.caseCode,
      form: say(`export.form.${form}`),
      annexes: annexes.length,
    }),
  );
  output.note(
    args.has('recipient')
      ? say('export.willBeEncrypted', { keys: args.values('recipient').join(', ') })
      : say('export.willBeClear'),
  );
  output.note(say(signs ? 'export.willBeSigned' : 'export.willBeUnsigned'));
  const kept = report.hits.filter(({ verdict }) => verdict === 'other');
  if (kept.length > 0) output.note(say('export.approveKept', { count: kept.length }));
  if (isRead) {
    for (const { title } of annexes) output.note(`  ${title}`);
    noteHits(output, kept);
  }
  output.note(say('export.approveInventory', { count: report.inventory.length }));
  if (isRead) noteInventory(output, report);
};

/** Whether it will be signed: a filing never is, a package as was said or, unsaid, as its profile does. */
const isSigned = async (
  client: Client,
  args: Arguments,
  view: ExportView,
  form: 'filing' | 'package',
): Promise<boolean> => {
  if (form === 'filing' || args.flag('unsigned')) return false;
  if (args.flag('sign')) return true;
  const { profiles } = await client.call('exports.profiles', {});
  return profiles.some(({ id, signedByDefault }) => id === view.profile && signedByDefault);
};

/**
 * The approval of another person, where one is missing and she can give it here: her passphrase in a file, a
 * descriptor or typed. Without it the release is refused, and that tells what goes on from there.
 */
export const passApproval = async (
  client: Client,
  args: Arguments,
  output: Output,
  export_: { readonly id: ExportId; readonly form: 'filing' | 'package'; readonly report: LeakReport },
): Promise<void> => {
  if (args.has('emergency')) return;
  const { id, form, report } = export_;
  const subject = { kind: 'export', id, form } as const;
  const { required, approval, candidates } = await client.call('approvals.state', { subject });
  if (!required) refuseIdleSecond(args);
  if (!required || approval !== null) return;
  const given = isSecondGiven(args);
  // At a terminal whose notes go to a file or another program she would sign what she is not shown.
  if (!given && (!process.stdin.isTTY || !output.isRead || candidates.length === 0)) {
    throw new Refusal('export.approvalNeeded', { id, again: goOnOptions(args, id) });
  }
  const view = await client.call('exports.view', { id });
  noteSubject(output, args, {
    ...{ view, report, form },
    signs: await isSigned(client, args, view, form),
    isRead: !given,
  });
  if (!given) output.note(output.messages.say('export.approveHere', { id }));
  await approveHere(client, args, output, subject);
};
