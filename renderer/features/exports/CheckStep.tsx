import { Button, SegmentedControl } from '@mantine/core';
import { Fingerprint, ListChecks, ScanSearch } from 'lucide-react';
import { useEffect, useRef, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportView } from '#shared/contract/exports.ts';
import type { LeakHit } from '#shared/contract/leak-report.ts';
import { useCommand, useTask } from '../../api/hooks.ts';
import { formatBytes, formatInstant, formatNumber } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Panel, Stack } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { stopping } from './is-stopped.ts';
import css from './exports.module.css';
import { placeWords } from './place-words.ts';
import { bringIntoView } from '../../lib/bring-into-view.ts';

export type Form = 'filing' | 'package';

const isOpen = (hit: LeakHit): boolean => hit.verdict === null;

/** Searches the finished files; every hit is judged, and what remains is put before a human eye. */
export function CheckStep(props: {
  view: ExportView;
  form: Form;
  onForm: (form: Form) => void;
  onNext: () => void;
}): JSX.Element {
  const { t } = useTranslation('exports');
  const words = useErrorText();
  const check = useTask('exports.check');
  const judge = useCommand('exports.adjudicate');
  const confirm = useCommand('exports.confirmInventory');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const { view } = props;
  const report = view.report;
  const hits = report?.hits ?? [];
  const pending = view.suggestions.filter((one) => one.decision === null).length;
  const open = stopping(view);
  const stopped = open > 0;
  const error = check.error ?? judge.error ?? confirm.error;
  const current = hits[Math.min(at, hits.length - 1)];
  const decide = (hit: LeakHit, verdict: 'same' | 'other'): void => {
    if (!hit.adjudicable || judge.isPending) return;
    judge.mutate({ id: view.id, hitId: hit.id, verdict });
    const next = hits.findIndex((other, index) => index > at && isOpen(other));
    if (next >= 0) setAt(next);
  };
  useEffect(() => {
    bringIntoView(list.current);
  }, [at]);
  const clear =
    report !== null &&
    hits.every((hit) => hit.verdict === 'other') &&
    report.undecoded.length === 0 &&
    report.outsideAllowList.length === 0;
  return (
    <Stack>
      {error !== null && <Notice tone="danger">{words(error)}</Notice>}
      <Panel title={t('step.check')} Icon={ScanSearch}>
        <p style={{ marginBottom: 10 }}>{t('checkText')}</p>
        <div className={css.buttons}>
          <SegmentedControl
            aria-label={t('form')}
            value={props.form}
            onChange={(value) => props.onForm(value as Form)}
            data={[
              { value: 'filing', label: t('formKind.filing') },
              { value: 'package', label: t('formKind.package') },
            ]}
          />
          <Button
            variant="filled"
            loading={check.isPending}
            disabled={pending > 0 || stopped || view.state === 'released'}
            onClick={() => check.mutate({ id: view.id, form: props.form })}
          >
            {report === null ? t('runCheck') : t('runCheckAgain')}
          </Button>
          {stopped && <span className="rg-muted">{t('altered.first', { count: open })}</span>}
          {pending > 0 && <span className="rg-muted">{t('decideFirst', { count: pending })}</span>}
        </div>
      </Panel>
      {report !== null && (
        <>
          <div className={css.verdict}>
            <div className={css.figure}>
              <strong>{hits.filter(isOpen).length}</strong>
              {t('figure.open')}
            </div>
            <div className={css.figure}>
              <strong>{formatNumber(report.filesChecked)}</strong>
              {t('figure.files', { size: formatBytes(report.bytesChecked) })}
            </div>
            <div className={css.figure}>
              <strong>
                {formatNumber(Object.values(report.valuesSearched).reduce((sum, one) => sum + one, 0))}
              </strong>
              {t('figure.values')}
            </div>
            <div className={css.figure}>
              <strong>{report.decoders.length}</strong>
              {t('figure.decoders', { when: formatInstant(report.checkedAt) })}
            </div>
          </div>
          {clear && (
            <Notice tone="verified" title={t('nothingFound')}>
              {t('nothingFoundText')}
            </Notice>
          )}
          {report.undecoded.map((one) => (
            <Notice key={`${one.file}${one.where}`} tone="danger" title={t('undecoded')}>
              {one.file} · {placeWords(t, one.where)}
            </Notice>
          ))}
          {report.outsideAllowList.map((one) => (
            <Notice key={`${one.file}${one.where}${one.name}`} tone="danger" title={t('outside')}>
              {one.file} · {placeWords(t, one.where)} · {one.name}
            </Notice>
          ))}
          {hits.length > 0 && (
            <Panel
              title={t('hits')}
              Icon={Fingerprint}
              tone={hits.some(isOpen) ? 'danger' : 'neutral'}
              extra={t('hitKeys')}
              flush
            >
              <div
                ref={list}
                className={css.scroll}
                tabIndex={0}
                role="region"
                aria-label={t('hits')}
                onKeyDown={(event) => {
                  const key = event.key.toLowerCase();
                  if (event.key === 'ArrowDown') setAt(Math.min(hits.length - 1, at + 1));
                  else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1));
                  else if (key === t('keySame') && current) decide(current, 'same');
                  else if (key === t('keyOther') && current) decide(current, 'other');
                  else return;
                  event.preventDefault();
                }}
              >
                {hits.map((hit, index) => (
                  <div
                    key={hit.id}
                    className={css.decision}
                    data-on={index === at}
                    onClick={() => setAt(index)}
                  >
                    <div className={css.decisionHead}>
                      <StatusTag tone={hit.strength === 'strong' ? 'danger' : 'due'}>
                        {t(`strength.${hit.strength}`)}
                      </StatusTag>
                      <span className="rg-small rg-muted">
                        {hit.file} · {placeWords(t, hit.where)} · {hit.encoding}
                      </span>
                      {hit.verdict !== null && (
                        <StatusTag tone={hit.verdict === 'other' ? 'verified' : 'danger'}>
                          {t(`verdict.${hit.verdict}`)}
                        </StatusTag>
                      )}
                    </div>
                    <p className={`${css.context ?? ''} rg-private`}>
                      {hit.before}
                      <mark>{hit.found}</mark>
                      {hit.after}
                    </p>
                    <div className={css.buttons}>
                      {hit.adjudicable ? (
                        <>
                          <Button
                            size="compact-sm"
                            disabled={judge.isPending}
                            onClick={() => decide(hit, 'same')}
                          >
                            {t('itIsHer')}
                          </Button>
                          <Button
                            size="compact-sm"
                            disabled={judge.isPending}
                            onClick={() => decide(hit, 'other')}
                          >
                            {t('itIsNotHer')}
                          </Button>
                        </>
                      ) : (
                        <span className="rg-small rg-muted">{t('final')}</span>
                      )}
                    </div>
                  </div>
                ))}
              </div>
            </Panel>
          )}
          <Panel title={t('inventory')} Icon={ListChecks} extra={report.inventory.length}>
            <p className="rg-muted" style={{ marginBottom: 8 }}>
              {t('inventoryText')}
            </p>
            <ul className={css.inventory} tabIndex={0} aria-label={t('inventory')}>
              {report.inventory.map((one) => (
                <li key={`${one.kind}${one.text}`}>
                  <span className="rg-private">{one.text}</span>
                  <span className="rg-small rg-muted">
                    {t(`inventoryKind.${one.kind}`)} · {formatNumber(one.count)}
                  </span>
                </li>
              ))}
            </ul>
            {report.notExamined.length > 0 && (
              <p className="rg-small rg-muted">
                {t('notExamined', {
                  what: report.notExamined.map((one) => t(`unseen.${one}`)).join(', '),
                })}
              </p>
            )}
            <div className={css.buttons} style={{ marginTop: 10 }}>
              {report.inventoryConfirmed ? (
                <StatusTag tone="verified">{t('inventoryDone')}</StatusTag>
              ) : (
                <Button loading={confirm.isPending} onClick={() => confirm.mutate({ id: view.id })}>
                  {t('inventoryConfirm')}
                </Button>
              )}
              <Button variant="filled" disabled={!clear || !report.inventoryConfirmed} onClick={props.onNext}>
                {t('toRelease')}
              </Button>
            </div>
          </Panel>
        </>
      )}
    </Stack>
  );
}
