import { Button, Group, MultiSelect } from '@mantine/core';
import { Paperclip, Upload } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { EvidenceRow } from '#shared/contract/evidence.ts';
import type { CaseId, EvidenceId } from '#shared/model/ids.ts';
import { EVIDENCE_KINDS } from '#shared/model/vocabularies.ts';
import { usePagedRows } from '../../api/hooks.ts';
import { formatBytes, formatSince, shortHash } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { DataTable, type Column } from '../../ui/data/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { SideBySide } from '../../ui/SideBySide.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { EvidenceView } from './EvidenceView.tsx';
import { IntakePanel } from './IntakePanel.tsx';
import { Thumbnail } from './Thumbnail.tsx';

type Kind = EvidenceRow['kind'];

/** Evidence with a viewer beside it; of everything or of one case. */
export function EvidenceTable({ caseId, open }: { caseId?: CaseId; open?: EvidenceId }): JSX.Element {
  const { t } = useTranslation('evidence');
  const { term, options } = useTerms();
  const words = useErrorText();
  const [shown, setShown] = useState<EvidenceId | null>(open ?? null);
  const [kinds, setKinds] = useState<Kind[]>([]);
  const [adding, setAdding] = useState(false);
  const rows = usePagedRows('evidence.list', {
    ...(caseId === undefined ? {} : { caseId }),
    ...(kinds.length === 0 ? {} : { kinds }),
  });
  const narrow = shown !== null;
  const columns: Column<EvidenceRow>[] = [
    { key: 'picture', title: '', width: '46px', cell: (row) => <Thumbnail row={row} /> },
    {
      key: 'title',
      title: t('item'),
      width: 'minmax(170px, 1fr)',
      cell: (row) => (
        <>
          <strong className="rg-private">{row.title}</strong>
          {row.restricted && <StatusTag tone="digital">{t('restricted')}</StatusTag>}
        </>
      ),
    },
    ...(narrow
      ? []
      : [
          {
            key: 'kind',
            title: t('kind'),
            width: '160px',
            cell: (row: EvidenceRow) => term('evidence', row.kind),
          },
          ...(caseId === undefined
            ? [
                {
                  key: 'case',
                  title: t('case'),
                  width: '120px',
                  cell: (row: EvidenceRow) => row.caseCode ?? '',
                },
              ]
            : []),
          {
            key: 'hash',
            title: t('hash'),
            width: '92px',
            cell: (row: EvidenceRow) => <span className="rg-mono">{shortHash(row.sha256)}</span>,
          },
        ]),
    { key: 'size', title: t('size'), width: '82px', align: 'end', cell: (row) => formatBytes(row.sizeBytes) },
    { key: 'received', title: t('received'), width: '118px', cell: (row) => formatSince(row.receivedAt) },
  ];
  return (
    <>
      {rows.error !== null && <Notice tone="danger">{words(rows.error)}</Notice>}
      <Group mb="sm" gap="sm">
        <MultiSelect
          w={300}
          aria-label={t('kind')}
          placeholder={kinds.length === 0 ? t('kind') : ''}
          searchable
          clearable
          data={options('evidence', EVIDENCE_KINDS)}
          value={kinds}
          onChange={(value) => setKinds(value as Kind[])}
        />
        <Button
          ml="auto"
          variant={adding ? 'default' : 'filled'}
          leftSection={<Upload size={17} />}
          aria-expanded={adding}
          onClick={() => setAdding(!adding)}
        >
          {t('addFiles')}
        </Button>
      </Group>
      {adding && (
        <div style={{ marginBottom: 12 }}>
          <IntakePanel caseId={caseId ?? null} incidentId={null} taken={[]} />
        </div>
      )}
      <SideBySide
        label={t('viewer')}
        onClose={() => setShown(null)}
        preview={shown === null ? null : <EvidenceView key={shown} id={shown} />}
        list={
          <DataTable
            label={t('list')}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.id}
            onOpen={(row) => setShown(row.id)}
            onActive={(row) => {
              if (shown !== null) setShown(row.id);
            }}
            empty={<EmptyState Icon={Paperclip} title={t('empty')} text={t('emptyText')} />}
          />
        }
      />
    </>
  );
}
