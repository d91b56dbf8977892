import { Loader } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useEffect, useId, useRef, useState, type JSX, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import css from './DataTable.module.css';

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  /** CSS grid track, such as `1fr` or `120px`. */
  readonly width: string;
  readonly align?: 'end';
  /** The one part inside the cell may take two lines. */
  readonly wrap?: true;
  /** Names the sort of the server that a click on the heading asks for. */
  readonly sort?: string;
  cell(row: Row): ReactNode;
}

export interface TableRows<Row> {
  readonly total: number;
  readonly loading: boolean;
  rowAt(index: number): Row | undefined;
  see(first: number, last: number): void;
}

export interface Sorting {
  readonly key: string;
  readonly descending: boolean;
}

const rowHeight = (): number => (document.documentElement.dataset['density'] === 'compact' ? 38 : 52);

/**
 * A list of any length: only the rows on screen exist. Arrow keys, Home, End and page keys move, Enter
 * opens; the active row is told to screen readers through `aria-activedescendant`.
 */
export function DataTable<Row>(props: {
  label: string;
  columns: readonly Column<Row>[];
  rows: TableRows<Row>;
  rowKey: (row: Row) => string;
  onOpen: (row: Row) => void;
  onActive?: (row: Row) => void;
  /** Space marks the active row. */
  onPick?: (row: Row) => void;
  sorting?: Sorting;
  onSort?: (sorting: Sorting) => void;
  empty: ReactNode;
  /** How many there are, in words of what they are; "records" otherwise. */
  total?: string;
  /** Height of the scrolled part as CSS. */
  height?: string;
}): JSX.Element {
  const { t } = useTranslation('ui');
  const { rows, columns, onActive } = props;
  const body = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(-1);
  const id = useId();
  const height = rowHeight();
  const virtual = useVirtualizer({
    count: rows.total,
    getScrollElement: () => body.current,
    estimateSize: () => height,
    overscan: 12,
    // The sticky head covers that much.
    scrollPaddingStart: 38,
  });
  const items = virtual.getVirtualItems();
  const firstSeen = items[0]?.index ?? 0;
  const lastSeen = items.at(-1)?.index ?? 0;
  const { see } = rows;
  useEffect(() => see(firstSeen, lastSeen), [see, firstSeen, lastSeen]);

  const move = (to: number): void => {
    if (rows.total === 0) return;
    const next = Math.max(0, Math.min(rows.total - 1, to));
    setActive(next);
    virtual.scrollToIndex(next, { align: 'auto' });
    const row = rows.rowAt(next);
    if (row !== undefined) onActive?.(row);
  };
  const onKey = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((body.current?.clientHeight ?? height) / height) - 1);
    // A key on a heading's button belongs to the button.
    if (event.target !== event.currentTarget) return;
    const to: Readonly<Record<string, number>> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: rows.total - 1,
    };
    const next = to[event.key];
    if (next !== undefined) {
      event.preventDefault();
      move(next);
    } else if (event.key === 'Enter' && active >= 0) {
      const row = rows.rowAt(active);
      if (row !== undefined) props.onOpen(row);
    } else if (event.key === ' ' && props.onPick !== undefined && active >= 0) {
      event.preventDefault();
      const row = rows.rowAt(active);
      if (row !== undefined) props.onPick(row);
    }
  };

  const tracks = { gridTemplateColumns: columns.map((column) => column.width).join(' ') };
  const tableHeight = props.height ?? 'calc(100vh - 250px)';
  if (!rows.loading && rows.total === 0) return <div className={css.table}>{props.empty}</div>;
  return (
    <div className={css.table}>
      <div
        ref={body}
        className={css.body}
        role="grid"
        tabIndex={0}
        aria-label={props.label}
        aria-description={t(props.onPick === undefined ? 'table.keys' : 'table.keysPick')}
        aria-rowcount={rows.total + 1}
        aria-colcount={columns.length}
        aria-activedescendant={
          items.some(({ index }) => index === active) ? `${id}-${String(active)}` : undefined
        }
        style={{ maxHeight: tableHeight }}
        onKeyDown={onKey}
        onFocus={(event) => {
          if (event.target === event.currentTarget && active < 0 && rows.total > 0) setActive(0);
        }}
      >
        <div className={css.head} role="row" aria-rowindex={1} style={tracks}>
          {columns.map((column) => {
            const sorted = column.sort !== undefined && props.sorting?.key === column.sort;
            const Arrow = props.sorting?.descending ? ArrowDown : ArrowUp;
            return (
              <div
                key={column.key}
                className={css.headCell}
                role="columnheader"
                data-align={column.align}
                aria-sort={sorted ? (props.sorting?.descending ? 'descending' : 'ascending') : undefined}
              >
                {column.sort !== undefined && props.onSort ? (
                  <button
                    type="button"
                    className={css.sort}
                    onClick={() =>
                      props.onSort?.({
                        key: column.sort ?? '',
                        descending: sorted ? !props.sorting?.descending : true,
                      })
                    }
                  >
                    {column.title}
                    {sorted && <Arrow size={14} aria-hidden />}
                  </button>
                ) : (
                  column.title
                )}
              </div>
            );
          })}
        </div>
        {rows.loading && (
          // A grid holds rows and nothing else.
          <div role="row" style={{ padding: 24, display: 'grid', placeItems: 'center' }}>
            <div role="gridcell">
              <Loader size="sm" role="status" aria-label={t('loading')} />
            </div>
          </div>
        )}
        <div className={css.space} role="presentation" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows.rowAt(item.index);
            return (
              <div
                key={item.key}
                id={`${id}-${String(item.index)}`}
                className={css.row}
                role="row"
                aria-rowindex={item.index + 2}
                aria-selected={item.index === active}
                data-active={item.index === active}
                style={{ ...tracks, height: item.size, transform: `translateY(${String(item.start)}px)` }}
                onClick={() => {
                  setActive(item.index);
                  if (row !== undefined) props.onOpen(row);
                }}
              >
                {columns.map((column) => (
                  <div
                    key={column.key}
                    role="gridcell"
                    className={css.cell}
                    data-align={column.align}
                    data-wrap={column.wrap}
                  >
                    {row === undefined ? '…' : column.cell(row)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
      <div className={css.foot} role="status">
        {props.total ?? t('table.total', { count: rows.total })}
      </div>
    </div>
  );
}
