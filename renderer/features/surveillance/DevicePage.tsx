import { Button, Loader } from '@mantine/core';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { FileSearch, IdCard, LockKeyhole, Microscope, Pencil, Plus, ShieldAlert } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceId } from '#shared/model/surveillance-ids.ts';
import { useQuery } from '../../api/hooks.ts';
import { isFormOf } from '../../lib/draft-kinds.ts';
import { formatInstant, formatPartialDate } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { DraftTrouble } from '../../ui/DraftTrouble.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Columns, Facts, Panel, Row, Rows } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { usePeople } from '../incidents/use-people.ts';
import { DeviceLanes } from '../timeline/DeviceLanes.tsx';
import { StrayDraft } from '../today/StrayDraft.tsx';
import { HitCaution, NoTraces } from './Cautions.tsx';
import { CustodyPanel } from './CustodyPanel.tsx';
import { PersonCard } from './PersonCard.tsx';
import { ReceptionPanel } from './ReceptionPanel.tsx';
import { SummaryButton } from './SummaryButton.tsx';
import { deviceName, isHit, OUTCOME_TONES } from './tones.ts';
import { useReceptionDraft } from './use-reception-draft.ts';
import { useExaminationName } from './use-examination-name.ts';

/** One device: where it is, what was done with it, what was seen on it and what that means. */
export function DevicePage(): JSX.Element {
  const { t } = useTranslation(['surveillance', 'ui']);
  const { term } = useTerms();
  const examinationName = useExaminationName();
  const words = useErrorText();
  const navigate = useNavigate();
  const { deviceId } = useParams({ strict: false }) as { deviceId: DeviceId };
  const query = useQuery('devices.get', { id: deviceId });
  const done = useQuery('examinations.list', { deviceId, limit: 100 });
  const people = usePeople(query.data?.caseId ?? null);
  const device = query.data;
  const open = device?.receptions.find((one) => one.returned === null);
  const returned = useReceptionDraft(deviceId, open?.id ?? null);
  if (!device)
    return query.error ? (
      <Notice tone="danger">{words(query.error)}</Notice>
    ) : (
      <Loader role="status" aria-label={t('ui:loading')} />
    );
  const examinations = done.data?.rows ?? [];
  const reception = open ?? device.receptions.at(-1);
  const received = open !== undefined;
  const nameOf = (id: string | null, other: string): string =>
    id === null ? other : (people.find((person) => person.id === id)?.label ?? other);
  const name = deviceName(device, term('deviceKind', device.kind));
  const hit = examinations.some((one) => isHit(one.outcome));
  const onlyPending = examinations.length > 0 && examinations.every((one) => one.basis === 'pending');
  const matched = examinations.some((one) => one.outcome === 'noSignsSoFar');
  const examine = (
    <Button
      variant="filled"
      leftSection={<Plus size={17} />}
      onClick={() => void navigate({ to: '/surveillance/devices/$deviceId/examine', params: { deviceId } })}
    >
      {t('examination.new')}
    </Button>
  );
  return (
    <>
      <PageHeader
        crumbs={
          <>
            <Link to="/surveillance">{t('list')}</Link> ›{' '}
            <Link to="/surveillance" search={{ tab: 'devices' }}>
              {t('tab.devices')}
            </Link>
          </>
        }
        title={name}
        tags={
          <>
            {device.owner !== '' && (
              <StatusTag>
                <span className="rg-private">{device.owner}</span>
              </StatusTag>
            )}
            <StatusTag tone={received ? 'primary' : 'neutral'}>
              {received ? t('device.withUs') : term('deviceState', device.state)}
            </StatusTag>
            {device.caseCode !== null && <StatusTag>{device.caseCode}</StatusTag>}
            {onlyPending && (
              <StatusTag tone="due" Icon={LockKeyhole}>
                {t('pending.tag')}
              </StatusTag>
            )}
          </>
        }
        actions={
          <>
            <PersonCard caseId={device.caseId} />
            <SummaryButton caseId={device.caseId} pending={onlyPending || examinations.length === 0} />
            <Button
              leftSection={<Pencil size={17} />}
              onClick={() =>
                void navigate({ to: '/surveillance/devices/$deviceId/edit', params: { deviceId } })
              }
            >
              {t('device.editShort')}
            </Button>
            {examine}
          </>
        }
      />
      <DraftTrouble of={returned} />
      {returned.stray !== null && (
        <StrayDraft draft={returned.stray} onGone={returned.forget}>
          {t(isFormOf(returned.stray.form, 'return') ? 'return.draftOfEarlier' : 'custody.draftOfEarlier')}
        </StrayDraft>
      )}
      <Columns
        main={
          <>
            <DeviceLanes deviceId={deviceId} caseId={device.caseId} />
            <Panel title={t('examinations')} Icon={Microscope} extra={examinations.length} flush>
              {done.error !== null && <Notice tone="danger">{words(done.error)}</Notice>}
              {examinations.length === 0 ? (
                <EmptyState Icon={Microscope} title={t('examination.none')} text={t('examination.noneText')}>
                  {examine}
                </EmptyState>
              ) : (
                <Rows label={t('examinations')}>
                  {examinations.map((one) => (
                    <Row
                      key={one.id}
                      lead={<FileSearch size={19} aria-hidden />}
                      title={
                        <Link
                          to="/surveillance/examinations/$examinationId"
                          params={{ examinationId: one.id }}
                        >
                          {examinationName(one)}
                        </Link>
                      }
                      note={[
                        term('examinationBasis', one.basis),
                        one.startedAt === null ? t('examination.notStarted') : formatInstant(one.startedAt),
                      ].join(' · ')}
                      end={
                        <>
                          <StatusTag tone={OUTCOME_TONES[one.outcome]}>
                            {t(`outcome.${one.outcome}`)}
                          </StatusTag>
                          {one.counts.toReview > 0 && (
                            <span>{t('findingsToReview', { count: one.counts.toReview })}</span>
                          )}
                        </>
                      }
                    />
                  ))}
                </Rows>
              )}
            </Panel>
            {!hit && !onlyPending && examinations.length > 0 && <NoTraces checked={matched} />}
            <CustodyPanel
              deviceId={deviceId}
              device={name}
              custody={device.custody}
              gaps={device.custodyGaps}
              receptionId={open?.id ?? null}
              draft={returned.of('custody')}
              onDraftDone={returned.forget}
            />
          </>
        }
        side={
          <>
            {hit && <HitCaution />}
            {reception && (
              <ReceptionPanel
                reception={reception}
                device={name}
                caseId={device.caseId}
                nameOf={nameOf}
                draft={returned.of('return')}
                onDraftDone={returned.forget}
              />
            )}
            <Panel title={t('device.facts')} Icon={IdCard}>
              <Facts
                items={[
                  [t('device.kind'), term('deviceKind', device.kind)],
                  device.since.kind === 'unknown'
                    ? null
                    : [t('device.since'), formatPartialDate(device.since)],
                  [t('device.stillInUse'), t(`answer.${device.stillInUse}`)],
                  device.sharedWith === ''
                    ? null
                    : [
                        t('device.sharedWith'),
                        <span key="s" className="rg-private">
                          {device.sharedWith}
                        </span>,
                      ],
                  ...device.identifiers.map(
                    (one) =>
                      [
                        term('deviceIdentifier', one.kind),
                        <span key={one.value} className="rg-private rg-num">
                          {one.value}
                        </span>,
                      ] as const,
                  ),
                ]}
              />
              {device.note !== '' && (
                <p className="rg-private" style={{ marginTop: 8, whiteSpace: 'pre-wrap' }}>
                  {device.note}
                </p>
              )}
            </Panel>
            <Panel title={t('meaning.title')} Icon={ShieldAlert}>
              <p className="rg-muted">{t('meaning.text')}</p>
            </Panel>
          </>
        }
      />
    </>
  );
}
