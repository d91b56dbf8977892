import { Button } from '@mantine/core';
import { Signature } from 'lucide-react';
import { useEffect, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApprovalState, ApprovalSubject } from '#shared/contract/approvals.ts';
import { call } from '../../api/client.ts';
import { useCommand, useQuery } from '../../api/hooks.ts';
import { useTicket } from '../../api/use-ticket.ts';
import { formatInstant } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Facts, Panel, Stack } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';

/**
 * A second person's signature over exactly what leaves. She signs at her own session, or types her passphrase
 * in the small window here; a change of what was signed makes the signature void.
 */
export function ApprovalPanel(props: {
  subject: ApprovalSubject;
  onState?: (approved: boolean, state: ApprovalState | undefined) => void;
}): JSX.Element | null {
  const { t, i18n } = useTranslation('safeguard');
  const words = useErrorText();
  const { term } = useTerms();
  const { subject, onState } = props;
  const query = useQuery('approvals.state', { subject });
  const approve = useCommand('approvals.approve');
  const ticket = useTicket();
  const state = query.data;
  const approved = state !== undefined && (!state.required || state.approval !== null);
  useEffect(() => onState?.(approved, state), [approved, state, onState]);
  const error = query.error ?? approve.error ?? ticket.error;
  if (state !== undefined && !state.required) return null;
  const shown = (name: string): string =>
    i18n.exists(`safeguard:statement.${name}`) ? t(`statement.${name}` as 'statement.recipient') : name;
  return (
    <Panel
      title={t('approval.title')}
      Icon={Signature}
      extra={
        state?.approval ? (
          <StatusTag tone="verified">{t('approval.given')}</StatusTag>
        ) : (
          <StatusTag tone="due">{t('approval.missing')}</StatusTag>
        )
      }
    >
      <Stack>
        {error !== null && <Notice tone="danger">{words(error)}</Notice>}
        {state?.approval && (
          <Notice tone="verified">
            {t(`approval.by_${state.approval.how}`, {
              name: state.approval.by,
              when: formatInstant(state.approval.at),
            })}
          </Notice>
        )}
        {state && state.approval === null && (
          <>
            <p>{t('approval.text')}</p>
            {state.statement === null ? (
              <Notice tone="neutral">{t('approval.nothing')}</Notice>
            ) : (
              <Facts
                items={state.statement.map((part) => [
                  shown(part.name),
                  <span key={part.name} className={part.value.length > 40 ? 'rg-mono' : 'rg-private'}>
                    {part.name === 'profile'
                      ? part.value.replace(/^\S+/u, (id) => term('profile', id))
                      : part.value}
                  </span>,
                ])}
              />
            )}
            {state.candidates.length === 0 ? (
              <Notice tone="due">{t('approval.nobody')}</Notice>
            ) : (
              <p className="rg-small rg-muted">
                {t('approval.candidates', { names: state.candidates.map((one) => one.name).join(', ') })}
              </p>
            )}
            <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8 }}>
              {state.why === 'none' ? (
                <Button
                  variant="filled"
                  disabled={state.statement === null}
                  loading={approve.isPending}
                  onClick={() => approve.mutate({ subject }, { onSuccess: () => void query.refetch() })}
                >
                  {t('approval.mine')}
                </Button>
              ) : (
                <Button
                  disabled={state.statement === null || state.candidates.length === 0}
                  loading={ticket.busy}
                  onClick={() =>
                    void ticket.ask(async () => (await call('approvals.ask', { subject })).ticket)
                  }
                >
                  {t('approval.here')}
                </Button>
              )}
            </div>
            <p className="rg-small rg-muted">{t('approval.honest')}</p>
          </>
        )}
      </Stack>
    </Panel>
  );
}
