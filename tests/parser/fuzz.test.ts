import { deflateRawSync, gzipSync } from 'node:zlib';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import type { ParserClient, ParserJob, ParserParams } from '../../shared/parser/jobs.ts';
import { appendRevision, line, onePage } from './pdf-fixtures.ts';
import { tally } from '../support/tally.ts';
import { realClient, throughCommand } from './parser-fixture.ts';

/**
 * Mutated files through real processes. Two things are asked: the engine's side only ever sees an answer or
 * one of the agreed refusals, and enough mutants are still read, because a reader that refuses everything
 * would pass the first half. RESGUARDO_SOAK=1 makes a long run of it.
 */
const ROUNDS = process.env['RESGUARDO_SOAK'] === '1' ? 100_000 : 400;
const CODES = new Set([
  'parser.unsupported',
  'parser.tooLarge',
  'parser.tooSlow',
  'parser.damagedFile',
  'parser.crashed',
  'parser.passwordProtected',
]);

/** A small generator with a fixed start, so that a failure can be had again. */
const generator = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
};

const mutate = (seed: Buffer, random: () => number): Uint8Array<ArrayBuffer> => {
  let bytes = new Uint8Array(seed);
  const at = (): number => Math.floor(random() * bytes.length);
  for (let change = 0; change <= random() * 4; change += 1) {
    const kind = Math.floor(random() * 7);
    if (kind <= 2) bytes[at()] = Math.floor(random() * 256);
    else if (kind === 3) bytes[at()] = [0, 255, 127, 128][Math.floor(random() * 4)] ?? 0;
    else if (kind === 4) bytes = bytes.slice(0, Math.max(8, bytes.length - Math.floor(random() * 40)));
    else if (kind === 5) {
      const from = at();
      bytes.copyWithin(at(), from, from + Math.floor(random() * 32));
    } else {
      const digits = [...bytes.keys()].filter(
        (index) => (bytes[index] ?? 0) >= 48 && (bytes[index] ?? 0) <= 57,
      );
      const digit = digits[Math.floor(random() * digits.length)];
      if (digit !== undefined) bytes[digit] = 48 + Math.floor(random() * 10);
    }
  }
  return bytes;
};

const picture = (): Sharp =>
  sharp({ create: { width: 24, height: 16, channels: 3, background: '#208040' } }).withExif({
    IFD0: { Artist: 'alguien' },
  });

const zipOf = (files: Record<string, Buffer>): Promise<Buffer> =>
  new Promise((resolve) => {
    const zip = new ZipFile();
    for (const [name, bytes] of Object.entries(files)) zip.addBuffer(bytes, name);
    const pieces: Buffer[] = [];
    zip.outputStream.on('data', (piece: Buffer) => pieces.push(piece));
    zip.outputStream.on('end', () => resolve(Buffer.concat(pieces)));
    zip.end();
  });

const pdfSeeds = (): Buffer[] => [
  onePage(`${line('hola mundo', 72, 700)}q 1 0 0 1 5 5 cm 0 0 9 9 re f Q`),
  onePage(`/OC /L0 BDC ${line('capa', 72, 700)} EMC`, {
    catalogue: '/OCProperties << /OCGs [6 0 R] /D << /OFF [6 0 R] >> >>',
    resources: '/Properties << /L0 6 0 R >>',
    objects: [{ dict: '<< /Type /OCG /Name (x) >>' }],
  }),
  appendRevision(onePage(line('antes', 72, 700)), 4, { dict: '<< >>', stream: line('luego', 72, 700) }, 6),
];

type Run = {
  name: string;
  floor: number;
  seeds: () => Promise<Buffer[]>;
  jobs: ((bytes: Uint8Array<ArrayBuffer>) => [ParserJob, unknown])[];
  rounds?: number;
};
const plain =
  (job: ParserJob) =>
  (bytes: Uint8Array<ArrayBuffer>): [ParserJob, unknown] => [job, { bytes }];

const runs: Run[] = [
  { name: 'pdf.decode', floor: 0.5, seeds: async () => pdfSeeds(), jobs: [plain('pdf.decode')] },
  { name: 'pdf.decodeSecond', floor: 0.5, seeds: async () => pdfSeeds(), jobs: [plain('pdf.decodeSecond')] },
  {
    name: 'pdf.text and pdf.redact',
    floor: 0.5,
    seeds: async () => pdfSeeds(),
    jobs: [
      (bytes) => ['pdf.text', { bytes, maxPages: 9 }],
      (bytes) => ['pdf.redact', { bytes, words: ['mundo', 'capa'], boxes: [], mode: 'content' }],
    ],
  },
  {
    name: 'zip.decode',
    floor: 0.2,
    seeds: async () => [
      await zipOf({
        'word/document.xml': Buffer.from('<w:p><w:t>hola</w:t></w:p>'),
        'b.txt': Buffer.from('adios'.repeat(60)),
      }),
      await zipOf({
        'a.zip': await zipOf({ x: deflateRawSync(Buffer.from('x')) }),
        'c.gz': gzipSync(Buffer.from('y')),
      }),
    ],
    jobs: [plain('zip.decode')],
  },
  {
    name: 'image jobs',
    floor: 0.3,
    seeds: async () => [
      await picture().jpeg().toBuffer(),
      await picture().png().toBuffer(),
      await picture().webp().toBuffer(),
      await picture().tiff().toBuffer(),
      await picture().gif().toBuffer(),
    ],
    jobs: [plain('image.decode'), plain('image.inspect'), plain('image.pixels')],
    rounds: 1.5,
  },
  {
    name: 'text.decode and file.type',
    floor: 0.3,
    seeds: async () => [Buffer.from('Desaparición forzada, año'), Buffer.from('{"a":[1,2,"ñ"]}', 'utf16le')],
    jobs: [(bytes) => ['text.decode', { bytes, maxChars: 500 }], (bytes) => ['file.type', { head: bytes }]],
  },
];

const fuzz = async (
  client: ParserClient,
  { name, seeds, jobs, rounds = 1 }: Run,
): Promise<{ read: number; total: number; codes: Record<string, number> }> => {
  const random = generator(20_261);
  const files = await seeds();
  const codes: Record<string, number> = {};
  let [read, total] = [0, 0];
  const waiting: Promise<void>[] = [];
  for (let round = 0; round < ROUNDS * rounds; round += 1) {
    const seed = files[round % files.length] ?? Buffer.alloc(0);
    const mutant = mutate(seed, random);
    for (const make of jobs) {
      const [job, params] = make(mutant);
      total += 1;
      waiting.push(
        client.run(job, params as ParserParams<typeof job>).then(
          () => void (read += 1),
          (error: { name: string; code: string }) => {
            expect(error.name).toBe('AppError');
            codes[error.code] = (codes[error.code] ?? 0) + 1;
          },
        ),
      );
    }
    if (waiting.length > 40) await Promise.all(waiting.splice(0));
  }
  await Promise.all(waiting);
  const strange = Object.entries(codes).reduce(
    (sum, [code, count]) => sum + (CODES.has(code) ? 0 : count),
    0,
  );
  tally({
    kind: 'fuzz executions',
    what: `${name}, through the process without keys`,
    done: total,
    failures: strange,
    control: `${((100 * read) / total).toFixed(0)} % were still read`,
  });
  return { read, total, codes };
};

describe('mutated files', () => {
  const client = realClient({ limits: { timeMs: 8_000 } });
  afterAll(() => client.close());
  const engine = process.pid;

  for (const run of runs) {
    test(`${run.name}: answers or refusals, and at least ${run.floor * 100} % are read`, async () => {
      const before = process.memoryUsage().rss;
      const { read, total, codes } = await fuzz(client, run);
      for (const code of Object.keys(codes)) expect(CODES).toContain(code);
      expect(read / total, JSON.stringify(codes)).toBeGreaterThan(run.floor);
      // Some mutants must have been damaged at all, or nothing was tried.
      if (run.name !== 'text.decode and file.type') expect(read).toBeLessThan(total);
      expect(process.pid).toBe(engine);
      expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
    });
  }

  test('heic.pixels', async () => {
    const seed = throughCommand(
      await picture().png().toBuffer(),
      'a.png',
      'heif-enc',
      (path) => [path, '-o', `${path}.heic`],
      (path) => `${path}.heic`,
    );
    const { read, total, codes } = await fuzz(client, {
      name: 'heic',
      floor: 0.05,
      seeds: () => Promise.resolve([seed]),
      jobs: [plain('heic.pixels')],
    });
    for (const code of Object.keys(codes)) expect(CODES).toContain(code);
    expect(read / total, JSON.stringify(codes)).toBeGreaterThan(0.05);
    expect(read).toBeLessThan(total);
  });
});
