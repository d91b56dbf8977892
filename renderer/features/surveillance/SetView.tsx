import { Button, Group, Select, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { IndicatorSetRow } from '#shared/contract/indicator-sets.ts';
import type { SkipReason } from '#shared/surveillance/indicator-set.ts';
import type { Output } from '../../api/contract.ts';
import { usePagedRows, useCommand, useQuery } from '../../api/hooks.ts';
import { formatBytes, formatDay, formatInstant, formatNumber } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { DataTable, type Column } from '../../ui/data/DataTable.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Facts, Stack } from '../../ui/Panel.tsx';
import { useFindingWords } from './finding-words.ts';
import { SafeText } from './SafeText.tsx';

type Skipped = Output<'indicatorSets.skipped'>['rows'][number];

/** One set: where it comes from, what is in it, and each entry that could not be used, with its reason. */
export function SetView({ set }: { set: IndicatorSetRow }): JSX.Element {
  const { t } = useTranslation('surveillance');
  const words = useErrorText();
  const say = useFindingWords();
  const [reason, setReason] = useState<SkipReason | null>(null);
  const [why, setWhy] = useState('');
  const use = useCommand('indicatorSets.use');
  const counts = useQuery('indicatorSets.skipped', { id: set.id, limit: 1 }).data?.counts ?? {};
  const rows = usePagedRows('indicatorSets.skipped', {
    id: set.id,
    ...(reason === null ? {} : { reasons: [reason] }),
  });
  const columns: Column<Skipped>[] = [
    {
      key: 'what',
      title: t('sets.entry'),
      width: 'minmax(140px, 1fr)',
      cell: (row) => (
        <span title={row.entry}>
          <SafeText text={row.what === '' ? row.entry : row.what} line />
        </span>
      ),
    },
    {
      key: 'reason',
      title: t('sets.reason'),
      width: 'minmax(130px, 0.8fr)',
      cell: (row) => t(`sets.skip.${row.reason}`),
    },
  ];
  return (
    <Stack>
      <h2 style={{ fontSize: 17 }}>{set.name === '' ? set.fileName : set.name}</h2>
      {use.error !== null && <Notice tone="danger">{words(use.error)}</Notice>}
      <Facts
        items={[
          [t('sets.day'), set.day === null ? t('sets.noDay') : formatDay(set.day)],
          set.version === '' ? null : [t('sets.version'), set.version],
          [t('sets.source'), set.source === '' ? t('sets.noSource') : <SafeText text={set.source} />],
          set.licence === '' ? null : [t('sets.licence'), set.licence],
          [
            t('sets.file'),
            <Link key="f" to="/evidence" search={{ open: set.evidenceId }}>
              {set.fileName}
            </Link>,
          ],
          [t('sets.size'), formatBytes(set.sizeBytes)],
          [
            t('sets.hash'),
            <span key="h" className="rg-mono">
              {set.sha256}
            </span>,
          ],
          [t('sets.added'), `${formatInstant(set.addedAt)} · ${set.addedBy}`],
          [t('sets.collections'), formatNumber(set.collections)],
          [
            t('sets.indicators'),
            Object.entries(set.byType)
              .map(([type, number]) =>
                t('sets.ofType', { type: say.kind(type as 'domains'), number: formatNumber(number) }),
              )
              .join(' · '),
          ],
          set.revoked === 0 ? null : [t('sets.revoked'), formatNumber(set.revoked)],
          set.expired === 0 ? null : [t('sets.expired'), formatNumber(set.expired)],
          set.retiredReason === '' ? null : [t('sets.retiredWhy'), set.retiredReason],
        ]}
      />
      {set.refusedFiles.map((file) => (
        <Notice key={file.name} tone="due" title={file.name}>
          {t(`sets.refused.${file.reason}`)}
        </Notice>
      ))}
      <Group gap="sm" align="flex-end">
        {set.inUse && (
          <TextInput
            style={{ flex: 1 }}
            label={t('sets.retireReason')}
            value={why}
            onChange={(event) => setWhy(event.currentTarget.value)}
          />
        )}
        <Button
          loading={use.isPending}
          onClick={() =>
            void use
              .mutateAsync({
                id: set.id,
                recordVersion: set.recordVersion,
                inUse: !set.inUse,
                reason: why,
              })
              .catch(() => undefined)
          }
        >
          {set.inUse ? t('sets.retire') : t('sets.useAgain')}
        </Button>
      </Group>
      <section aria-label={t('sets.skippedTitle')}>
        <h3 style={{ fontSize: 15, marginBottom: 6 }}>
          {t('sets.skippedCount', { number: formatNumber(set.skipped), count: set.skipped })}
        </h3>
        {set.skipped > 0 && (
          <>
            <Select
              mb="xs"
              aria-label={t('sets.reason')}
              placeholder={t('sets.allReasons')}
              clearable
              data={(Object.keys(counts) as SkipReason[]).map((one) => ({
                value: one,
                label: t('sets.ofReason', {
                  reason: t(`sets.skip.${one}`),
                  number: formatNumber(counts[one] ?? 0),
                }),
              }))}
              value={reason}
              onChange={(value) => setReason(value as SkipReason | null)}
            />
            <DataTable
              label={t('sets.skippedTitle')}
              columns={columns}
              rows={rows}
              rowKey={(row) => `${row.file}${row.entry}${row.what}`}
              height="260px"
              onOpen={() => undefined}
              empty={<p style={{ padding: 14 }}>{t('sets.noneOfReason')}</p>}
            />
          </>
        )}
      </section>
    </Stack>
  );
}
