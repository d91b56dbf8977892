import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isAppError } from '#shared/errors.ts';
import { caseIdSchema, evidenceIdSchema, type CaseId } from '#shared/model/ids.ts';
import { EVIDENCE_KINDS, INTAKE_METHODS } from '#shared/model/vocabularies.ts';
import { oneOf, type Arguments } from '../arguments.ts';
import { withVault, type Client } from '../client.ts';
import { ONE_WORD, valued, type Command } from '../command.ts';
import { sizeText, type Output } from '../output.ts';
import { needPath, refuseExisting } from '../paths.ts';
import { showProgress } from '../progress.ts';
import { Refusal, UsageError } from '../usage-error.ts';

/** The case with a code, as people name it. Errors: `Refusal`. */
export const findCase = async (client: Client, code: string): Promise<CaseId> => {
  const { rows } = await client.call('cases.list', { text: code, limit: 500 });
  const found = rows.find((row) => row.code === code);
  if (found === undefined) throw new Refusal('case.notFound', { code });
  return caseIdSchema.parse(found.id);
};

/** Files named one by one, and every file of a folder that was named (links are not followed). */
const filesOf = async (paths: readonly string[]): Promise<string[]> => {
  const files: string[] = [];
  for (const path of paths) {
    const found = await needPath(path);
    if (!found.isDirectory()) {
      files.push(resolve(path));
      continue;
    }
    const entries = await readdir(path, { withFileTypes: true, recursive: true });
    for (const entry of entries) if (entry.isFile()) files.push(resolve(join(entry.parentPath, entry.name)));
  }
  return files.sort();
};

interface Taken {
  readonly name: string;
  readonly id?: string;
  readonly sha256?: string;
  readonly sizeBytes?: number;
  readonly sameAs?: string | null;
  readonly error?: string;
}

const importEvidence = async (args: Arguments, output: Output): Promise<number> => {
  const folder = args.need('vault');
  const kind = args.value('kind');
  const method = args.value('method');
  const intake = {
    ...(kind === undefined ? {} : { kind: oneOf('kind', kind, EVIDENCE_KINDS) }),
    ...(method === undefined ? {} : { method: oneOf('method', method, INTAKE_METHODS) }),
    ...(args.value('from') === undefined ? {} : { fromWords: args.need('from') }),
    ...(args.value('note') === undefined ? {} : { note: args.need('note') }),
    restricted: args.flag('restricted'),
    hardToView: args.flag('hard-to-view'),
  };
  const files = await filesOf(args.positionals);
  if (files.length === 0) throw new UsageError('evidence.noFiles');
  const work = async (client: Client): Promise<number> => {
    showProgress(client, output);
    const code = args.value('case');
    const caseId = code === undefined ? null : await findCase(client, code);
    const taken: Taken[] = [];
    for (const path of files) {
      const name = basename(path);
      try {
        const source = await client.grantFile(path);
        const item = await client.call('evidence.take', { ...intake, caseId, source });
        taken.push({
          name,
          id: item.id,
          sha256: item.sha256,
          sizeBytes: item.sizeBytes,
          sameAs: item.sameAs,
        });
        if (item.sameAs !== null)
          output.note(output.messages.say('evidence.sameAs', { name, id: item.sameAs }));
      } catch (thrown) {
        /* One refused file does not keep the others out; it is named and the exit code tells. */
        if (!isAppError(thrown)) throw thrown;
        taken.push({ name, error: thrown.code });
        output.note(`${name}: ${output.messages.error(thrown.code, thrown.params)}`);
      }
    }
    const failed = taken.filter((item) => item.error !== undefined).length;
    output.result({ taken }, () => [
      ...taken.flatMap((item) =>
        item.id === undefined
          ? []
          : [`${item.id}  ${sizeText(item.sizeBytes ?? 0)}  ${item.sha256 ?? ''}  ${item.name}`],
      ),
      output.messages.say('evidence.summary', { taken: taken.length - failed, failed }),
    ]);
    return failed === 0 ? 0 : 1;
  };
  return withVault(args, output.messages, work, folder);
};

const get = async (args: Arguments, output: Output): Promise<number> => {
  const id = evidenceIdSchema.safeParse(args.positionals[0]);
  if (!id.success) throw new UsageError('usage.badId');
  const out = args.need('out');
  const folder = args.need('vault');
  await refuseExisting(out);
  const work = async (client: Client): Promise<number> => {
    showProgress(client, output);
    const saved = await client.call('evidence.save', {
      id: id.data,
      target: client.grantTarget(out, 'targetFile'),
      plain: args.flag('plain'),
      language: output.messages.language,
    });
    const path = join(dirname(out), saved.name);
    output.result(saved, () => [
      output.messages.say('evidence.saved', { path, size: sizeText(saved.sizeBytes) }),
      `sha256  ${saved.sha256}`,
      ...(saved.program ? [output.messages.say('evidence.programWarning')] : []),
      saved.passphrase === null
        ? output.messages.say('evidence.plainWarning')
        : output.messages.say('evidence.sealed', { words: saved.passphrase }),
    ]);
    return 0;
  };
  return withVault(args, output.messages, work, folder);
};

export const evidenceCommands: readonly Command[] = [
  {
    words: ['import', 'evidence'],
    options: {
      ...valued('case', 'kind', 'method', 'from', 'note'),
      restricted: 'flag',
      'hard-to-view': 'flag',
    },
    positionals: { min: 1, max: 10_000 },
    form: 'FILE|FOLDER... --vault DIR [--case CODE] [--kind KIND] [--method METHOD] [--from WORDS] [--note WORDS] [--restricted] [--hard-to-view]',
    run: importEvidence,
  },
  {
    words: ['evidence', 'get'],
    options: { out: 'value', plain: 'flag' },
    positionals: ONE_WORD,
    form: 'ID --out PATH --vault DIR [--plain]',
    run: get,
  },
];
