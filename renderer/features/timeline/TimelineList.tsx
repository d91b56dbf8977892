import { useVirtualizer } from '@tanstack/react-virtual';
import { Loader } from '@mantine/core';
import { useEffect, useRef, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { TimelineEntry } from '#shared/contract/timeline.ts';
import type { CaseId } from '#shared/model/ids.ts';
import type { PagedRows } from '../../api/hooks.ts';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { EntryTitle, signOf, useEntryWords, whenParts } from './entry.tsx';
import css from './timeline.module.css';

/** Everything that happened, one below the other; only what is on screen exists. */
export function TimelineList(props: {
  label: string;
  rows: PagedRows<TimelineEntry>;
  caseId: CaseId | null;
}): JSX.Element {
  const { t } = useTranslation(['timeline', 'ui']);
  const say = useEntryWords();
  const scroll = useRef<HTMLDivElement>(null);
  const { rows } = props;
  const virtual = useVirtualizer({
    count: rows.total,
    getScrollElement: () => scroll.current,
    estimateSize: () => 72,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  const { see } = rows;
  useEffect(() => see(first, last), [see, first, last]);
  return (
    <div ref={scroll} className={css.scroll} tabIndex={0} role="region" aria-label={props.label}>
      {rows.loading && (
        <div style={{ display: 'grid', placeItems: 'center', padding: 24 }}>
          <Loader size="sm" role="status" aria-label={t('ui:loading')} />
        </div>
      )}
      <ol className={css.entries} style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const entry = rows.rowAt(item.index);
          if (entry === undefined)
            return (
              <li
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                className={css.entry}
                style={{ transform: `translateY(${String(item.start)}px)` }}
              >
                …
              </li>
            );
          const [Icon, tone] = signOf(entry);
          const [day, hour] = whenParts(entry.when);
          const code = say.code(entry);
          const state = say.state(entry);
          return (
            <li
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              className={css.entry}
              aria-setsize={rows.total}
              aria-posinset={item.index + 1}
              style={{ transform: `translateY(${String(item.start)}px)` }}
            >
              <div className={css.when}>
                <strong>{day}</strong>
                {hour}
              </div>
              <span className={css.sign} data-tone={tone}>
                <Icon size={16} aria-hidden />
              </span>
              <div>
                <div className={css.kind}>{say.kind(entry)}</div>
                <div className={css.what}>
                  <EntryTitle entry={entry} caseId={props.caseId} />
                </div>
                <div className="rg-small rg-muted">
                  {code}
                  {code !== '' && entry.person !== '' && ' · '}
                  {entry.person !== '' && <span className="rg-private">{entry.person}</span>}
                </div>
              </div>
              <div>{state !== '' && <StatusTag>{state}</StatusTag>}</div>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
