import { Button, Checkbox, TextInput } from '@mantine/core';
import { useState, type JSX, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RestorePlan } from '#shared/contract/backup.ts';
import { formatDay, formatInstant } from '../../lib/format.ts';
import { Notice } from '../../ui/Notice.tsx';
import { TaskLine } from './TaskLine.tsx';
import css from './unlock.module.css';

/** What a restored copy would bring back, said before anything is done. */
export function RestorePlanView(props: {
  plan: RestorePlan;
  busy: boolean;
  notice: ReactNode;
  onBack: () => void;
  onRestore: (confirmDay: string, apply: boolean) => void;
}): JSX.Element {
  const { t } = useTranslation('unlock');
  const { plan } = props;
  const [typed, setTyped] = useState('');
  const [apply, setApply] = useState(plan.comparedWith !== null);
  const compared = plan.comparedWith;
  return (
    <form
      className={css.form}
      aria-label={t('restore.planTitle')}
      onSubmit={(event) => {
        event.preventDefault();
        props.onRestore(typed.trim(), apply);
      }}
    >
      <h2 className={css.ticketTitle}>
        {t('restore.planOf', { when: formatInstant(plan.snapshot.takenAt) })}
      </h2>
      {props.notice}
      {plan.notCompared !== null && (
        <Notice tone="danger" title={t(`restore.notComparedTitle_${plan.notCompared}`)}>
          {t(`restore.notComparedText_${plan.notCompared}`, { day: formatDay(plan.confirmDay) })}
        </Notice>
      )}
      {compared === null ? (
        plan.notCompared === null && (
          <Notice tone="due" title={t('restore.unknownTitle')}>
            {t('restore.unknownText')}
          </Notice>
        )
      ) : plan.comesBackTotal === 0 ? (
        <Notice tone="verified">{t(`restore.nothing_${compared}`)}</Notice>
      ) : (
        <div>
          <Notice tone="due" title={t('restore.comesBack', { count: plan.comesBackTotal })}>
            {t(`restore.with_${compared}`)}
          </Notice>
          <ul className={css.comesBack} aria-label={t('restore.comesBackList')}>
            {plan.comesBack.slice(0, 200).map((one) => (
              <li key={`${one.kind}${one.id}`}>
                <strong>{t(`comesBack.${one.kind}`)}</strong> {one.title}
              </li>
            ))}
          </ul>
        </div>
      )}
      {(plan.laterChanges ?? 0) > 0 && (
        <Notice tone="due">{t('restore.later', { count: plan.laterChanges ?? 0 })}</Notice>
      )}
      {plan.newerSnapshots > 0 && (
        <Notice tone="due">{t('restore.newerSnapshots', { count: plan.newerSnapshots })}</Notice>
      )}
      {compared !== null && plan.comesBackTotal > 0 && (
        <Checkbox
          color="teal.8"
          label={t('restore.apply')}
          description={t('restore.applyNote')}
          checked={apply}
          onChange={(event) => setApply(event.currentTarget.checked)}
        />
      )}
      <TextInput
        label={t('restore.confirmDay', { day: plan.confirmDay })}
        description={formatDay(plan.confirmDay)}
        value={typed}
        autoComplete="off"
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Button type="submit" variant="filled" loading={props.busy} disabled={typed.trim() !== plan.confirmDay}>
        {t('restore.action')}
      </Button>
      <Button variant="subtle" disabled={props.busy} onClick={props.onBack}>
        {t('restore.back')}
      </Button>
      <TaskLine running={props.busy} />
    </form>
  );
}
