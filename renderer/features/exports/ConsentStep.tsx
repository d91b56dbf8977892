import { Button, Modal, SegmentedControl } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { EyeOff, ShieldCheck } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConsentFinding, ExportView } from '#shared/contract/exports.ts';
import { useCommand } from '../../api/hooks.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Panel, Row, Rows, Stack } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import type { Tone } from '../../ui/tones.ts';
import { ConsentForm } from '../consents/ConsentForm.tsx';
import { isWaiting } from './open-step.ts';

const TONES: Readonly<Record<ConsentFinding['result'], Tone>> = {
  allowed: 'verified',
  allowedByImpediment: 'due',
  pseudonymOnly: 'primary',
  excluded: 'neutral',
  blocked: 'danger',
  missing: 'due',
};
/** A consent that ran out or data that is held was refused by nobody. */
const tagOf = ({ result, because }: ConsentFinding) =>
  result === 'blocked' && (because === 'expired' || because === 'held')
    ? ({ tone: 'due', key: because } as const)
    : ({ tone: TONES[result], key: result } as const);
const TREATMENTS = ['name', 'pseudonym', 'withhold'] as const;

/** Person by person: what she consented to, and how she appears here. */
export function ConsentStep({ view, onNext }: { view: ExportView; onNext: () => void }): JSX.Element {
  const { t } = useTranslation(['exports', 'ui']);
  const words = useErrorText();
  const treat = useCommand('exports.treatPerson');
  const [asking, setAsking] = useState<ConsentFinding | null>(null);
  const take = useCommand('exports.takeIncident');
  const stuck = view.consents.filter(isWaiting).length;
  return (
    <Stack>
      {take.error !== null && <Notice tone="danger">{words(take.error)}</Notice>}
      {treat.error !== null && <Notice tone="danger">{words(treat.error)}</Notice>}
      {stuck > 0 && (
        <Notice tone="due" title={t('consentStuck', { count: stuck })}>
          {t('consentStuckText')}
        </Notice>
      )}
      {view.consents.length === 0 && (
        <Notice tone="due" title={t('nobody')}>
          <p>{t('nobodyText')}</p>
          <Link to="/people/new" search={{ caseId: view.caseId }}>
            {t('nobodyAdd')}
          </Link>
        </Notice>
      )}
      <Panel title={t('step.consent')} Icon={ShieldCheck} extra={view.consents.length} flush>
        <Rows>
          {view.consents.map((one) => (
            <Row
              key={one.personId}
              title={
                <Link to="/people/$personId" params={{ personId: one.personId }}>
                  <span className="rg-private">{one.name}</span>
                </Link>
              }
              note={t(`because.${one.because}`)}
              end={
                <>
                  <StatusTag tone={tagOf(one).tone}>{t(`result.${tagOf(one).key}`)}</StatusTag>
                  {(one.result === 'missing' || one.result === 'blocked') && (
                    <Button onClick={() => setAsking(one)}>{t('record')}</Button>
                  )}
                  <SegmentedControl
                    size="xs"
                    aria-label={t('treatPerson', { name: one.name })}
                    disabled={treat.isPending}
                    // A consent taken back needs somebody's choice, so nothing is marked as chosen yet.
                    value={one.result === 'blocked' && !one.chosen ? '' : one.treatment}
                    onChange={(value) =>
                      treat.mutate({
                        id: view.id,
                        personId: one.personId,
                        treatment: value as ConsentFinding['treatment'],
                      })
                    }
                    data={TREATMENTS.map((value) => ({ value, label: t(`treat.${value}`) }))}
                  />
                </>
              }
            />
          ))}
        </Rows>
      </Panel>
      {view.verySensitive.length > 0 && (
        <Panel title={t('sensitiveTitle')} Icon={EyeOff} extra={view.verySensitive.length} flush>
          <Rows>
            {view.verySensitive.map((one) => (
              <Row
                key={one.incidentId}
                title={<span className="rg-private">{one.title}</span>}
                note={t(one.included ? 'sensitiveIncluded' : 'sensitiveLeftOut')}
                end={
                  <Button
                    aria-pressed={one.included}
                    disabled={take.isPending}
                    onClick={() =>
                      take.mutate({ id: view.id, incidentId: one.incidentId, included: !one.included })
                    }
                  >
                    {t(one.included ? 'sensitiveRemove' : 'sensitiveTake')}
                  </Button>
                }
              />
            ))}
          </Rows>
        </Panel>
      )}
      <div>
        <Button variant="filled" onClick={onNext}>
          {t('toRedaction')}
        </Button>
      </div>
      <Modal
        opened={asking !== null}
        onClose={() => setAsking(null)}
        size={640}
        title={
          asking && (
            <span>
              {t('record')} · <span className="rg-private">{asking.name}</span>
            </span>
          )
        }
        closeButtonProps={{ 'aria-label': t('ui:close') }}
      >
        {asking && (
          <ConsentForm
            caseId={view.caseId}
            personId={asking.personId}
            name={asking.name}
            minor={asking.because === 'minor'}
            kind="individual"
            onDone={() => setAsking(null)}
          />
        )}
      </Modal>
    </Stack>
  );
}
