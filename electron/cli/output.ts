import type { Messages } from './messages.ts';

/** Where a command speaks. Results go to stdout; progress, warnings and refusals to stderr. */
export interface Output {
  readonly messages: Messages;
  readonly json: boolean;
  /**
   * Whether notes go to a terminal, where somebody reads them. Elsewhere they end in a file: the log of a script outlives
   * the script and lies where the vault's passphrase does not protect it.
   */
  readonly isRead: boolean;
  /** The result: the value as JSON for programs, or the lines for people. */
  result(value: unknown, lines: () => readonly string[]): void;
  /** A line for people only. */
  note(text: string): void;
}

/**
 * Bytes become base64 with a mark, so that JSON can be read back without guessing. Looks at the holder: a Buffer
 * has turned itself into a list of numbers by the time its value gets here.
 */
function plain(this: unknown, key: string, value: unknown): unknown {
  const held = (this as Readonly<Record<string, unknown>>)[key];
  return held instanceof Uint8Array ? { base64: Buffer.from(held).toString('base64') } : value;
}

/** JSON as the command line prints it. */
export const toJson = (value: unknown): string => JSON.stringify(value, plain, 2);

/** Control characters in names or texts could move the cursor or repaint the terminal: they are shown, not sent. */
export const forTerminal = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u${code.toString(16).padStart(4, '0')}`;
  });

/* `resguardo … | head` closes the pipe early: the rest has no reader, and the work still ends as it should. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

export const createOutput = (messages: Messages, json: boolean): Output => ({
  messages,
  json,
  isRead: process.stderr.isTTY,
  result: (value, lines) => {
    process.stdout.write(
      json
        ? `${toJson(value)}\n`
        : lines()
            .map((line) => `${forTerminal(line)}\n`)
            .join(''),
    );
  },
  note: (text) => {
    process.stderr.write(`${forTerminal(text)}\n`);
  },
});

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** A size for people, in powers of 1,000. */
export const sizeText = (bytes: number): string => {
  let unit = 0;
  let value = bytes;
  while (value >= 1_000 && unit < UNITS.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit] ?? 'B'}`;
};

/** Rows in columns, padded by characters. */
export const table = (rows: readonly (readonly string[])[]): string[] => {
  const widths = (rows[0] ?? []).map((_cell, column) =>
    Math.max(...rows.map((row) => [...(row[column] ?? '')].length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === row.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - [...cell].length),
      )
      .join('  '),
  );
};
