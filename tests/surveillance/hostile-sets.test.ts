import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import type { ParserClient } from '#shared/parser/jobs.ts';
import { indicatorsOf, type IndicatorSet, type SetMember } from '#shared/surveillance/indicator-set.ts';
import { Matcher } from '../../electron/matching/matcher.ts';
import { realClient } from '../parser/parser-fixture.ts';

let client: ParserClient;
beforeAll(() => {
  client = realClient({ parallel: 1 });
});
afterAll(() => client.close());

const bytesOf = (content: string | Buffer): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(content));
const readAll = (content: string | Buffer, name = 'set.stix2'): Promise<IndicatorSet> =>
  client.run('indicators.read', { bytes: bytesOf(content), name, today: '2026-11-22' });
const readOne = async (content: string | Buffer, name?: string): Promise<SetMember> => {
  const { members } = await readAll(content, name);
  expect(members).toHaveLength(1);
  return members[0] as SetMember;
};

const indicator = (pattern: unknown, more: object = {}): object => ({
  type: 'indicator',
  id: `indicator--${String(pattern).slice(0, 20)}`,
  pattern_type: 'stix',
  pattern,
  ...more,
});
const bundle = (objects: readonly unknown[]): string =>
  JSON.stringify({ type: 'bundle', id: 'bundle--1', objects });

const zipOf = (files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const zip = new ZipFile();
    for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name);
    zip.end();
    const parts: Buffer[] = [];
    zip.outputStream.on('data', (part: Buffer) => parts.push(part));
    zip.outputStream.on('end', () => resolve(Buffer.concat(parts)));
    zip.outputStream.on('error', reject);
  });

describe('sets that cannot be read at all', () => {
  it.each([
    ['nothing', '', 'empty'],
    ['spaces', ' \n ', 'empty'],
    ['broken JSON', '{"objects": [', 'notJson'],
    ['a text in JSON', '"objects"', 'notASet'],
    ['no objects', '{"type":"bundle"}', 'notASet'],
    ['objects that are none', '{"objects":"many"}', 'notASet'],
    ['deep lists', `${'['.repeat(5_000_000)}${']'.repeat(5_000_000)}`, 'tooDeep'],
    ['deep objects', '{"a":'.repeat(500_000), 'tooDeep'],
    ['more objects than any set', `{"objects":[${'{},'.repeat(2_100_000)}{}]}`, 'tooLarge'],
    ['binary', Buffer.from([0x7b, 0, 1, 2, 0, 255, 7, 0, 0, 0, 1]), 'notText'],
  ] as const)('%s', async (_what, content, reason) => {
    expect(await readOne(content)).toMatchObject({ refused: reason, indicators: [], mvtIndicators: [] });
  });

  it('more bytes than a set may have end the job, not the program', async () => {
    await expect(readAll(Buffer.alloc(65 * 1024 * 1024, 32))).rejects.toMatchObject({
      code: 'parser.tooLarge',
    });
    expect(
      (await readOne(bundle([indicator("[domain-name:value='a.example.org']")]))).indicators,
    ).toHaveLength(1);
  });
});

describe('sets with entries that cannot be used', () => {
  it('lists each with its reason and keeps the rest', async () => {
    const read = await readOne(
      bundle([
        indicator("[domain-name:value='good.example.org']"),
        indicator("[file:hashes.constructor='aa']"),
        indicator("[app:cert.toString='aa']"),
        indicator("[__proto__:value='x']"),
        indicator(7),
        indicator(null),
        indicator("[domain-name:value='']"),
        indicator("[domain-name:value LIKE '%x']"),
        indicator("[domain-name:value='a.example' AND process:name='b']"),
        indicator("[domain-name:value='unclosed"),
        indicator('rule x { condition: true }', { pattern_type: 'yara' }),
        indicator(`[url:value='https://long.example/${'x'.repeat(5_000)}']`),
        'a string',
        null,
      ]),
    );
    expect(read.refused).toBeNull();
    expect(read.indicators).toEqual([
      { value: 'good.example.org', type: 'domains', collection: 'Default collection' },
    ]);
    expect(read.skippedCounts).toEqual({
      unknownKey: 3,
      noPattern: 2,
      emptyValue: 1,
      unsupportedOperator: 1,
      needsSeveralConditions: 1,
      unreadable: 1,
      otherPatternType: 1,
      valueTooLong: 1,
      notAnObject: 2,
    });
    expect(read.skipped).toHaveLength(13);
  });

  it('of two equal keys the last counts, as for the reference', async () => {
    const text = `{"objects":[{"type":"indicator","id":"i","pattern":"[app:id='one']","pattern":"[app:id='two']"}]}`;
    expect((await readOne(text)).indicators.map(({ value }) => value)).toEqual(['two']);
  });

  it('reads what Python writes and JSON does not know', async () => {
    const text = `{"objects":[{"type":"indicator","id":"i","confidence":NaN,"x":-Infinity,"name":"NaN","pattern":"[app:id='a.NaN']"}]}`;
    expect((await readOne(text)).indicators.map(({ value }) => value)).toEqual(['a.NaN']);
  });

  it('keeps revoked and expired ones, marked, unless they are named again', async () => {
    const read = await readOne(
      bundle([
        indicator("[app:id='a.b.c']", { revoked: true }),
        indicator("[app:id='d.e.f']", { valid_until: '2020-01-01T00:00:00Z' }),
        indicator("[app:id='g.h.i']", { revoked: true }),
        indicator("[app:id='g.h.i']"),
      ]),
    );
    expect(read.indicators.map(({ value, state }) => `${value} ${state ?? '-'}`)).toEqual([
      'a.b.c revoked',
      'd.e.f expired',
      'g.h.i -',
    ]);
    expect([read.revoked, read.expired]).toEqual([2, 1]);
  });

  it('a mark of byte order stops the reference and nobody else', async () => {
    const content = Buffer.concat([
      Buffer.from([0xef, 0xbb, 0xbf]),
      Buffer.from(bundle([indicator("[app:id='a.b.c']")])),
    ]);
    expect(await readOne(content)).toMatchObject({ reference: 'passesOver', mvtIndicators: [] });
    expect((await readOne(content)).indicators).toHaveLength(1);
  });

  it('takes time in proportion to the size', async () => {
    const set = (count: number): string =>
      bundle(
        Array.from({ length: count }, (_, at) => [
          { type: 'malware', id: `malware--${String(at)}`, name: `M${String(at)}` },
          indicator(`[domain-name:value='h${String(at)}.example.org']`, { id: `indicator--${String(at)}` }),
          {
            type: 'relationship',
            id: `r--${String(at)}`,
            source_ref: `indicator--${String(at)}`,
            target_ref: `malware--${String(at)}`,
          },
        ]).flat(),
      );
    const timed = async (count: number): Promise<number> => {
      const content = set(count);
      const start = performance.now();
      expect((await readOne(content)).indicators).toHaveLength(count);
      return performance.now() - start;
    };
    await timed(2_000);
    const small = await timed(10_000);
    const large = await timed(80_000);
    /* Eight times the work; a square would be sixty-four times. */
    expect(large).toBeLessThan(Math.max(small, 50) * 30);
  });
});

describe('archives', () => {
  it('reads each member by itself', async () => {
    const inner = await zipOf({ 'a.txt': 'a.example.org' });
    const { members } = await readAll(
      await zipOf({
        'sets/one.stix2': bundle([indicator("[app:id='a.b.c']")]),
        'sets/two.csv': 'evil.example.org\n',
        'sets/broken.json': '{',
        'sets/picture.png': 'x',
        'sets/more.zip': inner,
        '__MACOSX/._one.stix2': 'x',
      }),
      'sets.zip',
    );
    expect(members.map(({ name, refused }) => `${name} ${refused ?? 'read'}`)).toEqual([
      'one.stix2 read',
      'two.csv read',
      'broken.json notJson',
      'picture.png otherKind',
      'more.zip nestedArchive',
    ]);
  });

  it('refuses what unpacks to more than a set may have', async () => {
    const { members } = await readAll(
      await zipOf({ 'bomb.txt': Buffer.alloc(70 * 1024 * 1024, 97) }),
      'bomb.zip',
    );
    expect(members.map(({ refused }) => refused)).toEqual(['tooLarge']);
  });
});

describe('observations of a hostile device', () => {
  it('are looked at in time in proportion to their length', async () => {
    const set = await readAll(
      bundle([indicator("[domain-name:value='evil.example.org']"), indicator("[file:path='/var/tmp/x']")]),
    );
    const matcher = new Matcher(indicatorsOf([set]), new Set(['bit.ly']));
    const long = 400_000;
    const values = [
      `http://${'.'.repeat(long)}x`,
      `https://${'w'.repeat(long)}`,
      `https://evil.example.org/${'#'.repeat(long)}\u2028x`,
      `https_${'_1'.repeat(long)}x`,
      `https://a.example/?u=${'http://'.repeat(long / 8)}`,
      `${'/'.repeat(long)}x`,
      `${'%25'.repeat(long / 3)}`,
      `mailto:${"'".repeat(long)}x`,
      `http://${'@'.repeat(long)}`,
      `http://[${':'.repeat(long)}`,
    ];
    for (const value of values) {
      for (const check of ['check_url', 'check_file_path', 'check_process', 'check_email'] as const) {
        const start = performance.now();
        matcher.check(check, value);
        expect(performance.now() - start, `${check} ${value.slice(0, 30)}`).toBeLessThan(2_000);
      }
    }
  });
});
