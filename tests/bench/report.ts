/** One line of the table. `ratio` compares with something measured in the same run, so machines cancel out. */
export interface Measure {
  readonly work: string;
  readonly ours: string;
  readonly against: string;
  readonly theirs: string;
  readonly value: number;
  /** `value` has to be at most this; null: told, not judged. */
  readonly atMost: number | null;
  readonly unit: 'times' | 'ms' | 'MB';
}

const number = (value: number, unit: Measure['unit']): string =>
  unit === 'times' ? `${value.toFixed(2)} ×` : `${value.toFixed(value < 10 ? 1 : 0)} ${unit}`;

export const holds = ({ value, atMost }: Measure): boolean => atMost === null || value <= atMost;

/** The table, in Markdown, so that it can be pasted as it is. */
export const asTable = (measures: readonly Measure[]): string => {
  const rows = measures.map((one) => [
    one.work,
    one.ours,
    `${one.against}: ${one.theirs}`,
    number(one.value, one.unit),
    one.atMost === null ? '' : `≤ ${number(one.atMost, one.unit)}`,
    one.atMost === null ? '' : holds(one) ? 'yes' : 'NO',
  ]);
  const head = ['work', 'ours', 'against', 'measured', 'to reach', 'reached'];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => [...(row[column] ?? '')].length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - [...cell].length)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
};
