import type { ParserAnswer } from '#shared/parser/jobs.ts';
import { createParserClient } from './parser-host/index.ts';
import type { ParserLauncher } from './ports/index.ts';

export {
  matcherOf,
  matchModule,
  type Answer,
  type Matcher,
  type ModuleAnswer,
} from './features/surveillance/index.ts';

/** Reads indicator sets in a parser process. */
export interface SetReader {
  /**
   * @param name file name of the set. @param today `YYYY-MM-DD`, for indicators that expired.
   * Throws `AppError` `parser.*`.
   */
  read(bytes: Uint8Array<ArrayBuffer>, name: string, today: string): Promise<ParserAnswer<'indicators.read'>>;
  close(): Promise<void>;
}

/**
 * The second entrance of the engine: comparing observations with indicator sets needs no vault, no passphrase and
 * no database, so scripts get it without any of them. Foreign files are opened in a parser process all the same.
 */
export const openSetReader = (launcher: ParserLauncher): SetReader => {
  const client = createParserClient(launcher, { parallel: 1 });
  return {
    read: (bytes, name, today) =>
      client.run('indicators.read', { bytes, name, today }, { source: 'indicators' }),
    close: () => client.close(),
  };
};
