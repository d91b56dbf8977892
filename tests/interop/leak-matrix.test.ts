import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkPackage, idSearch } from '../../electron/core/features/filings/leak-check/index.ts';
import type { FinishedFile } from '../../electron/core/features/filings/leak-check/index.ts';
import { createParserClient } from '../../electron/core/parser-host/index.ts';
import { createNodeParserLauncher } from '../../electron/core/ports/node/node-parser-launcher.ts';
import { PARSER_BUNDLES } from '../setup/build-parser.ts';
import type { KnownValue } from '../../electron/core/features/filings/redaction/index.ts';

const rowSchema = z.object({ id: z.string(), value: z.string(), container: z.string(), data: z.string() });
const rows = execFileSync('python3', [join(import.meta.dirname, 'leak_matrix.py')], {
  maxBuffer: 256 * 1024 * 1024,
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  .map((line) => rowSchema.parse(JSON.parse(line)));

const KINDS: Readonly<Record<string, KnownValue['kind']>> = {
  name: 'name',
  plain: 'name',
  phone: 'phone',
  email: 'email',
  file: 'fileNumber',
};

const fileOf = (name: string, bytes: Uint8Array, changes: Partial<FinishedFile> = {}): FinishedFile => ({
  name,
  format: 'other',
  origin: 'whole',
  sizeBytes: bytes.length,
  read: (start, end) => Promise.resolve(bytes.subarray(start, end)),
  decodings: [],
  inkPages: [],
  controlWord: null,
  ...changes,
});

const check = async (files: readonly FinishedFile[], values: readonly KnownValue[]) =>
  checkPackage({
    files,
    values,
    points: [],
    initials: new Map(),
    ids: idSearch([]),
    rawIds: [],
    allowedWords: new Set(),
  });

describe('values written by another program', () => {
  const plain = rows.filter((row) => row.container === 'none');
  const groups = [...new Set(plain.map((row) => row.id.split('|')[2] ?? ''))];

  it('has every value, form and encoding', () => {
    expect(plain.length).toBeGreaterThan(3_000);
  });

  it.each(groups)('are found as raw bytes: %s', async (encoding) => {
    const missed: string[] = [];
    for (const key of Object.keys(KINDS)) {
      const wanted = plain.filter((row) => row.id.startsWith(`${key}|`) && row.id.endsWith(`|${encoding}`));
      const files = wanted.map((row) => fileOf(row.id, new Uint8Array(Buffer.from(row.data, 'base64'))));
      const values: KnownValue[] = [
        { ref: 'person:1', kind: KINDS[key] ?? 'name', text: wanted[0]?.value ?? '' },
      ];
      const result = await check(files, values);
      const hit = new Set(
        result.findings
          .filter((finding) => finding.outcome === 'final' || finding.outcome === 'blocks')
          .map((finding) => finding.file),
      );
      missed.push(...wanted.filter((row) => !hit.has(row.id)).map((row) => row.id));
    }
    expect(missed).toEqual([]);
  });

  it('are not found where they are not', async () => {
    const files = plain
      .slice(0, 400)
      .map((row) => fileOf('control', new Uint8Array(Buffer.from(row.data, 'base64'))));
    const result = await check(files, [
      { ref: 'person:9', kind: 'name', text: 'Eustaquio Brambila Terrazo' },
      { ref: 'person:9', kind: 'phone', text: '000 777 88 99' },
    ]);
    expect(result.findings).toEqual([]);
  });
});

describe('values inside archives made by another program', () => {
  const packed = rows.filter((row) => row.container !== 'none');
  const parser = createParserClient(createNodeParserLauncher(PARSER_BUNDLES));
  afterAll(async () => {
    await parser.close();
  });

  it('has every container', () => {
    expect(new Set(packed.map((row) => row.container)).size).toBe(5);
  });

  it.each(packed.map((row) => row.id))('%s', async (id) => {
    const row = packed.find((one) => one.id === id);
    const bytes = new Uint8Array(Buffer.from(row?.data ?? '', 'base64'));
    const decoding = await parser.run('zip.decode', { bytes });
    const values: KnownValue[] = [
      { ref: 'person:1', kind: KINDS[id.split('|')[0] ?? ''] ?? 'name', text: row?.value ?? '' },
    ];
    const archive = { format: 'zip', origin: 'made' } as const;
    const result = await check([fileOf('a.zip', bytes, { ...archive, decodings: [decoding] })], values);
    expect(result.findings.some((finding) => finding.outcome === 'final')).toBe(true);
    // The same archive with a decoder that stays silent must not pass either.
    const silent = { decoder: 'silent', parts: [], undecoded: [] };
    const unread = await check(
      [fileOf('a.zip', bytes, { ...archive, decodings: [silent], controlWord: 'K7-4821' })],
      values,
    );
    expect(unread.undecoded.length).toBeGreaterThan(0);
  });
});
