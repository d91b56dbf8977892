import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SQL_ELSEWHERE } from '../../scripts/lint/sql-elsewhere.mjs';
import { root, textOf } from './source-files.ts';

const holdsSql = (text: string): boolean => /\bsql`/u.test(text);

describe('list of use cases with SQL of their own', () => {
  it('names only files that exist and still hold some: what is done is taken off the list', () => {
    expect(SQL_ELSEWHERE.filter((path) => !existsSync(join(root, path)) || !holdsSql(textOf(path)))).toEqual(
      [],
    );
  });
  it('a file without SQL would be noticed', () => {
    expect(holdsSql('export const a = 1;')).toBe(false);
    expect(holdsSql('tx.run(sql`SELECT 1`)')).toBe(true);
  });
  it('has no more entries than on the day it was made', () => {
    expect(SQL_ELSEWHERE.length).toBeLessThanOrEqual(40);
  });
});
