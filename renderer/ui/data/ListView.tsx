import type { LucideIcon } from 'lucide-react';
import { useState, type JSX, type ReactNode } from 'react';
import { useErrorText } from '../../lib/use-error-text.ts';
import { EmptyState } from '../EmptyState.tsx';
import { Notice } from '../Notice.tsx';
import { SideBySide } from '../SideBySide.tsx';
import { DataTable, type Column, type Sorting, type TableRows } from './DataTable.tsx';
import css from './DataTable.module.css';

/** What a row shows beside the list, without leaving it. */
export interface Preview {
  readonly label: string;
  of(key: string): ReactNode;
  /** Open from the start. */
  readonly begun?: string | null;
  onClose?(): void;
}

interface Said {
  readonly title: string;
  readonly text: string;
}

/**
 * A list with its filters above it: columns that give way to a preview, opening by click and Enter, marking by
 * Space, and what is said when there is nothing, or nothing that the filters leave.
 */
export function ListView<Row>(props: {
  label: string;
  rows: TableRows<Row> & { readonly error: unknown };
  rowKey: (row: Row) => string;
  /** `narrow`: a preview takes part of the width. */
  columns: (narrow: boolean) => readonly Column<Row>[];
  filters: ReactNode;
  filtered: boolean;
  Icon: LucideIcon;
  empty: Said;
  noMatch: Said;
  /** The way to a first row. */
  create?: ReactNode;
  opens: Preview | ((row: Row) => void);
  onPick?: (row: Row) => void;
  sorting?: Sorting;
  onSort?: (sorting: Sorting) => void;
  height?: string;
}): JSX.Element {
  const words = useErrorText();
  const { rows, opens } = props;
  const preview = typeof opens === 'function' ? null : opens;
  const [chosen, setChosen] = useState<string | null>(null);
  const [closed, setClosed] = useState(false);
  const shown = chosen ?? (closed ? null : (preview?.begun ?? null));
  const said = props.filtered ? props.noMatch : props.empty;
  const table = (
    <DataTable
      label={props.label}
      columns={props.columns(shown !== null)}
      rows={rows}
      rowKey={props.rowKey}
      {...(props.height === undefined ? {} : { height: props.height })}
      {...(props.sorting === undefined ? {} : { sorting: props.sorting })}
      {...(props.onSort === undefined ? {} : { onSort: props.onSort })}
      {...(props.onPick === undefined ? {} : { onPick: props.onPick })}
      onOpen={(row) => {
        if (typeof opens === 'function') opens(row);
        else setChosen(props.rowKey(row));
      }}
      onActive={(row) => {
        if (shown !== null) setChosen(props.rowKey(row));
      }}
      empty={
        <EmptyState Icon={props.Icon} title={said.title} text={said.text}>
          {props.create}
        </EmptyState>
      }
    />
  );
  return (
    <>
      {rows.error !== null && <Notice tone="danger">{words(rows.error)}</Notice>}
      <div className={css.filters}>{props.filters}</div>
      {preview === null ? (
        table
      ) : (
        <SideBySide
          label={preview.label}
          preview={shown === null ? null : preview.of(shown)}
          onClose={() => {
            setChosen(null);
            setClosed(true);
            preview.onClose?.();
          }}
          list={table}
        />
      )}
    </>
  );
}
