const RISKY_START = /^[=+\-@\t\r]|^\s*[=+@]/;

/**
 * One cell. Text that a spreadsheet would run as a formula gets an apostrophe in front; numbers of ours
 * (type `number`) are written as they are. Line breaks become spaces: a cell is one line.
 */
const cell = (value: string | number | null): string => {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const line = value.replace(/[\r\n\t]+/g, ' ');
  const safe = RISKY_START.test(value) || RISKY_START.test(line) ? `'${line}` : line;
  return /[",;]/.test(safe) || safe.startsWith(' ') || safe.endsWith(' ')
    ? `"${safe.replaceAll('"', '""')}"`
    : safe;
};

/**
 * A table as CSV in UTF-8: byte order mark (Excel reads Windows-1252 without it), CRLF, comma.
 * Throws a `RangeError` where a row has another number of cells than the heading.
 */
export const csvBytes = (
  heading: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): Buffer => {
  for (const row of rows) if (row.length !== heading.length) throw new RangeError('cells of a CSV row');
  const lines = [heading, ...rows].map((row) => row.map(cell).join(','));
  return Buffer.from(`\ufeff${lines.join('\r\n')}\r\n`, 'utf8');
};
