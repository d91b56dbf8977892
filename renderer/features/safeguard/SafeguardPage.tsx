import { Button, Checkbox, Select } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Check, ClipboardList, HardDrive, PackageCheck, Scale } from 'lucide-react';
import { useState, type JSX, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SafeguardStep } from '#shared/contract/safeguard.ts';
import { host } from '../../api/bridge.ts';
import { useCommand, useQuery } from '../../api/hooks.ts';
import { formatInstant, formatSince, localDay } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Columns, Panel, Row, Rows, Stack } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { useHostFacts } from '../keys/use-machine.ts';
import css from './safeguard.module.css';

/** A quarter of an hour before somebody may come: what to do, in order, and how far it is. */
export function SafeguardPage(): JSX.Element {
  const { t } = useTranslation('safeguard');
  const copies = useQuery('backup.state', {}).data;
  const slots = useQuery('slots.list', {}).data;
  const ledger = useQuery('exports.ledger', {}).data?.rows ?? [];
  const facts = useHostFacts().data;
  const words = useErrorText();
  const session = useQuery('vault.status', {}).data;
  const writes = session?.actor?.powers.includes('document') ?? false;
  const people = useQuery('access.people', {}).data?.rows ?? [];
  const kept = useQuery('safeguard.state', {});
  // A box shows at once what was clicked; once the vault has answered, what the vault says.
  const [clicked, setClicked] = useState<Readonly<Record<string, boolean>>>({});
  const again = {
    onSettled: () => void kept.refetch().finally(() => setClicked({})),
  };
  const tick = useCommand('safeguard.tick');
  const carry = useCommand('safeguard.carry');
  const copyGone = useCommand('safeguard.copyGone');
  const startOver = useCommand('safeguard.startOver');
  const error = kept.error ?? tick.error ?? carry.error ?? copyGone.error ?? startOver.error;
  const saidOf = (step: SafeguardStep) => kept.data?.steps.find((one) => one.step === step);
  const goneOf = (ledgerId: string) => kept.data?.gone.find((one) => one.ledgerId === ledgerId);
  const carrierOf = (target: string) => kept.data?.carriers.find((one) => one.target === target);
  /** Who said it and when, below what it is about; the note itself until then. */
  const noted = (said: { by: string; at: string } | undefined, note: string): ReactNode =>
    said === undefined ? (
      note
    ) : (
      <>
        {note}
        <span className={`${css.said ?? ''} rg-private`}>
          {t('said', { name: said.by, when: formatInstant(said.at) })}
        </span>
      </>
    );
  const today = localDay(new Date().toISOString());
  const since = (instant: string | null): boolean => instant !== null && localDay(instant) === today;
  const targets = copies?.targets ?? [];
  const backedUp = targets.filter((one) => since(one.lastSuccessAt)).length;
  const verified = targets.filter((one) => since(one.lastVerifiedAt) && one.lastVerifiedOk === true).length;
  const machine = slots?.rows.filter((slot) => slot.factor === 'machine' && !slot.retired) ?? [];
  const byHand = (step: SafeguardStep): ReactNode => (
    <Checkbox
      color="teal.8"
      aria-label={t(`step.${step}`)}
      disabled={!writes}
      checked={clicked[step] ?? saidOf(step) !== undefined}
      onChange={(event) => {
        const done = event.currentTarget.checked;
        setClicked({ ...clicked, [step]: done });
        tick.mutate({ step, done }, again);
      }}
    />
  );
  const left = ledger.filter((row) => goneOf(row.id) === undefined).length;
  const carried = targets.filter((one) => carrierOf(one.id) !== undefined).length;
  const link = (to: '/backup' | '/keys' | '/settings'): ReactNode => <Link to={to}>{t('open')}</Link>;
  const steps: { key: string; done: boolean; note: ReactNode; end: ReactNode }[] = [
    {
      key: 'backup',
      done: backedUp >= 2,
      note: t('stepNote.backup', { count: backedUp }),
      end: link('/backup'),
    },
    {
      key: 'verify',
      done: verified >= 2,
      note: t('stepNote.verify', { count: verified }),
      end: link('/backup'),
    },
    {
      key: 'recovery',
      done: slots?.hasShares === true && saidOf('recovery') !== undefined,
      note:
        slots?.hasShares === true
          ? noted(saidOf('recovery'), t('stepNote.sharesMade'))
          : t('stepNote.noShares'),
      end: slots?.hasShares === true ? byHand('recovery') : link('/keys'),
    },
    {
      key: 'machine',
      done: slots !== undefined && machine.length === 0,
      note:
        machine.length === 0
          ? t('stepNote.noMachine')
          : t('stepNote.machine', { names: machine.map((slot) => slot.name).join(', ') }),
      end: machine.length === 0 ? null : link('/keys'),
    },
    {
      key: 'copies',
      done: left === 0,
      note: t('stepNote.copies', { count: left }),
      end: null,
    },
    {
      key: 'usb',
      done: targets.length > 0 && carried === targets.length,
      note:
        targets.length === 0
          ? t('stepNote.noUsb')
          : `${t('stepNote.carried', { count: carried })} ${t('stepNote.usb')}`,
      end: null,
    },
    {
      key: 'paper',
      done: saidOf('paper') !== undefined,
      note: noted(saidOf('paper'), t('stepNote.paper')),
      end: byHand('paper'),
    },
    {
      key: 'panic',
      done: facts?.lockShortcut != null,
      note:
        facts?.lockShortcut == null
          ? t('stepNote.noPanic')
          : t('stepNote.panic', { keys: facts.lockShortcut.replace('Control', 'Ctrl') }),
      end: link('/settings'),
    },
  ];
  return (
    <>
      <PageHeader
        title={t('title')}
        note={t('done', { done: steps.filter((one) => one.done).length, total: steps.length })}
        crumbs={<Link to="/settings">{t('crumb')}</Link>}
        actions={
          <>
            {writes && (kept.data?.steps.length ?? 0) + (kept.data?.carriers.length ?? 0) > 0 && (
              <Button loading={startOver.isPending} onClick={() => startOver.mutate({}, again)}>
                {t('startOver')}
              </Button>
            )}
            <Button variant="filled" color="brick.8" onClick={() => void host().lock()}>
              {t('lockNow')}
            </Button>
          </>
        }
      />
      {error !== null && <Notice tone="danger">{words(error)}</Notice>}
      <Columns
        main={
          <>
            <Panel title={t('before')} Icon={ClipboardList} flush>
              <Rows label={t('before')}>
                {steps.map((step, at) => (
                  <Row
                    key={step.key}
                    lead={
                      <span className={css.number} data-done={step.done}>
                        {step.done ? <Check size={16} aria-label={t('ready')} /> : at + 1}
                      </span>
                    }
                    title={t(`step.${step.key as 'usb'}`)}
                    note={step.note}
                    end={step.end}
                  />
                ))}
              </Rows>
            </Panel>
            {targets.length > 0 && (
              <Panel title={t('carriers')} Icon={HardDrive} extra={`${carried}/${targets.length}`} flush>
                <Rows label={t('carriers')}>
                  {targets.map((one) => (
                    <Row
                      key={one.id}
                      title={one.name}
                      note={noted(
                        carrierOf(one.id),
                        one.lastSuccessAt === null
                          ? t('never')
                          : t('lastCopy', { when: formatSince(one.lastSuccessAt) }),
                      )}
                      end={
                        <Select
                          w={230}
                          clearable
                          className="rg-private"
                          aria-label={t('takes', { name: one.name })}
                          placeholder={t('nobodyYet')}
                          disabled={!writes || carry.isPending}
                          value={carrierOf(one.id)?.slotId ?? null}
                          data={people.map((person) => ({ value: person.slotId, label: person.name }))}
                          onChange={(slotId) => carry.mutate({ target: one.id, slotId }, again)}
                        />
                      }
                    />
                  ))}
                </Rows>
              </Panel>
            )}
            <Panel title={t('copies')} Icon={PackageCheck} extra={ledger.length} flush>
              {ledger.length === 0 ? (
                <p className="rg-muted" style={{ padding: 'var(--rg-pad)' }}>
                  {t('noCopies')}
                </p>
              ) : (
                <Rows label={t('copies')}>
                  {ledger.map((row) => (
                    <Row
                      key={row.id}
                      title={<span className="rg-private">{row.recipient}</span>}
                      note={noted(goneOf(row.id), `${row.caseCode} · ${formatInstant(row.releasedAt)}`)}
                      end={
                        <Checkbox
                          color="teal.8"
                          label={t('deleted')}
                          disabled={!writes}
                          checked={clicked[row.id] ?? goneOf(row.id) !== undefined}
                          onChange={(event) => {
                            const gone = event.currentTarget.checked;
                            setClicked({ ...clicked, [row.id]: gone });
                            copyGone.mutate({ ledgerId: row.id, gone }, again);
                          }}
                        />
                      }
                    />
                  ))}
                </Rows>
              )}
              <p className="rg-small rg-muted" style={{ padding: 'var(--rg-pad)' }}>
                {t('copiesText')}
              </p>
            </Panel>
          </>
        }
        side={
          <>
            <Panel title={t('rights')} Icon={Scale}>
              <Stack>
                <p>{t('rightsOrder')}</p>
                <p>{t('rightsWitness')}</p>
                <p>{t('rightsSilence')}</p>
                <p className="rg-small rg-muted">{t('rightsSource')}</p>
              </Stack>
            </Panel>
            <Panel title={t('after')}>
              <Stack>
                <p>{t('afterLock')}</p>
                <p>{t('afterCheck')}</p>
                <p>{t('afterTell')}</p>
                {targets.length > 0 && (
                  <div className="rg-small rg-muted">
                    {targets.map((one) => (
                      <div key={one.id}>
                        {one.name}: {one.lastSuccessAt === null ? t('never') : formatSince(one.lastSuccessAt)}{' '}
                        {one.lastRehearsedAt !== null && (
                          <StatusTag tone="verified">{t('rehearsed')}</StatusTag>
                        )}
                      </div>
                    ))}
                  </div>
                )}
              </Stack>
            </Panel>
            <Notice tone="neutral" title={t('honest')}>
              {t('honestText')}
            </Notice>
          </>
        }
      />
    </>
  );
}
