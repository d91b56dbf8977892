import { Link } from '@tanstack/react-router';
import { EyeOff, Inbox } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { DataRequestRow } from '#shared/contract/erasure.ts';
import { useQuery } from '../../api/hooks.ts';
import { formatDay, formatInstant } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Columns, Panel, Row, Rows } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';

const TONE = { restricted: 'due', blocked: 'care', erased: 'neutral' } as const;

/** The next day that runs out of one request, and whether it is past. */
const nextOf = (request: DataRequestRow) =>
  request.clocks.find(
    (clock) => clock.doneDay === null && clock.strictDay !== null && clock.step !== 'complain',
  );

/**
 * Who asked about her data, and whose data is held back. Blocked people stand in no other list: this is the way back to
 * them, to release or to erase.
 */
export function RequestsPage(): JSX.Element {
  const { t } = useTranslation('safeguard');
  const words = useErrorText();
  const session = useQuery('vault.status', {}).data;
  const keys = session?.actor?.powers.includes('keys') ?? false;
  const requests = useQuery('dataRequests.list', {});
  const held = useQuery('erasure.held', {}, { enabled: keys });
  const open = requests.data?.rows.filter((one) => one.state !== 'closed') ?? [];
  const heldBack = held.data?.rows.filter((one) => one.hold !== 'none') ?? [];
  const error = requests.error ?? held.error;
  return (
    <>
      <PageHeader title={t('requests.title')} crumbs={<Link to="/settings">{t('crumb')}</Link>} />
      {error !== null && <Notice tone="danger">{words(error)}</Notice>}
      <Columns
        even
        main={
          <Panel title={t('requests.open')} Icon={Inbox} extra={open.length} flush>
            {open.length === 0 ? (
              <EmptyState Icon={Inbox} title={t('requests.none')} text={t('requests.noneText')} />
            ) : (
              <Rows label={t('requests.open')}>
                {open.map((one) => {
                  const next = nextOf(one);
                  return (
                    <Row
                      key={one.id}
                      title={
                        <Link
                          to="/people/$personId/data"
                          params={{ personId: one.personId }}
                          className="rg-private"
                        >
                          {one.person}
                        </Link>
                      }
                      note={`${one.kinds.map((kind) => t(`request.kind.${kind}`)).join(', ')} · ${t('requests.came', { day: formatDay(one.receivedOn) })}`}
                      end={
                        next?.strictDay != null && (
                          <StatusTag tone={next.lateDays > 0 ? 'danger' : 'due'}>
                            {t(`request.step.${next.step}`)}: {formatDay(next.strictDay)}
                          </StatusTag>
                        )
                      }
                    />
                  );
                })}
              </Rows>
            )}
          </Panel>
        }
        side={
          keys ? (
            <Panel title={t('requests.held')} Icon={EyeOff} extra={heldBack.length} flush>
              {heldBack.length === 0 ? (
                <EmptyState Icon={EyeOff} title={t('requests.noHeld')} text={t('requests.noHeldText')} />
              ) : (
                <Rows label={t('requests.held')}>
                  {heldBack.map((one) => (
                    <Row
                      key={one.personId}
                      title={
                        <Link
                          to="/people/$personId/data"
                          params={{ personId: one.personId }}
                          className="rg-private"
                        >
                          {one.person}
                        </Link>
                      }
                      note={t('requests.since', { when: formatInstant(one.since, false) })}
                      end={
                        <StatusTag tone={one.hold === 'none' ? 'neutral' : TONE[one.hold]}>
                          {t(`requests.hold.${one.hold}`)}
                        </StatusTag>
                      }
                    />
                  ))}
                </Rows>
              )}
            </Panel>
          ) : (
            <Notice tone="neutral">{t('requests.coordination')}</Notice>
          )
        }
      />
    </>
  );
}
