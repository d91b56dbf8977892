import { Link } from '@tanstack/react-router';
import { ListTree } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import {
  heldResults,
  isOwnList,
  ownFileCounts,
  severalResults,
  type ImportReport as Report,
} from '#shared/contract/imports.ts';
import { formatBytes, formatDay, formatNumber, shortHash } from '../../lib/format.ts';
import { DataTable, type Column } from '../../ui/data/DataTable.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Facts, Panel, Stack } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';

type File = Report['files'][number];

/** What they hold is about the examination itself: a number beside them would be taken for records of the phone. */
const ABOUT_THE_EXAMINATION: readonly File['kind'][] = [
  'info',
  'log',
  'hashes',
  'acquisition',
  'properties',
  'settings',
  'manifest',
  'other',
];

/** What was read of one file. Results of which no byte was written are told as empty: they were not compared. */
export function FileReading({ file }: { file: Pick<File, 'kind' | 'status' | 'reason'> }): JSX.Element {
  const { t } = useTranslation('imports');
  const { kind, status, reason } = file;
  if (reason === 'empty' && !ABOUT_THE_EXAMINATION.includes(kind))
    return <StatusTag tone="due">{t('used.empty')}</StatusTag>;
  return (
    <span title={reason === null ? undefined : t(`reason.${reason}`)}>
      <StatusTag tone={status === 'read' ? 'neutral' : 'due'}>{t(`used.${status}`)}</StatusTag>{' '}
      {reason !== null && <span className="rg-muted">{t(`reason.${reason}`)}</span>}
    </span>
  );
}

/** What an import looked at. It says what was read, never that a device is free of anything. */
export function ImportReport({ report }: { report: Report }): JSX.Element {
  const { t } = useTranslation('imports');
  const columns: Column<File>[] = [
    {
      key: 'path',
      title: t('file'),
      width: 'minmax(150px, 1.2fr)',
      wrap: true,
      cell: (row) => (
        <span className="rg-mono rg-private" style={{ overflowWrap: 'anywhere' }} title={row.path}>
          {row.path}
        </span>
      ),
    },
    {
      key: 'kind',
      title: t('is'),
      width: 'minmax(140px, 0.9fr)',
      wrap: true,
      cell: (row) => <span>{t(`fileKind.${row.kind}`)}</span>,
    },
    {
      key: 'state',
      title: t('state'),
      width: 'minmax(160px, 1fr)',
      wrap: true,
      cell: (row) => <FileReading file={row} />,
    },
    {
      key: 'records',
      title: t('records'),
      width: '80px',
      align: 'end',
      cell: (row) => (ABOUT_THE_EXAMINATION.includes(row.kind) ? '–' : formatNumber(row.records)),
    },
  ];
  const fileCounts = ownFileCounts(report);
  const files = report.files.filter((file) => !isOwnList(file));
  const held = heldResults(report);
  const several = severalResults(report);
  const evidence = (
    <Link to="/evidence" search={{ open: report.evidenceId }}>
      {t('toEvidence')}
    </Link>
  );
  return (
    <Panel title={t('report')} Icon={ListTree}>
      <Stack>
        <div role="status">
          {report.preservedOnly ? (
            <Notice tone="due" title={t('preserved')}>
              {t('preservedText')}
            </Notice>
          ) : held ? (
            <p>
              {t('sentence', {
                read: t('recordsRead', { records: formatNumber(report.records), count: report.records }),
                stored: formatNumber(report.findings.stored),
                count: report.findings.stored,
              })}
              {/* "0 to review" of a copy would be taken for all that there is to review. */}
              {report.findings.known > 0 &&
                ` ${t('stillThere', { known: formatNumber(report.findings.known), count: report.findings.known })}`}
            </p>
          ) : report.recognised ? (
            <Notice tone="due" title={t('nothing')}>
              {t('emptyText')}
            </Notice>
          ) : (
            <Notice tone="due" title={t('nothing')}>
              {t('nothingText')} {evidence}
            </Notice>
          )}
        </div>
        {held && report.unread > 0 && (
          <Notice tone="due" title={t('unread', { count: report.unread })}>
            {t('unreadText')}
          </Notice>
        )}
        {/* "0 findings" after no comparison would be taken for good news. */}
        {held && !report.preservedOnly && report.sets.length === 0 && (
          <Notice tone="due" title={t('noSets')}>
            {t('noSetsText')}{' '}
            <Link to="/surveillance" search={{ tab: 'sets' }}>
              {t('toSets')}
            </Link>
          </Notice>
        )}
        {several.platforms > 1 ? (
          <Notice tone="danger" title={t('twoPhones')}>
            {t('twoPhonesText')} {evidence}
          </Notice>
        ) : (
          several.folders.length > 0 && (
            <Notice tone="due" title={t('several', { count: several.folders.length })}>
              {t('severalText')} {evidence}
            </Notice>
          )
        )}
        {report.sameAs !== null && <Notice tone="due">{t('sameAs')}</Notice>}
        {report.files.some((file) => file.timeline !== null) && (
          <p className="rg-muted">{t('timelineRows')}</p>
        )}
      </Stack>
      <div style={{ margin: '10px 0' }}>
        <Facts
          items={[
            [
              t('kept'),
              <span key="k">
                {t(`container.${report.container}`)} · {formatBytes(report.sizeBytes)} ·{' '}
                <span className="rg-mono">{shortHash(report.sha256)}</span>
              </span>,
            ],
            report.preservedOnly || !held
              ? null
              : [
                  t('findings'),
                  t('findingsOf', {
                    byTool: formatNumber(report.findings.byTool),
                    fresh: formatNumber(report.findings.newSinceTool),
                    known: formatNumber(report.findings.known),
                  }),
                ],
            report.sets.length === 0 || !held
              ? null
              : [
                  t('sets'),
                  report.sets
                    .map((set) => (set.day === null ? set.name : `${set.name}, ${formatDay(set.day)}`))
                    .join(' · '),
                ],
            report.preservedOnly
              ? null
              : [
                  t('files'),
                  t('fileCounts', {
                    read: formatNumber(fileCounts.read),
                    partly: formatNumber(fileCounts.partly),
                    notRead: formatNumber(fileCounts.notRead),
                  }),
                ],
            report.shortened === 0 ? null : [t('shortened'), t('shortenedText', { count: report.shortened })],
            report.leftOut === 0 ? null : [t('leftOut'), t('leftOutText', { count: report.leftOut })],
            ...report.infos.map(
              (info) =>
                [
                  info.path,
                  <StatusTag key={info.path} tone={info.agreement === 'differs' ? 'danger' : 'neutral'}>
                    {t(`info.${info.agreement}`)}
                  </StatusTag>,
                ] as const,
            ),
          ]}
        />
      </div>
      {files.length > 0 && (
        <DataTable
          label={t('files')}
          columns={columns}
          rows={{
            total: files.length,
            loading: false,
            rowAt: (index) => files[index],
            see: () => undefined,
          }}
          rowKey={(row) => row.path}
          height="300px"
          onOpen={() => undefined}
          total={t('filesTotal', { count: files.length })}
          empty={null}
        />
      )}
    </Panel>
  );
}
