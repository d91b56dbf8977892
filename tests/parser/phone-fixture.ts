import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ZipFile } from 'yazl';
import type { ParserClient, ParserSession } from '../../shared/parser/jobs.ts';
import { PHONE_LIMITS, type PhoneFile, type PhoneFound, type PhoneKind } from '../../shared/parser/phone.ts';
import type { Indicator } from '../../shared/surveillance/indicators.ts';
import { readStixBundle } from '../../shared/surveillance/stix-bundle.ts';

/** Results that the tool itself wrote; not part of the project, so tests that need them are skipped where absent. */
export const REAL_RESULTS = join(process.cwd(), '../shared/data/mvt-output');
export const REAL_SETS = join(process.cwd(), '../shared/data/stix');
export const hasRealResults = existsSync(REAL_RESULTS) && existsSync(REAL_SETS);

export type Files = Readonly<Record<string, string | Uint8Array>>;

const block = (path: string, size: number): Buffer => {
  const header = Buffer.alloc(512);
  header.write(path, 0, 100);
  header.write(
    `0000600\0${'0000000\0'.repeat(2)}${size.toString(8).padStart(11, '0')}\0${'0'.repeat(11)}\0`,
    100,
  );
  header.write('        0', 148);
  header.write('ustar\0' + '00', 257);
  let sum = 0;
  for (const byte of header) sum += byte;
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
};

/** A plain tar; the product's own writer is tried elsewhere. */
export const tarOf = (files: Files): Buffer =>
  Buffer.concat([
    ...Object.entries(files).flatMap(([path, content]) => {
      const bytes = Buffer.from(content);
      return [block(path, bytes.length), bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
    }),
    Buffer.alloc(1024),
  ]);

export const zipOf = (files: Files): Promise<Buffer> =>
  new Promise((resolve) => {
    const zip = new ZipFile();
    for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name);
    const pieces: Buffer[] = [];
    zip.outputStream.on('data', (piece: Buffer) => pieces.push(piece));
    zip.outputStream.on('end', () => resolve(Buffer.concat(pieces)));
    zip.end();
  });

/** All files below a folder, by their path in it. */
export const filesBelow = (folder: string): Record<string, Buffer> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return [path.slice(folder.length + 1), readFileSync(path)];
      }),
  );

/** Indicators of our own making, and a set of domains. */
export const domains = (...values: string[]): Indicator[] =>
  values.map((value) => ({ value, type: 'domains', collection: 'Invented', set: 'invented.stix2' }));

export const realSet = (name: string): { indicators: Indicator[]; mvtIndicators: Indicator[] } => {
  const read = readStixBundle(JSON.parse(readFileSync(join(REAL_SETS, name), 'utf8')), name, '2026-11-22');
  const bare = (list: readonly Indicator[]): Indicator[] =>
    list.map(({ value, type, collection }) => ({ value, type, collection, set: name }));
  return { indicators: bare(read.indicators), mvtIndicators: bare(read.mvtIndicators) };
};

export interface Reading {
  readonly container: 'file' | 'tar' | 'zip';
  readonly files: readonly PhoneFile[];
  readonly found: readonly PhoneFound[];
  readonly records: number;
  readonly readings: number;
}

interface ReadOptions {
  readonly kind?: PhoneKind;
  readonly name?: string;
  readonly indicators?: readonly Indicator[];
  readonly mvtIndicators?: readonly Indicator[];
  /** Bytes of each piece. */
  readonly piece?: number;
}

const plain = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

/** Reads bytes as an import does, in pieces, in a real parser process. */
export const readResults = async (
  client: ParserClient,
  bytes: Uint8Array,
  options: ReadOptions = {},
): Promise<Reading> => {
  const session = await client.session();
  try {
    return await readIn(session, bytes, options);
  } finally {
    session.end();
  }
};

const readIn = async (
  session: ParserSession,
  bytes: Uint8Array,
  {
    kind = 'results',
    name = 'results',
    indicators = [],
    mvtIndicators = indicators,
    piece = 1 << 20,
  }: ReadOptions,
): Promise<Reading> => {
  const opened = await session.run('phone.open', {
    kind,
    name,
    today: '2026-11-22',
    sizeBytes: bytes.length,
    head: plain(bytes.subarray(0, 512)),
    tail: plain(bytes.subarray(Math.max(0, bytes.length - PHONE_LIMITS.tailBytes))),
    indicators: [...indicators],
    mvtIndicators: [...mvtIndicators],
  });
  if (opened.wants !== null)
    await session.run('phone.directory', {
      bytes: plain(bytes.subarray(opened.wants.start, opened.wants.end)),
    });
  const files: PhoneFile[] = [];
  const found: PhoneFound[] = [];
  let records = 0;
  let readings = 0;
  for (let again = true; again; readings += 1) {
    for (let at = 0; at < bytes.length; at += piece) {
      let answer = await session.run('phone.feed', { bytes: plain(bytes.subarray(at, at + piece)) });
      for (;;) {
        files.push(...answer.files);
        found.push(...answer.found);
        records += answer.records;
        if (!answer.more) break;
        answer = await session.run('phone.feed', { bytes: new Uint8Array(0) });
      }
    }
    const end = await session.run('phone.end', {});
    again = end.again;
    let answer: typeof end | Awaited<ReturnType<typeof session.run<'phone.feed'>>> = end;
    for (;;) {
      files.push(...answer.files);
      found.push(...answer.found);
      records += answer.records;
      if (!answer.more) break;
      answer = await session.run('phone.feed', { bytes: new Uint8Array(0) });
    }
  }
  return { container: opened.container, files, found, records, readings };
};

export const fileAt = (reading: Reading, path: string): PhoneFile => {
  const file = reading.files.find((one) => one.path === path);
  if (file === undefined)
    throw new Error(`no ${path} among ${reading.files.map((one) => one.path).join(', ')}`);
  return file;
};
