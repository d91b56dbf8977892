import { SegmentedControl } from '@mantine/core';
import { ListTree } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { useQuery } from '../../api/hooks.ts';
import { formatInstant } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Panel, Row, Rows } from '../../ui/Panel.tsx';

const WHAT = ['all', 'opened', 'exported', 'changed'] as const;
const SHOWN = 100;

/** What one person opened, let out and changed through the application. */
export function ActivityList({ slotId }: { slotId: string }): JSX.Element {
  const { t } = useTranslation('keys');
  const words = useErrorText();
  const [what, setWhat] = useState<(typeof WHAT)[number]>('all');
  const query = useQuery('activity.ofPerson', { slotId, what, offset: 0, limit: SHOWN }, { keep: true });
  const rows = query.data?.rows ?? [];
  return (
    <Panel
      title={t('activity.title')}
      Icon={ListTree}
      flush
      extra={
        <SegmentedControl
          size="xs"
          aria-label={t('activity.title')}
          value={what}
          data={WHAT.map((one) => ({ value: one, label: t(`activity.${one}`) }))}
          onChange={(one) => setWhat(one as (typeof WHAT)[number])}
        />
      }
    >
      {query.error !== null && <Notice tone="danger">{words(query.error)}</Notice>}
      {rows.length === 0 ? (
        <p className="rg-muted" style={{ padding: 'var(--rg-pad)' }}>
          {t('activity.nothing')}
        </p>
      ) : (
        <Rows>
          {rows.map((row) => (
            <Row
              key={`${String(row.position)}${row.id}`}
              title={
                <span className="rg-private">{row.title === '' ? t('activity.untitled') : row.title}</span>
              }
              note={[
                t(`activity.did.${row.what}`),
                row.caseCode,
                row.count > 1 ? `× ${String(row.count)}` : null,
              ]
                .filter((part) => part !== null)
                .join(' · ')}
              end={<time dateTime={row.at}>{formatInstant(row.at)}</time>}
            />
          ))}
        </Rows>
      )}
      {(query.data?.total ?? 0) > SHOWN && (
        <p className="rg-small rg-muted" style={{ padding: 'var(--rg-pad)' }}>
          {t('activity.more', { shown: SHOWN, total: query.data?.total ?? 0 })}
        </p>
      )}
      <p className="rg-small rg-muted" style={{ padding: 'var(--rg-pad)' }}>
        {t('activity.honest')}
      </p>
    </Panel>
  );
}
