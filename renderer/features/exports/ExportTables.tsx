import { Button } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { BookOpenCheck, PackageCheck } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '../../api/contract.ts';
import type { CaseId } from '#shared/model/ids.ts';
import { useQuery } from '../../api/hooks.ts';
import { formatInstant, formatSince, shortHash } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Panel, Row, Rows, Stack } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import type { Tone } from '../../ui/tones.ts';

type State = Output<'exports.list'>['rows'][number]['state'];
const TONES: Readonly<Record<State, Tone>> = {
  deciding: 'due',
  checked: 'primary',
  blocked: 'danger',
  released: 'verified',
};

/** Exports under way, and the ledger of what left. */
export function ExportTables({ caseId }: { caseId?: CaseId }): JSX.Element {
  const { t } = useTranslation('exports');
  const { term } = useTerms();
  const words = useErrorText();
  const navigate = useNavigate();
  const filter = caseId === undefined ? {} : { caseId };
  const list = useQuery('exports.list', filter);
  const ledger = useQuery('exports.ledger', filter);
  const error = list.error ?? ledger.error;
  const rows = (list.data?.rows ?? []).filter((row) => row.state !== 'released');
  return (
    <Stack>
      {error !== null && <Notice tone="danger">{words(error)}</Notice>}
      <Panel title={t('underWay')} Icon={PackageCheck} extra={rows.length} flush>
        {rows.length === 0 ? (
          <EmptyState Icon={PackageCheck} title={t('noneUnderWay')} text={t('noneUnderWayText')}>
            <Button variant="filled" onClick={() => void navigate({ to: '/exports/new', search: filter })}>
              {t('prepare')}
            </Button>
          </EmptyState>
        ) : (
          <Rows>
            {rows.map((row) => (
              <Row
                key={row.id}
                title={
                  <Link to="/exports/$exportId" params={{ exportId: row.id }}>
                    {term('profile', row.profile)}
                  </Link>
                }
                note={t('rowNote', {
                  code: row.caseCode,
                  recipient: row.recipient,
                  when: formatSince(row.updatedAt),
                })}
                end={
                  <>
                    <StatusTag tone={TONES[row.state]}>{t(`state.${row.state}`)}</StatusTag>
                    <Button
                      onClick={() =>
                        void navigate({ to: '/exports/$exportId', params: { exportId: row.id } })
                      }
                    >
                      {t('goOn')}
                    </Button>
                  </>
                }
              />
            ))}
          </Rows>
        )}
      </Panel>
      <Panel title={t('ledger')} Icon={BookOpenCheck} extra={ledger.data?.rows.length ?? 0} flush>
        {ledger.data?.rows.length === 0 && (
          <p style={{ padding: 14 }} className="rg-muted">
            {t('ledgerEmpty')}
          </p>
        )}
        <Rows>
          {(ledger.data?.rows ?? []).map((row) => (
            <Row
              key={row.id}
              title={
                <Link to="/exports/$exportId" params={{ exportId: row.exportId }}>
                  {row.recipient}
                </Link>
              }
              note={
                <>
                  {t('ledgerNote', {
                    code: row.caseCode,
                    purpose: row.purpose === '' ? term('profile', row.profile) : row.purpose,
                    persons: t('ledgerPersons', { count: row.persons }),
                    annexes: t('ledgerAnnexes', { count: row.annexes }),
                  })}{' '}
                  · <span className="rg-private">{row.preparedBy}</span> ·{' '}
                  <span className="rg-mono" style={{ whiteSpace: 'nowrap' }}>
                    {shortHash(row.manifestSha256)}
                  </span>
                </>
              }
              end={
                <>
                  {row.leftOut > 0 && (
                    <StatusTag tone="due">{t('altered.without', { count: row.leftOut })}</StatusTag>
                  )}
                  {row.emergency && <StatusTag tone="due">{t('emergency')}</StatusTag>}
                  {row.encrypted && <StatusTag tone="primary">{t('encrypted')}</StatusTag>}
                  <time dateTime={row.releasedAt}>{formatInstant(row.releasedAt)}</time>
                </>
              }
            />
          ))}
        </Rows>
      </Panel>
    </Stack>
  );
}
