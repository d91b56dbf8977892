import { AppError } from '#shared/errors.ts';

/** The code with which `work` is refused, or null where it is not. Throws on what is no refusal of ours. */
export const codeOf = (work: () => unknown): string | null => {
  try {
    work();
    return null;
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    return thrown.code;
  }
};
