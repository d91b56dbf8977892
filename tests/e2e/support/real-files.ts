import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { onePage } from '../../parser/pdf-fixtures.ts';

/** Real files, made by the tools that people's telephones and offices use, and tools to look at the results. */

const isThere = (command: string): boolean =>
  spawnSync('/bin/sh', ['-c', `command -v ${command}`], { stdio: 'ignore' }).status === 0;

/** Which of these commands are missing here. On the build machine a missing one is a failure, not a skip. */
export const missingCommands = (commands: readonly string[]): string[] =>
  process.env['CI'] === 'true' ? [] : commands.filter((command) => !isThere(command));

export const run = (command: string, args: readonly string[], cwd?: string): string =>
  execFileSync(command, [...args], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });

/** A photograph as a telephone makes it: it says where it was taken, and by whom. */
export const photograph = (path: string, artist: string): void => {
  run('convert', [
    '-size',
    '640x420',
    'gradient:#9fc2cf-#4b6357',
    '-fill',
    '#2d2d2d',
    '-draw',
    'rectangle 90,210 240,330',
    path,
  ]);
  run('exiftool', [
    '-q',
    '-overwrite_original',
    '-GPSLatitude=17.4321',
    '-GPSLatitudeRef=N',
    '-GPSLongitude=99.8765',
    '-GPSLongitudeRef=W',
    `-Artist=${artist}`,
    path,
  ]);
};

/** A page of text as an office prints it. */
export const letter = (path: string, text: string): void => {
  writeFileSync(path, onePage(`BT /F1 12 Tf 60 720 Td (${text}) Tj ET`));
};

/** Every file below a folder, with its path. */
export const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
