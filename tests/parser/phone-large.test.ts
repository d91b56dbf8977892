import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { createParserClient } from '../../electron/core/parser-host/index.ts';
import type { PhoneFound } from '../../shared/parser/phone.ts';
import { watchedLauncher } from './parser-fixture.ts';
import { domains } from './phone-fixture.ts';

/** `PHONE_LARGE_MB=1024` reads a gigabyte; never written to the disk, the same piece comes again and again. */
const MEGABYTES = Number(process.env['PHONE_LARGE_MB'] ?? 48);
const launcher = watchedLauncher();
const client = createParserClient(launcher);
afterAll(() => client.close());

const resident = (): number =>
  Math.max(
    ...launcher.pids
      .filter((pid) => !launcher.ended.has(pid))
      .map((pid) => {
        try {
          return (
            Number(/^VmRSS:\s+(\d+) kB/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_000
          );
        } catch {
          return 0;
        }
      }),
  );

test(`${MEGABYTES} MB of records: memory stays, nothing is lost`, { timeout: 1_200_000 }, async () => {
  const record = (url: string): string =>
    `${JSON.stringify({ ROWID: 1, guid: 'x'.repeat(36), text: `Hola ${url}`, date: 1, links: [url], isodate: '2024-01-01 00:00:00.000000' }, null, 4)},\n`;
  const plain = Array.from({ length: 4_000 }, (_, at) => record(`https://sitio-${at}.com.mx/a`)).join('');
  const piece = Buffer.from(plain + record('https://evil.example.org/uno'));
  const times = Math.ceil((MEGABYTES * 1024 * 1024) / piece.length);
  const session = await client.session();
  const found: PhoneFound[] = [];
  let records = 0;
  let peak = 0;
  try {
    const indicators = domains('evil.example.org');
    await session.run('phone.open', {
      kind: 'results',
      name: 'sms.json',
      today: '2026-11-22',
      sizeBytes: piece.length * times,
      head: new Uint8Array(Buffer.from('[')),
      tail: new Uint8Array(0),
      indicators,
      mvtIndicators: indicators,
    });
    const feed = async (bytes: Uint8Array): Promise<void> => {
      const answer = await session.run('phone.feed', { bytes: new Uint8Array(bytes) });
      records += answer.records;
      found.push(...answer.found);
    };
    await feed(Buffer.from('['));
    let settled = 0;
    for (let turn = 0; turn < times; turn += 1) {
      await feed(piece);
      const now = resident();
      if (turn < Math.min(20, times / 2)) settled = Math.max(settled, now);
      peak = Math.max(peak, now);
    }
    await feed(Buffer.from(`${record('https://example.com/').slice(0, -2)}]`));
    const end = await session.run('phone.end', {});
    records += end.records;
    expect(end.files[0]).toMatchObject({ status: 'read', records: 4_001 * times + 1, faultAt: null });
    expect(records).toBe(4_001 * times + 1);
    expect(found).toHaveLength(times);
    if (process.platform === 'linux')
      expect(peak - settled, `${settled} MB, then ${peak} MB`).toBeLessThan(120);
  } finally {
    session.end();
  }
});
