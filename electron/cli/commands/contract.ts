import { z } from 'zod';
import { contract, isMethodName, METHOD_NAMES, type MethodName } from '#shared/contract/index.ts';
import { isAppError } from '#shared/errors.ts';
import type { Arguments } from '../arguments.ts';
import { withCore, withVault, type Client } from '../client.ts';
import { valued, type Command } from '../command.ts';
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
  } catch (thrown) {
    // What the engine says may quote the input, which may be anybody's words: only the place is taken of it.
    const place = /at position (\d+)/u.exec(thrown instanceof Error ? thrown.message : '')?.[1];
    if (place !== undefined) throw new UsageError('call.notJsonAt', { place: Number(place) + 1 });
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

/** What is wrong with an input, by the names of its fields: missing, unknown or not valid. */
const faultsOf = (method: MethodName, input: unknown, { messages: { say } }: Output): string[] => {
  const judged = contract[method].input.safeParse(input);
  if (judged.success) return [];
  const valueAt = (path: readonly PropertyKey[]): unknown =>
    path.reduce<unknown>(
      (held, key) =>
        typeof held === 'object' && held !== null ? (held as Record<PropertyKey, unknown>)[key] : undefined,
      input,
    );
  return judged.error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => say('call.unknown', { field: [...issue.path, key].join('.') }));
    const field = issue.path.join('.');
    return [
      say(valueAt(issue.path) === undefined ? 'call.missing' : 'call.notValid', { field: field || '{}' }),
    ];
  });
};

const call = async (args: Arguments, output: Output): Promise<number> => {
  const [method = '', given = '{}'] = args.positionals;
  if (!isMethodName(method)) throw new UsageError('call.unknownMethod', { method });
  const { session, surface } = contract[method];
  if (surface === 'unlock' || method === 'vault.lock') throw new UsageError('call.useVault', { method });
  const input = parseInput(given === '-' ? await readStdin() : given);
  const work = async (client: Client): Promise<number> => {
    showProgress(client, output);
    const granted = await withGrants(client, args, input);
    const value = await client.callUntyped(method, granted).catch((thrown: unknown) => {
      // The field alone tells nobody what it takes.
      if (isAppError(thrown) && thrown.code === 'call.invalidInput' && !output.json)
        for (const line of [
          ...faultsOf(method, granted, output),
          output.messages.say('call.seeMethod', { method }),
        ])
          output.note(line);
      throw thrown;
    });
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

interface FieldSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly const?: unknown;
  readonly items?: FieldSchema;
  readonly anyOf?: readonly FieldSchema[];
}

/** What a field takes, in a word or as its closed list; what is more is in the schema. */
const kindOf = ({ type, enum: list, const: one, items, anyOf }: FieldSchema): string => {
  if (anyOf !== undefined) return [...new Set(anyOf.map(kindOf))].join('|');
  if (list !== undefined) return list.join('|');
  if (one !== undefined) return JSON.stringify(one);
  return items === undefined ? (type ?? '{…}') : `[${kindOf(items)}]`;
};

/** The fields of what a method takes, those that it asks for first. */
const fieldRows = (input: z.ZodType, output: Output): string[][] => {
  const { properties = {}, required = [] } = jsonSchema(input, 'input') as {
    readonly properties?: Readonly<Record<string, FieldSchema>>;
    readonly required?: readonly string[];
  };
  const say = output.messages.say;
  return Object.entries(properties)
    .map(([name, schema]) => ({ name, asked: required.includes(name), kind: kindOf(schema) }))
    .sort((a, b) => Number(b.asked) - Number(a.asked))
    .map(({ name, asked, kind }) => [`  ${name}`, say(asked ? 'methods.asked' : 'methods.optional'), kind]);
};

const methods = (args: Arguments, output: Output): Promise<number> => {
  const asked = args.positionals[0];
  if (asked !== undefined && !isMethodName(asked))
    throw new UsageError('call.unknownMethod', { method: asked });
  const list = METHOD_NAMES.filter((name) => asked === undefined || name === asked).map((name) => {
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
    output.result({ methods: list }, () => [
      ...table(
        list.map(({ name, kind, session, power }) => [name, kind, session === 'open' ? (power ?? '') : '-']),
      ),
      ...(asked === undefined
        ? []
        : [
            ...table(fieldRows(contract[asked].input, output)),
            output.messages.say('methods.seeSchema', { method: asked }),
          ]),
    ]);
  }
  return Promise.resolve(0);
};

export const contractCommands: readonly Command[] = [
  {
    words: ['call'],
    options: valued('source', 'target'),
    positionals: { min: 1, max: 2 },
    form: 'METHOD [JSON|-] --vault DIR [--source FILE] [--target PATH]',
    run: call,
  },
  {
    words: ['methods'],
    options: { schema: 'flag' },
    positionals: { min: 0, max: 1 },
    form: '[METHOD] [--schema]',
    run: methods,
  },
];
