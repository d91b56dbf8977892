import { Button, Group } from '@mantine/core';
import { ChartNoAxesGantt, Table2 } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { TimelineEntry, TimelineKind } from '#shared/contract/timeline.ts';
import type { CaseId } from '#shared/model/ids.ts';
import type { DeviceId } from '#shared/model/surveillance-ids.ts';
import { usePagedRows, useQuery } from '../../api/hooks.ts';
import { Panel } from '../../ui/Panel.tsx';
import { isFaint, timeOf } from './entry.tsx';
import { LanePlot, type Lane } from './LanePlot.tsx';
import type { Mark } from '#shared/rules/timeline-lanes.ts';
import { TimelineExport } from './TimelineExport.tsx';
import { TimelineList } from './TimelineList.tsx';

const DRAWN: readonly TimelineKind[] = [
  'message',
  'notification',
  'finding',
  'custody',
  'reception',
  'return',
];

/** What happened on and around one device, beside the attacks of its case. */
export function DeviceLanes(props: { deviceId: DeviceId; caseId: CaseId | null }): JSX.Element | null {
  const { t } = useTranslation('timeline');
  const [asTable, setAsTable] = useState(false);
  const own = useQuery('timeline.ofDevice', {
    deviceId: props.deviceId,
    kinds: [...DRAWN],
    limit: 500,
  });
  const attacks = useQuery(
    'timeline.ofCase',
    { caseId: props.caseId as CaseId, kinds: ['incident'], limit: 500 },
    { enabled: props.caseId !== null },
  );
  const table = usePagedRows('timeline.ofDevice', { deviceId: props.deviceId });
  const marks = (rows: readonly TimelineEntry[], kinds: readonly TimelineKind[]): Mark[] =>
    rows.flatMap((entry) => {
      const atMs = kinds.includes(entry.kind) ? timeOf(entry) : null;
      return atMs === null
        ? []
        : [
            {
              key: `${entry.kind}${entry.id}${entry.whenKey}`,
              atMs,
              title: entry.title,
              faint: isFaint(entry),
            },
          ];
    });
  const rows = own.data?.rows ?? [];
  const lanes: Lane[] = [
    {
      key: 'messages',
      label: t('lane.messages'),
      tone: 'digital',
      shape: 'disc',
      marks: marks(rows, ['message', 'notification']),
    },
    {
      key: 'findings',
      label: t('lane.findings'),
      tone: 'digital',
      shape: 'square',
      marks: marks(rows, ['finding']),
    },
    {
      key: 'attacks',
      label: t('lane.attacks'),
      tone: 'danger',
      shape: 'diamond',
      marks: marks(attacks.data?.rows ?? [], ['incident']),
    },
    {
      key: 'custody',
      label: t('lane.custody'),
      tone: 'primary',
      shape: 'ring',
      marks: marks(rows, ['custody', 'reception', 'return']),
    },
  ];
  if (table.total === 0) return null;
  return (
    <Panel
      title={t('ofDevice')}
      Icon={ChartNoAxesGantt}
      flush={asTable}
      extra={
        <Group gap="xs">
          <TimelineExport compact of={{ view: 'device', deviceId: props.deviceId }} />
          <Button
            size="compact-sm"
            leftSection={<Table2 size={15} />}
            aria-pressed={asTable}
            onClick={() => setAsTable(!asTable)}
          >
            {t(asTable ? 'asLanes' : 'asTable')}
          </Button>
        </Group>
      }
    >
      {asTable ? (
        <TimelineList label={t('ofDevice')} rows={table} caseId={props.caseId} />
      ) : (
        <LanePlot label={t('ofDevice')} lanes={lanes} onPick={() => setAsTable(true)} />
      )}
    </Panel>
  );
}
