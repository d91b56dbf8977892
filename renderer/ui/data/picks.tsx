import { Checkbox } from '@mantine/core';
import { useState } from 'react';
import type { Column } from './DataTable.tsx';

export interface Picks<Id extends string> {
  readonly picked: ReadonlySet<Id>;
  toggle(id: Id): void;
  /** Instead of what was picked. */
  take(ids: readonly Id[]): void;
}

/** Rows that somebody marks to do the same with all of them; no more than `most`. */
export function usePicks<Id extends string>(most: number): Picks<Id> {
  const [picked, setPicked] = useState<ReadonlySet<Id>>(new Set());
  return {
    picked,
    toggle: (id) =>
      setPicked((now) => {
        const next = new Set(now);
        if (!next.delete(id) && next.size < most) next.add(id);
        return next;
      }),
    take: (ids) => setPicked(new Set(ids.slice(0, most))),
  };
}

/** The first column of a list whose rows can be marked. `label` says which row the box belongs to. */
export const pickColumn = <Row, Id extends string>(
  picks: Picks<Id>,
  idOf: (row: Row) => Id,
  label: (row: Row) => string,
): Column<Row> => ({
  key: 'pick',
  title: '',
  width: '30px',
  cell: (row) => (
    <Checkbox
      size="xs"
      color="teal.8"
      aria-label={label(row)}
      checked={picks.picked.has(idOf(row))}
      onClick={(event) => event.stopPropagation()}
      onChange={() => picks.toggle(idOf(row))}
    />
  ),
});
