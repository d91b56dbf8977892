import { Button, Checkbox } from '@mantine/core';
import { useEffect, useState, type FormEvent, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { BridgeFailure, UnlockContext } from '#shared/contract/bridge.ts';
import type { TicketDescription } from '#shared/contract/slots.ts';
import { unlockHost } from '../../api/bridge.ts';
import { errorWords } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { CredentialFields } from './CredentialFields.tsx';
import { credentialsOf, isTyped, noCredentials } from './credentials.ts';
import type { TypedCredentials } from './credentials.ts';
import { FreshPassphrase, freshCredentials, isFreshReady } from './FreshPassphrase.tsx';
import type { FreshTyped } from './FreshPassphrase.tsx';
import { RecoveryPaper, type Drawn } from './RecoveryPaper.tsx';
import { TicketSubject } from './TicketSubject.tsx';
import css from './unlock.module.css';

/** Purposes whose method takes more than the passphrase of the person at the window; the rest only prove. */
const METHODS: Readonly<Record<string, { fresh: boolean; exposed: boolean; draw: boolean }>> = {
  'slots.add': { fresh: true, exposed: false, draw: false },
  'slots.change': { fresh: true, exposed: true, draw: false },
  'slots.replace': { fresh: true, exposed: true, draw: false },
  'slots.setPowers': { fresh: false, exposed: false, draw: false },
  'slots.raiseCost': { fresh: false, exposed: false, draw: false },
  'slots.addWords': { fresh: false, exposed: false, draw: true },
  'slots.addShares': { fresh: false, exposed: false, draw: true },
};
const PROVE = { fresh: false, exposed: false, draw: false };

/** Purposes of other features that have words of their own. */
const PROVEN: Readonly<Record<string, 'rotation_run' | 'approval'>> = {
  'rotation.run': 'rotation_run',
  'approvals.sign': 'approval',
};
const wordsKey = (purpose: string) =>
  Object.hasOwn(METHODS, purpose) ? (purpose.replace('.', '_') as 'slots_add') : (PROVEN[purpose] ?? 'other');

const methodOf = (purpose: string): string => {
  if (METHODS[purpose]?.draw === true) return 'slots.draw';
  return Object.hasOwn(METHODS, purpose) ? purpose : 'tickets.prove';
};

/** What a ticket of the open vault asks for. Passphrases are typed nowhere but here. */
export function TicketForm({ context, ticket }: { context: UnlockContext; ticket: string }): JSX.Element {
  const { t, i18n } = useTranslation('unlock');
  const [description, setDescription] = useState<TicketDescription | null>(null);
  const [own, setOwn] = useState<TypedCredentials>(noCredentials);
  const [approver, setApprover] = useState<TypedCredentials>(noCredentials);
  const [fresh, setFresh] = useState<FreshTyped>(freshCredentials('none'));
  const [exposed, setExposed] = useState(false);
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<BridgeFailure | null>(context.notice);

  useEffect(() => {
    void unlockHost()
      .call('tickets.describe', { ticket })
      .then((answer) => {
        if (!answer.ok) return setFailure(answer.error);
        const found = answer.value as TicketDescription;
        setDescription(found);
        setFresh(freshCredentials(found.subject?.factor ?? 'none'));
        // Whoever changes a passphrase with a second factor is asked for that factor at once.
        const before = found.facts['factorBefore'];
        if (before === 'keyFile' || before === 'machine') setOwn({ ...noCredentials, factor: before });
      });
  }, [ticket]);

  if (drawn !== null) return <RecoveryPaper ticket={ticket} drawn={drawn} />;
  const notice = failure && (
    <Notice tone="danger">{errorWords(i18n.language, failure.code, failure.params)}</Notice>
  );
  if (description === null) return <div className={css.form}>{notice}</div>;

  const { purpose } = description;
  const wants = METHODS[purpose] ?? PROVE;
  const key = wordsKey(purpose);
  const ready =
    isTyped(own) &&
    (!description.needsApprover || isTyped(approver)) &&
    (!wants.fresh || isFreshReady(fresh));

  const send = async (): Promise<BridgeFailure | null> => {
    const mine = await credentialsOf(own);
    if (!mine.ok) return mine.error;
    const input: Record<string, unknown> = { ticket, own: mine.value };
    if (description.needsApprover) {
      const theirs = await credentialsOf(approver);
      if (!theirs.ok) return theirs.error;
      input['approver'] = theirs.value;
    }
    if (wants.fresh) {
      const next = await credentialsOf(fresh);
      if (!next.ok) return next.error;
      input['fresh'] = { ...next.value, editableKeyFile: fresh.editableKeyFile };
    }
    if (wants.exposed) input['exposed'] = exposed;
    const answer = await unlockHost().call(methodOf(purpose), input);
    if (!answer.ok) return answer.error;
    if (wants.draw) setDrawn(answer.value as Drawn);
    return null;
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!ready || busy) return;
    setBusy(true);
    setFailure(null);
    const failed = await send();
    setOwn(noCredentials);
    setApprover(noCredentials);
    if (failed === null) {
      setFresh(freshCredentials(fresh.factor));
      return;
    }
    setBusy(false);
    setFailure(failed);
  };
  return (
    <form className={css.form} onSubmit={(event) => void submit(event)} aria-label={t(`ticket.${key}.title`)}>
      <div>
        <h2 className={css.ticketTitle}>{t(`ticket.${key}.title`)}</h2>
        <p className="rg-small rg-muted">{t(`ticket.${key}.text`)}</p>
      </div>
      {notice}
      <TicketSubject description={description} />
      <CredentialFields
        label={t(description.who === '' ? 'ticket.otherPassphrase' : 'ticket.ownPassphrase', {
          name: description.who,
        })}
        value={own}
        onChange={setOwn}
        machine={context.machineSecret}
        autoFocus
      />
      {description.needsApprover && (
        <CredentialFields
          label={t('ticket.approverPassphrase')}
          value={approver}
          onChange={setApprover}
          machine={context.machineSecret}
        />
      )}
      {wants.fresh && (
        <>
          <h3 className={css.part}>
            {t(purpose === 'slots.change' ? 'ticket.freshOwn' : 'ticket.freshOf', {
              name: description.subject?.name ?? '',
            })}
          </h3>
          <FreshPassphrase label={t('ticket.fresh')} value={fresh} onChange={setFresh} />
        </>
      )}
      {wants.exposed && (
        <Checkbox
          color="teal.8"
          label={t('ticket.exposed')}
          description={t('ticket.exposedNote')}
          checked={exposed}
          onChange={(event) => setExposed(event.currentTarget.checked)}
        />
      )}
      <Button type="submit" variant="filled" loading={busy} disabled={!ready}>
        {t(`ticket.${key}.action`)}
      </Button>
      <p className="rg-small rg-muted" role="status">
        {busy ? t('open.deriving') : t('ticket.expires')}
      </p>
    </form>
  );
}
