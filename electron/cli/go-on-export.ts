import type { ExportId } from '#shared/model/ids.ts';
import type { Arguments } from './arguments.ts';

/** What decides for whom and how a package is closed: none of it is kept with an export that was begun. */
const CLOSES = ['form', 'recipient'] as const;
const CLOSING_FLAGS = ['sign', 'unsigned'] as const;

const quoted = (text: string): string =>
  /^[\w./:@+-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

/**
 * The options that go on with an export, with all that was typed about how it leaves. Whoever types what a terminal
 * tells them must not get a package in clear where they began one for a recipient's key.
 */
export const goOnOptions = (args: Arguments, id: ExportId): string =>
  [
    `--export ${id}`,
    ...CLOSES.flatMap((name) =>
      args.has(name)
        ? (name === 'form' ? [args.need(name)] : args.values(name)).map(
            (value) => `--${name} ${quoted(value)}`,
          )
        : [],
    ),
    ...CLOSING_FLAGS.filter((name) => args.flag(name)).map((name) => `--${name}`),
  ].join(' ');
