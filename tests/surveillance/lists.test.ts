import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ParserClient } from '#shared/parser/jobs.ts';
import type { SetMember } from '#shared/surveillance/indicator-set.ts';
import { realClient } from '../parser/parser-fixture.ts';

let client: ParserClient;
beforeAll(() => {
  client = realClient({ parallel: 1 });
});
afterAll(() => client.close());

const readOne = async (content: string, name: string): Promise<SetMember> => {
  const bytes = new Uint8Array(Buffer.from(content));
  const { members } = await client.run('indicators.read', { bytes, name, today: '2026-11-22' });
  expect(members).toHaveLength(1);
  return members[0] as SetMember;
};

describe('lists and tables', () => {
  it('guesses kinds by form and says what it cannot tell', async () => {
    const read = await readOne(
      [
        '# remarks are passed over',
        'evil[.]example[.]org',
        'hxxps://evil.example.org/a?b=c',
        '203.0.113.7',
        '2001:db8::/32',
        'someone[at]example.org',
        'd41d8cd98f00b204e9800998ecf8427e',
        'DA39A3EE5E6B4B0D3255BFEF95601890AFD80709',
        'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
        '/private/var/tmp/thing',
        'com.example.spy.app',
        'loader.dylib',
        '9f86d081-884c-4d65-9a2f-eaa0c55ad015',
        'bh',
        'evil.example.org',
      ].join('\r\n'),
      'list.txt',
    );
    expect(read.indicators.map(({ type, value }) => `${type} ${value}`)).toEqual([
      'domains evil.example.org',
      'urls https://evil.example.org/a?b=c',
      'domains 203.0.113.7',
      'domains 2001:db8::/32',
      'emails someone@example.org',
      'files_md5 d41d8cd98f00b204e9800998ecf8427e',
      'files_sha1 DA39A3EE5E6B4B0D3255BFEF95601890AFD80709',
      'files_sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      'file_paths /private/var/tmp/thing',
      'app_ids com.example.spy.app',
      'file_names loader.dylib',
      'ios_profile_ids 9f86d081-884c-4d65-9a2f-eaa0c55ad015',
    ]);
    expect(read.skipped).toEqual([{ id: 'line 14', what: 'bh', reason: 'unknownForm' }]);
    expect(read).toMatchObject({ form: 'list', mvtIndicators: [], reference: 'passesOver' });
  });

  it('understands a first line, columns of kinds and campaigns, quotes and semicolons', async () => {
    const read = await readOne(
      'type;value;malware\r\nprocess;bh;"Red ""A"""\r\ndomain;x.example.net;Red\r\n;"203.0.113.9";Red\r\n',
      'table.csv',
    );
    expect(read.indicators).toEqual([
      { value: 'bh', type: 'processes', collection: 'Red "A"' },
      { value: 'x.example.net', type: 'domains', collection: 'Red' },
      { value: '203.0.113.9', type: 'domains', collection: 'Red' },
    ]);
    const without = await readOne('domain,one.example.org\nprocess,bh\n', 'table.csv');
    expect(without.indicators.map(({ type, value }) => `${type} ${value}`)).toEqual([
      'domains one.example.org',
      'processes bh',
    ]);
  });

  it('stays linear on quotes, spaces and separators without end', async () => {
    for (const content of [
      `${' '.repeat(2_000_000)}x${'"'.repeat(2_000_000)}`,
      ','.repeat(3_000_000),
      `a@${'.'.repeat(3_000_000)}`,
    ]) {
      const start = performance.now();
      await readOne(content, 'x.csv');
      expect(performance.now() - start).toBeLessThan(20_000);
    }
  });
});
