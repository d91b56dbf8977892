/** What can be bound to a parameter. Booleans become 0 and 1, whole numbers INTEGER, other numbers REAL. */
export type SqlValue = string | number | bigint | boolean | Uint8Array | null;

const MADE_HERE: unique symbol = Symbol('sql');

/** Statement text with its bound values. Only the functions of this file make one, so no text is ever pasted in. */
export interface Sql {
  readonly [MADE_HERE]: true;
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/**
 * Internal to `db/` and `migrations/`: text that no template made. It is not exported from `db/index.ts`;
 * callers pass constants and names read from the schema, never input.
 */
export const trustedSql = (text: string, values: readonly SqlValue[] = []): Sql => ({
  [MADE_HERE]: true,
  text,
  values,
});

const isSql = (value: SqlValue | Sql): value is Sql =>
  typeof value === 'object' && value !== null && MADE_HERE in value;

/**
 * The only way to write SQL in a repository: `` sql`SELECT name FROM person WHERE id = ${id}` ``.
 * Every `${value}` becomes a bound parameter; another `Sql` is a fragment and is put in place with its values.
 */
export const sql = (strings: TemplateStringsArray, ...parts: readonly (SqlValue | Sql)[]): Sql => {
  let text = strings[0] ?? '';
  const values: SqlValue[] = [];
  parts.forEach((part, index) => {
    if (isSql(part)) {
      text += part.text;
      for (const value of part.values) values.push(value);
    } else {
      text += '?';
      values.push(part);
    }
    text += strings[index + 1] ?? '';
  });
  return trustedSql(text, values);
};

/** A fragment that adds nothing; for optional conditions. */
export const empty: Sql = trustedSql('');

/** Joins fragments; with none it gives the empty fragment. */
export const join = (parts: readonly Sql[], separator: ', ' | ' AND ' | ' OR ' | ' '): Sql =>
  trustedSql(
    parts.map((part) => part.text).join(separator),
    parts.flatMap((part) => part.values),
  );

/** `(?, ?, ?)` for `IN ${list(ids)}`; an empty list gives `(NULL)`, which matches nothing. */
export const list = (values: readonly SqlValue[]): Sql =>
  values.length === 0 ? trustedSql('(NULL)') : trustedSql(`(${values.map(() => '?').join(', ')})`, values);
