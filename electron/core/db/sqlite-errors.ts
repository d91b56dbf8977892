import { AppError, isAppError } from '#shared/errors.ts';

const codeOf = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : '';

const isAddonError = (thrown: unknown): thrown is Error =>
  thrown instanceof Error && thrown.message.startsWith('sqlite error');

/**
 * Turns what the SQLite addon throws into our own error. The foreign text quotes SQL and values, so it travels
 * only as `cause` of programming mistakes, which neither the log nor an answer ever prints.
 */
export const fromSqlite = (thrown: unknown): unknown => {
  if (isAppError(thrown)) return thrown;
  const code = codeOf(thrown);
  if (code === '' && !isAddonError(thrown)) return thrown;
  if (code === 'SQLITE_FULL') return new AppError('disk.full');
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return new AppError('vault.databaseDamaged');
  }
  // A page whose MAC does not fit: SQLCipher gives the bare code without a text of its own, while every mistake
  // in SQL comes with one.
  if (code === 'SQLITE_ERROR' && isAddonError(thrown) && thrown.message.endsWith(': SQL logic error')) {
    return new AppError('vault.databaseDamaged');
  }
  // Functions such as sqlcipher_export hand the reason on as text, under the code of a mistake in SQL.
  if (code === 'SQLITE_ERROR' && isAddonError(thrown)) {
    if (thrown.message.endsWith(': database or disk is full')) return new AppError('disk.full');
    if (thrown.message.endsWith(': database disk image is malformed')) {
      return new AppError('vault.databaseDamaged');
    }
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new AppError('vault.alreadyOpen');
  }
  if (code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_READONLY') || code === 'SQLITE_PERM') {
    return new AppError('disk.notWritable');
  }
  if (code.startsWith('SQLITE_CANTOPEN')) return new AppError('vault.databaseMissing');
  return new AppError('call.internal', { cause: thrown });
};
