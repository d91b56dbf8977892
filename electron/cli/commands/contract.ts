import { z } from 'zod';
import { contract, isMethodName, METHOD_NAMES } from '#shared/contract/index.ts';
import type { Arguments } from '../arguments.ts';
import { withCore, withVault, type Client } from '../client.ts';
import type { Command } from '../command.ts';
import { table, toJson, type Output } from '../output.ts';
import { showProgress } from '../progress.ts';
import { UsageError } from '../usage-error.ts';

/** Most bytes of JSON taken from standard input. */
const MAX_INPUT = 64 * 1024 * 1024;

const readStdin = async (): Promise<string> => {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of process.stdin as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MAX_INPUT) throw new UsageError('call.tooLong');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
};

const parseInput = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UsageError('call.notJson');
  }
};

/** Methods whose input names a file or folder take a path here: the person at the terminal is the dialogue. */
const PATH_FIELDS: Readonly<Record<string, 'file' | 'target'>> = { source: 'file', target: 'target' };

const withGrants = async (client: Client, args: Arguments, input: unknown): Promise<unknown> => {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  const granted: Record<string, unknown> = { ...input };
  for (const [field, kind] of Object.entries(PATH_FIELDS)) {
    const path = args.value(field);
    if (path === undefined) continue;
    granted[field] =
      kind === 'file' ? await client.grantFile(path) : client.grantTarget(path, 'targetFolder');
  }
  return granted;
};

const call = async (args: Arguments, output: Output): Promise<number> => {
  const [method = '', given = '{}'] = args.positionals;
  if (!isMethodName(method)) throw new UsageError('call.unknownMethod', { method });
  const { session, surface } = contract[method];
  if (surface === 'unlock' || method === 'vault.lock') throw new UsageError('call.useVault', { method });
  const input = parseInput(given === '-' ? await readStdin() : given);
  const work = async (client: Client): Promise<number> => {
    showProgress(client, output);
    const value = await client.callUntyped(method, await withGrants(client, args, input));
    output.result(value, () => [toJson(value)]);
    return 0;
  };
  return session === 'open' || args.value('vault') !== undefined
    ? withVault(args, output.messages, work)
    : withCore(args, { practiceOnly: false }, work);
};

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): unknown =>
  z.toJSONSchema(schema, {
    io,
    /* Bytes have no form in JSON; both ways they are an object with one field of base64. */
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema: made }) => {
      if (zodSchema._zod.def.type === 'custom') Object.assign(made, { contentEncoding: 'base64' });
    },
  });

const methods = (args: Arguments, output: Output): Promise<number> => {
  const list = METHOD_NAMES.map((name) => {
    const { kind, session, power, surface, input, output: answer } = contract[name];
    return {
      name,
      kind,
      session,
      power,
      surface,
      ...(args.flag('schema')
        ? { input: jsonSchema(input, 'input'), output: jsonSchema(answer, 'output') }
        : {}),
    };
  });
  if (args.flag('schema')) {
    process.stdout.write(
      `${toJson({ $schema: 'https://json-schema.org/draft/2020-12/schema', methods: list })}\n`,
    );
  } else {
    output.result({ methods: list }, () =>
      table(
        list.map(({ name, kind, session, power }) => [name, kind, session === 'open' ? (power ?? '') : '-']),
      ),
    );
  }
  return Promise.resolve(0);
};

export const contractCommands: readonly Command[] = [
  {
    words: ['call'],
    options: { source: 'value', target: 'value' },
    positionals: { min: 1, max: 2 },
    form: 'METHOD [JSON|-] --vault DIR [--source FILE] [--target PATH]',
    run: call,
  },
  {
    words: ['methods'],
    options: { schema: 'flag' },
    positionals: { min: 0, max: 0 },
    form: '[--schema]',
    run: methods,
  },
];
