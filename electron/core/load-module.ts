import { AppError } from '#shared/errors.ts';

/**
 * Loads a part of the program at its first use. An update in place takes away the file that a program which still runs
 * would load next, or puts one there that does not fit; only a restart helps then, and whoever waits has to read that
 * instead of a fault inside.
 *
 * @param load the `import(...)` itself, so that a bundler sees what it names.
 * @throws AppError `call.programChanged`
 */
export const loadModule = async <T>(load: () => Promise<T>): Promise<T> => {
  try {
    return await load();
  } catch (cause) {
    throw new AppError('call.programChanged', { cause });
  }
};
