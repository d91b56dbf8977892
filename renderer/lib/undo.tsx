import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import i18next from 'i18next';
import { Undo2 } from 'lucide-react';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../api/hooks.ts';
import { codeOf } from '../api/bridge.ts';
import type { Input, MethodName, Output } from '../api/contract.ts';
import { notify, notifyFailure } from './notify.ts';
import { useErrorText } from './use-error-text.ts';

/** One offer at a time: an older one would undo something else than the person has in mind. */
const OFFER = 'undo';
/** What says that it was taken back; gone with the next change, of which it would seem to speak. */
const TAKEN_BACK = 'undone';
const OFFERED_MS = 20_000;
/** The offer that stands, or stood last; of all pages, as there is one notice for all. */
let newest: symbol | null = null;

/**
 * Says that something was changed and offers to take it back for twenty seconds. `message` never holds a name.
 * `back` writes the former state as a change of its own, so the history shows both; where somebody changed the
 * same record meanwhile, the engine refuses; its own words speak of a text that is still being written, of which there
 * is none here.
 */
export function useUndo(): (message: string, back: () => Promise<unknown>) => void {
  const { t } = useTranslation('ui');
  const words = useErrorText();
  return useCallback(
    (message, back) => {
      const offer = Symbol('offer');
      newest = offer;
      let used = false;
      const undo = (): void => {
        // The notice takes a moment to go: a second click finds it still there.
        if (used) return;
        used = true;
        notifications.hide(OFFER);
        back().then(
          // Beside the offer of a later change it would say that that one was taken back.
          () => newest === offer && notify(t('undo.done'), TAKEN_BACK),
          (thrown: unknown) =>
            notifyFailure(
              codeOf(thrown).code === 'record.changedMeanwhile' ? t('undo.refused') : words(thrown),
            ),
        );
      };
      notifications.hide(OFFER);
      notifications.hide(TAKEN_BACK);
      notifications.show({
        id: OFFER,
        color: 'teal.8',
        autoClose: OFFERED_MS,
        closeButtonProps: { 'aria-label': i18next.t('ui:close') },
        message: (
          <span style={{ display: 'flex', alignItems: 'center', gap: 12, justifyContent: 'space-between' }}>
            <span>{message}</span>
            <Button size="xs" leftSection={<Undo2 size={15} aria-hidden />} onClick={undo}>
              {t('undo.undo')}
            </Button>
          </span>
        ),
      });
    },
    [t, words],
  );
}

/** Methods that change one record and answer with its new version. */
type Amending = {
  [M in MethodName]: Output<M> extends { version: number } ? M : never;
}[MethodName];

/**
 * A change that can be taken back. `run` gives null where the engine refused (`error` says why); `before` makes
 * the change that brings the former state back, from the version that this one gave.
 */
export function useUndoable<M extends Amending>(method: M) {
  const { t } = useTranslation('ui');
  const offer = useUndo();
  const command = useCommand(method);
  const run = async (input: Input<M>, before: (version: number) => Input<M>): Promise<Output<M> | null> => {
    const done = await command.mutateAsync(input).catch(() => null);
    if (done !== null) offer(t('undo.changed'), () => command.mutateAsync(before(done.version)));
    return done;
  };
  return { run, isPending: command.isPending, error: command.error };
}
