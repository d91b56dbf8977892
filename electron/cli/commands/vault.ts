import { mebibytes, memoryText } from '#shared/rules/memory-text.ts';
import { refuseIdle, refuseWithout, type Arguments } from '../arguments.ts';
import { withCore, withVault } from '../client.ts';
import { valued, type Command } from '../command.ts';
import { checkWithReport, reportOf, REPORT_OPTIONS } from './check.ts';
import { sizeText, type Output } from '../output.ts';
import { readPassphrase } from '../passphrase.ts';
import { showProgress } from '../progress.ts';
import { UsageError } from '../usage-error.ts';

const folderOf = (args: Arguments): string => {
  const [positional] = args.positionals;
  const option = args.value('vault');
  if (positional !== undefined && option !== undefined) throw new UsageError('usage.vaultTwice');
  const folder = positional ?? option;
  if (folder === undefined) throw new UsageError('usage.missingVault');
  return folder;
};

/** A whole number in an option. */
const numberOption = (args: Arguments, name: string): number | undefined => {
  const value = args.value(name);
  if (value === undefined) return undefined;
  if (!/^\d{1,9}$/u.test(value)) throw new UsageError('usage.number', { option: `--${name}` });
  return Number(value);
};

const create = async (args: Arguments, output: Output): Promise<number> => {
  const folder = folderOf(args);
  // A vault begins with a passphrase; who believes that the key file closes it as well must not learn it later.
  refuseIdle(args, ['key-file', 'words-file', 'shares-file']);
  const practice = args.flag('practice');
  const ownerName = args.need('owner');
  const ops = numberOption(args, 'kdf-passes');
  const memoryMib = numberOption(args, 'kdf-memory-mib');
  if ((ops === undefined) !== (memoryMib === undefined)) throw new UsageError('usage.kdfPair');
  const passphrase = await readPassphrase(args, output.messages, true);
  if (passphrase.from === 'environment' && !practice) {
    throw new UsageError('passphrase.environmentPracticeOnly');
  }
  return withCore(args, { practiceOnly: practice }, async (client) => {
    const made = await client.call('vault.create', {
      folder: client.grantVault(folder, 'create'),
      use: practice ? 'practice' : 'real',
      ownerName,
      passphrase: passphrase.text,
      ...(ops === undefined || memoryMib === undefined
        ? {}
        : { cost: { ops, memoryBytes: mebibytes(memoryMib) } }),
    });
    output.result(made, () => [
      output.messages.say(practice ? 'vault.createdPractice' : 'vault.created', { folder }),
      output.messages.say('vault.keepPassphrase'),
    ]);
    return 0;
  });
};

const info = (args: Arguments, output: Output): Promise<number> =>
  withVault(
    args,
    output.messages,
    async (client) => {
      const facts = await client.call('vault.info', {});
      const say = output.messages.say;
      output.result(facts, () => [
        say('info.vault', { id: facts.vaultId }),
        say(facts.use === 'practice' ? 'info.practice' : 'info.real'),
        say('info.createdAt', { at: facts.createdAt }),
        say('info.counts', { ...facts.counts }),
        say('info.evidenceBytes', { size: sizeText(facts.evidenceBytes) }),
        say('info.kdf', {
          ops: facts.kdf.ops,
          memory: memoryText(facts.kdf.memoryBytes, output.messages.language),
        }),
        say('info.cipher', { cipher: facts.cipher }),
        say('info.people'),
        ...facts.people.map(
          (person) => `  ${person.name}: ${person.powers.map((power) => say(`power.${power}`)).join(', ')}`,
        ),
      ]);
      return 0;
    },
    folderOf(args),
  );

const check = (args: Arguments, output: Output): Promise<number> => {
  refuseWithout(args, 'report', ['format', 'report-language']);
  const wanted = reportOf(args);
  return withVault(
    args,
    output.messages,
    async (client) => {
      if (wanted !== undefined) return checkWithReport(client, args, output, wanted);
      showProgress(client, output);
      const report = await client.call('vault.check', {
        objects: args.flag('quick') ? 'presence' : 'content',
      });
      output.result(report, () => [
        output.messages.say(report.ok ? 'check.ok' : 'check.problems', { count: report.findings.length }),
        output.messages.say('check.counts', { ...report.checked }),
        ...report.findings.map((finding) => `  ${finding.part}: ${finding.code} ${finding.subject}`),
      ]);
      return report.ok ? 0 : 1;
    },
    folderOf(args),
  );
};

export const vaultCommands: readonly Command[] = [
  {
    words: ['vault', 'create'],
    options: { ...valued('owner', 'kdf-passes', 'kdf-memory-mib'), practice: 'flag' },
    positionals: { min: 0, max: 1 },
    form: 'DIR --owner NAME [--practice]',
    run: create,
  },
  { words: ['vault', 'info'], options: {}, positionals: { min: 0, max: 1 }, form: 'DIR', run: info },
  {
    words: ['vault', 'check'],
    options: { quick: 'flag', ...REPORT_OPTIONS },
    positionals: { min: 0, max: 1 },
    form: 'DIR [--quick] [--report FILE --format text|json|pdf]',
    run: check,
  },
];
