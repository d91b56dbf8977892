import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BuiltCommand, type Ran } from '../support/built-command.ts';
import { casesPresent, DATA, referenceCases, type ReferenceCase } from './reference-cases.ts';

/* `resguardo indicators` as scripts run it: a process of its own, without a vault and without a network. */

let folder = '';
let command: BuiltCommand;

beforeAll(async () => {
  command = await BuiltCommand.make('indicators-cli', 'en_US.UTF-8');
  folder = command.folder;
});
afterAll(() => {
  command.end();
});

const run = (args: readonly string[], wrap: readonly string[] = [], input = ''): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const [file = process.execPath, ...before] = [...wrap, process.execPath];
    const child = spawn(file, [...before, command.program, ...args], {
      cwd: folder,
      env: command.environment(),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
    child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });

const answers = ({ stdout }: Ran): Record<string, unknown>[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const file = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

const SET = JSON.stringify({
  type: 'bundle',
  id: 'bundle--1',
  objects: [
    { type: 'malware', id: 'malware--1', name: 'Example' },
    { type: 'indicator', id: 'indicator--1', pattern: "[domain-name:value='evil.example.org']" },
    { type: 'indicator', id: 'indicator--2', pattern: "[mutex:name='x']" },
    { type: 'relationship', id: 'relationship--1', source_ref: 'indicator--1', target_ref: 'malware--1' },
  ],
});

/** A network namespace with nothing in it, where this user may make one; a program that opens none works there. */
const withoutNetwork = (): string[] | null => {
  for (const wrap of [
    ['unshare', '--net'],
    ['unshare', '--map-root-user', '--net'],
  ]) {
    try {
      execFileSync(wrap[0] ?? '', [...wrap.slice(1), 'true'], { stdio: 'ignore' });
      return wrap;
    } catch {
      /* The next way, or none. */
    }
  }
  return null;
};

const hasStrace = existsSync('/usr/bin/strace');

describe('indicators match', () => {
  it('answers line by line, both modes, with the identifiers it was given', async () => {
    const set = file('set.stix2', SET);
    const input = [
      '{"id":9007199254740993,"check":"check_url","observed":"https://www.evil.example.org/"}',
      '',
      '{"id":"b","check":"check_process","observed":"launchd"}',
      '{"id":"c","check":"module","module":"sms","observed":[{"text":"https://evil.example.org/x","links":[]}]}',
      '{"id":"d","check":"check_everything","observed":"x"}',
      'not json',
    ].join('\n');
    const ran = await run(['indicators', 'match', '--stix', set, '--input', '-', '--json'], [], input);
    expect(ran.stdout.startsWith('{"id":9007199254740993,')).toBe(true);
    const match = { indicator: 'evil.example.org', type: 'domains', collection: 'Example' };
    const [first, ...rest] = answers(ran);
    expect(first).toMatchObject({
      mvt: { match: true, ...match, how: 'full-domain' },
      strict: { match: true, matches: [{ ...match, how: 'sub-domain' }] },
    });
    expect(rest).toEqual([
      { id: 'b', mvt: { match: false }, strict: { match: false, matches: [] } },
      {
        id: 'c',
        mvt: {
          alerts: [
            {
              level: 'CRITICAL',
              message:
                'Found a known suspicious domain https://evil.example.org/x matching indicator "evil.example.org" from "Example"',
              event_time: '',
              indicator: 'evil.example.org',
              indicator_type: 'domains',
            },
          ],
        },
        strict: { match: true, matches: [{ record: 0, field: 'text', ...match, how: 'host' }] },
      },
      { id: 'd', line: 5, error: 'unknownCheck' },
      { id: null, line: 6, error: 'notJson' },
    ]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('set.stix2: 1 ');
  });

  it('says nothing but matches to a person, and ends well', async () => {
    const set = file('set.stix2', SET);
    const lines = file(
      'in.jsonl',
      '{"id":"a","check":"check_url","observed":"https://evil.example.org"}\n{"id":"b","check":"check_url","observed":"https://example.com"}\n',
    );
    const ran = await run(['indicators', 'match', '--stix', set, '--input', lines, '--language', 'es']);
    expect(ran.stdout.trim().split('\n')).toHaveLength(1);
    expect(ran.code).toBe(0);
  });

  it('refuses what it cannot read with a code, and asks for no passphrase', async () => {
    const none = await run(['indicators', 'match', '--stix', 'absent.stix2', '--input', '-', '--json']);
    expect(JSON.parse(none.stderr)).toMatchObject({ error: { code: 'disk.notFound' } });
    expect(none.code).toBe(1);
    expect((await run(['indicators', 'match', '--input', '-'])).code).toBe(2);
  });
});

describe.skipIf(!casesPresent)('the answers of the reference, through the command', () => {
  const groups = new Map<string, ReferenceCase[]>();
  for (const one of referenceCases) {
    if (one.check === 'parse_stix2' || one.bundle === null || [one.bundle].flat().length === 0) continue;
    const key = [one.bundle].flat().join('|');
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }

  it('are all the same', async () => {
    for (const [key, cases] of groups) {
      const input = cases
        .map(({ id, check, module, observed }) => JSON.stringify({ id, check, module, observed }))
        .join('\n');
      const sets = key.split('|').map((name) => join(DATA, name));
      const found = answers(
        await run(['indicators', 'match', '--stix', ...sets, '--input', '-', '--json'], [], input),
      );
      expect(found.map(({ id }) => id)).toEqual(cases.map(({ id }) => id));
      for (const [at, one] of cases.entries()) expect(found[at]?.['mvt'], one.id).toEqual(one.expected);
    }
    expect(groups.size).toBeGreaterThan(5);
  });
});

describe('without a network', () => {
  const wrap = withoutNetwork();
  const args = (): string[] => [
    'indicators',
    'match',
    '--stix',
    file('set.stix2', SET),
    '--input',
    '-',
    '--json',
  ];
  const input =
    '{"id":"a","check":"check_url","observed":"https://bit.ly/abc"}\n{"id":"b","check":"check_url","observed":"https://evil.example.org"}';

  it.skipIf(wrap === null && process.env['CI'] !== 'true')(
    'works in a network namespace with nothing in it',
    async () => {
      expect(wrap).not.toBeNull();
      const ran = await run(args(), wrap ?? [], input);
      expect(answers(ran).map(({ mvt }) => (mvt as { match: boolean }).match)).toEqual([false, true]);
      expect(ran.code).toBe(0);
    },
  );

  it.skipIf(!hasStrace && process.env['CI'] !== 'true')(
    'opens no socket to anywhere, in no process',
    async () => {
      const trace = join(folder, 'trace');
      const ran = await run(
        args(),
        ['strace', '-f', '-qq', '-e', 'trace=socket,connect', '-o', trace],
        input,
      );
      expect(ran.code).toBe(0);
      const calls = readFileSync(trace, 'utf8');
      expect(calls).not.toMatch(/AF_INET6?\b/u);
      /* Asking the system who its user is goes over a local socket; anything else would be a way out. */
      const connected = calls.split('\n').filter((line) => line.includes('connect('));
      expect(connected.filter((line) => !line.includes('sa_family=AF_UNIX'))).toEqual([]);
    },
  );
});

describe('indicators inspect', () => {
  it('tells per file what is in it, and each entry that cannot be used with its reason', async () => {
    const ran = await run(['indicators', 'inspect', file('set.stix2', SET), file('bad.json', '{'), '--json']);
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      files: [
        {
          file: 'set.stix2',
          refused: null,
          collections: ['Example'],
          indicators: { domains: 1 },
          total: 1,
          skipped: [{ id: 'indicator--2', what: "[mutex:name='x']", reason: 'unknownKey' }],
        },
        { file: 'bad.json', refused: 'notJson', total: 0 },
      ],
    });
  });
});
