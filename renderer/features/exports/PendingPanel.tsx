import { Button, Popover, TextInput } from '@mantine/core';
import { ScanSearch } from 'lucide-react';
import { useEffect, useRef, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportView, Suggestion } from '#shared/contract/exports.ts';
import { useCommand } from '../../api/hooks.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import css from './exports.module.css';
import { bringIntoView } from '../../lib/bring-into-view.ts';

type Action = Suggestion['actions'][number];

/** What nobody has decided yet, one by one or all of the same words at once. */
export function PendingPanel(props: {
  view: ExportView;
  selected: string | null;
  onSelect: (id: string) => void;
}): JSX.Element {
  const { t } = useTranslation('exports');
  const words = useErrorText();
  const decide = useCommand('exports.decide');
  const list = useRef<HTMLDivElement>(null);
  const all = props.view.suggestions;
  const open = all.filter((one) => one.decision === null);
  useEffect(() => {
    if (props.selected !== null) bringIntoView(list.current);
  }, [props.selected]);
  const same = (one: Suggestion): Suggestion[] =>
    open.filter((other) => other.text === one.text && other.kind === one.kind);
  const act = (suggestions: readonly Suggestion[], action: Action, reason = ''): void =>
    decide.mutate({
      id: props.view.id,
      decisions: suggestions.map((one) => ({ suggestionId: one.id, action, reason })),
    });
  return (
    <Panel
      title={t('pending')}
      Icon={ScanSearch}
      extra={t('pendingOf', { open: open.length, all: all.length })}
      flush
    >
      {decide.error !== null && <Notice tone="danger">{words(decide.error)}</Notice>}
      <div ref={list} className={css.scroll} aria-live="polite">
        {open.length === 0 && <p style={{ padding: 14 }}>{t('nothingPending')}</p>}
        {props.view.consents.length === 0 && <p style={{ padding: '0 14px 14px' }}>{t('nobodyText')}</p>}
        {open.map((one) => {
          const twins = same(one);
          return (
            <div
              key={one.id}
              className={css.decision}
              data-on={one.id === props.selected}
              onClick={() => props.onSelect(one.id)}
            >
              <div className={css.decisionHead}>
                <StatusTag tone={one.kind === 'combination' || one.kind === 'initials' ? 'due' : 'danger'}>
                  {t(`kind.${one.kind}`)}
                </StatusTag>
                <strong className="rg-private">{one.text}</strong>
              </div>
              <p className={`${css.context ?? ''} rg-private`}>
                {one.before}
                <mark>{one.text}</mark>
                {one.after}
              </p>
              <div className={css.buttons}>
                {one.actions.includes('pseudonym') && (
                  <Button
                    size="compact-sm"
                    variant="filled"
                    disabled={decide.isPending}
                    onClick={() => act([one], 'pseudonym')}
                  >
                    {t('action.pseudonym')}
                  </Button>
                )}
                {one.actions.includes('withhold') && (
                  <Button
                    size="compact-sm"
                    disabled={decide.isPending}
                    onClick={() => act([one], 'withhold')}
                  >
                    {t('action.withhold')}
                  </Button>
                )}
                {one.actions.includes('keep') && (
                  <KeepButton busy={decide.isPending} onKeep={(reason) => act([one], 'keep', reason)} />
                )}
                {twins.length > 1 && one.actions[0] !== undefined && (
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    disabled={decide.isPending}
                    onClick={() => act(twins, one.actions[0] ?? 'withhold')}
                  >
                    {t('sameForAll', { action: t(`action.${one.actions[0]}`), count: twins.length })}
                  </Button>
                )}
              </div>
            </div>
          );
        })}
      </div>
    </Panel>
  );
}

/** Leaving something in asks why, in a few words. */
function KeepButton({ busy, onKeep }: { busy: boolean; onKeep: (reason: string) => void }): JSX.Element {
  const { t } = useTranslation('exports');
  const [opened, setOpened] = useState(false);
  const [reason, setReason] = useState('');
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus withArrow shadow="md">
      <Popover.Target>
        <Button size="compact-sm" disabled={busy} onClick={() => setOpened(!opened)}>
          {t('action.keepAsk')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (reason.trim() === '') return;
            setOpened(false);
            onKeep(reason.trim());
          }}
        >
          <TextInput
            label={t('keepWhy')}
            value={reason}
            data-autofocus
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Button mt="xs" type="submit" variant="filled" disabled={reason.trim() === ''}>
            {t('action.keep')}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
