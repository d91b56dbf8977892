import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/* Everything here asks programs that Resguardo did not make, or looks at raw bytes. */

export interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** Runs an outside program; null where it is not installed. */
export const outside = (program: string, args: readonly string[], cwd?: string): Outcome | null => {
  const result = spawnSync(program, args, { encoding: 'utf8', cwd, maxBuffer: 256 * 1024 * 1024 });
  if (result.error !== undefined) return null;
  return { code: result.status ?? 1, output: `${result.stdout}${result.stderr}` };
};

export const has = (program: string): boolean => {
  const found = spawnSync(program, ['--version'], { stdio: 'ignore' });
  return found.error === undefined;
};

/** Every file below a folder, links not followed. */
export const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

/** Unpacks a zip with Python's own library; false where that cannot be done. */
export const unzip = (archive: string, into: string): boolean => {
  mkdirSync(into, { recursive: true });
  return outside('python3', ['-m', 'zipfile', '-e', archive, into])?.code === 0;
};

/** Lower case, without accents and without what separates digits in telephone numbers. */
const folded = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/gu, ' ');
const digitsOnly = (text: string): string => text.replace(/(?<=\d)[\s.()-]+(?=\d)/gu, '');

/** One reading of one file: who read it, and what it said. */
export interface Reading {
  readonly by: string;
  readonly text: string;
}

/**
 * All that outside programs and plain bytes tell about a file. Zip-based files are unpacked and read part by
 * part; the name of the file is a reading too.
 */
export const readingsOf = (path: string, scratch: string): Reading[] => {
  const bytes = readFileSync(path);
  const readings: Reading[] = [
    { by: 'name', text: path.split('/').at(-1) ?? '' },
    { by: 'bytes (UTF-8)', text: bytes.toString('utf8') },
    { by: 'bytes (UTF-16LE)', text: bytes.toString('utf16le') },
  ];
  const add = (by: string, outcome: Outcome | null): void => {
    if (outcome !== null) readings.push({ by, text: outcome.output });
  };
  add(
    'exiftool',
    outside('exiftool', ['-a', '-G1', '-s', '-u', '-ee', '--File:all', '--ExifTool:all', path]),
  );
  add('exiftool -n', outside('exiftool', ['-n', '-a', '-s', '--File:all', '--ExifTool:all', path]));
  if (bytes.subarray(0, 5).toString('latin1') === '%PDF-') {
    add('pdftotext', outside('pdftotext', ['-layout', path, '-']));
    add('pdftotext -raw', outside('pdftotext', ['-raw', path, '-']));
    add(
      'qpdf, unpacked',
      outside('qpdf', ['--qdf', '--stream-data=uncompress', '--object-streams=disable', path, '-']),
    );
  }
  if (bytes.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004') {
    const inside = join(scratch, `${readings.length}-${path.length}-${bytes.length}`);
    if (unzip(path, inside)) {
      for (const part of filesBelow(inside)) {
        const text = readFileSync(part, 'utf8');
        readings.push({ by: `unzipped ${part.slice(inside.length + 1)}`, text });
        readings.push({
          by: `words of ${part.slice(inside.length + 1)}`,
          text: text.replace(/<[^>]*>/gu, ''),
        });
        readings.push({ by: 'name inside', text: part.slice(inside.length + 1) });
      }
    }
  }
  return readings;
};

/** Which of the values stand in a reading, whatever the accents, the case, or the spaces between digits. */
export const foundIn = (reading: Reading, values: readonly string[]): string[] => {
  const text = folded(reading.text);
  const numbers = digitsOnly(text);
  return values.filter(
    (value) => text.includes(folded(value)) || numbers.includes(digitsOnly(folded(value))),
  );
};
