import type { CallOutput } from '#shared/contract/index.ts';
import { PROFILE_IDS, type ExportView, type LeakReport } from '#shared/contract/exports.ts';
import { exportIdSchema, type ExportId } from '#shared/model/ids.ts';
import { oneOf, type Arguments } from '../arguments.ts';
import { withCore, withVault, type Client } from '../client.ts';
import type { Command } from '../command.ts';
import { sizeText, type Output } from '../output.ts';
import { showProgress } from '../progress.ts';
import { Refusal, UsageError } from '../usage-error.ts';
import { findCase } from './evidence.ts';

const prepare = async (client: Client, args: Arguments): Promise<ExportId> => {
  const given = args.value('export');
  if (given !== undefined) {
    const id = exportIdSchema.safeParse(given);
    if (!id.success) throw new UsageError('usage.badId');
    return id.data;
  }
  const profile = oneOf('profile', args.need('profile'), PROFILE_IDS);
  const caseId = await findCase(client, args.need('case'));
  const { id } = await client.call('exports.prepare', {
    caseId,
    profile,
    recipient: args.value('to') ?? profile,
    purpose: args.value('purpose') ?? '',
    language: oneOf('filing-language', args.value('filing-language') ?? 'es', ['es', 'en'] as const),
  });
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

const refuseHits = (output: Output, report: LeakReport): void => {
  for (const hit of report.hits.filter((one) => one.verdict !== 'other')) {
    output.note(`  ${hit.id}  ${hit.file} (${hit.where}): …${hit.before}[${hit.found}]${hit.after}…`);
  }
  for (const part of report.undecoded) output.note(`  ${part.file} (${part.where}): ${part.reason}`);
  for (const part of report.outsideAllowList) output.note(`  ${part.file} (${part.where}): ${part.name}`);
};

const runExport = (args: Arguments, output: Output): Promise<number> => {
  const out = args.need('out');
  const form = oneOf('form', args.value('form') ?? 'package', ['filing', 'package'] as const);
  const say = output.messages.say;
  return withVault(args, output.messages, async (client) => {
    showProgress(client, output);
    const id = await prepare(client, args);
    const undecided = strictest(await client.call('exports.view', { id }));
    if (undecided.length > 0) {
      if (!args.flag('withhold-undecided')) {
        throw new Refusal('export.undecided', { count: undecided.length, id });
      }
      await client.call('exports.decide', {
        id,
        decisions: undecided.map((one) => ({ ...one, reason: say('export.withheldReason') })),
      });
    }
    const { state, report } = await client.call('exports.check', { id, form });
    const open = report.hits.filter((hit) => hit.verdict !== 'other').length;
    if (state === 'blocked' || open > 0) {
      refuseHits(output, report);
      throw new Refusal('export.blocked', { count: open, id });
    }
    if (!report.inventoryConfirmed) {
      if (!args.flag('inventory-read')) {
        for (const item of report.inventory) {
          output.note(`  ${say(`inventory.${item.kind}`)}  ${item.text}  × ${item.count}`);
        }
        throw new Refusal('export.inventory', { count: report.inventory.length, id });
      }
      await client.call('exports.confirmInventory', { id });
    }
    const emergency = args.value('emergency');
    const released = await client.call('exports.release', {
      id,
      form,
      target: client.grantTarget(out, 'targetFolder'),
      ageRecipients: [...args.values('recipient')],
      ...(args.flag('unsigned') ? { sign: false } : {}),
      ...(emergency === undefined ? {} : { emergencyReason: emergency }),
    });
    output.result({ exportId: id, ...released }, () => [
      say('export.released', { path: out }),
      ...released.files.map((file) => `  ${file.sha256}  ${file.name}  ${sizeText(file.sizeBytes)}`),
      ...(released.publicKey === null ? [] : [say('export.publicKey', { key: released.publicKey })]),
      say('export.notExamined'),
    ]);
    return 0;
  });
};

const verifyLines = (output: Output, result: CallOutput<'exports.verify'>): string[] => {
  const say = output.messages.say;
  const author =
    result.authentic === null
      ? 'verify.noKey'
      : result.authentic
        ? 'verify.authentic'
        : 'verify.notAuthentic';
  return [
    say(result.intact ? 'verify.intact' : 'verify.notIntact', { files: result.files }),
    say(author),
    ...result.problems.map((problem) => `  ${problem.code}  ${problem.file}`),
  ];
};

const verify = (args: Arguments, output: Output): Promise<number> =>
  withCore(args, { practiceOnly: false }, async (client) => {
    showProgress(client, output);
    const key = args.value('key');
    const result = await client.call('exports.verify', {
      target: client.grantTarget(args.positionals[0] ?? '', 'targetFolder'),
      ...(key === undefined ? {} : { publicKey: key }),
    });
    output.result(result, () => verifyLines(output, result));
    return result.intact && result.authentic !== false ? 0 : 1;
  });

export const exportCommands: readonly Command[] = [
  {
    words: ['export'],
    options: {
      case: 'value',
      profile: 'value',
      export: 'value',
      out: 'value',
      to: 'value',
      purpose: 'value',
      form: 'value',
      recipient: 'values',
      'filing-language': 'value',
      'withhold-undecided': 'flag',
      'inventory-read': 'flag',
      unsigned: 'flag',
      emergency: 'value',
    },
    positionals: { min: 0, max: 0 },
    form: '--vault DIR --case CODE --profile ID --out FOLDER [--recipient AGE_KEY]... [--withhold-undecided] [--inventory-read] [--emergency REASON]',
    run: runExport,
  },
  {
    words: ['verify'],
    options: { key: 'value' },
    positionals: { min: 1, max: 1 },
    form: 'PACKAGE [--key MINISIGN_PUB]',
    run: verify,
  },
];
