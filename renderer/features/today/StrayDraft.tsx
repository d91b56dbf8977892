import { Button } from '@mantine/core';
import type { JSX, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../../api/client.ts';
import { useCommand } from '../../api/hooks.ts';
import { useUndo } from '../../lib/undo.tsx';
import type { ReturnedDraft } from '../../lib/use-returned-draft.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';

/** A draft whose form cannot be gone on with any more: why, and a way to be rid of it that can be taken back. */
export function StrayDraft(props: {
  draft: ReturnedDraft;
  children: ReactNode;
  onGone: () => void;
}): JSX.Element {
  const { t } = useTranslation('today');
  const words = useErrorText();
  const offerUndo = useUndo();
  const discard = useCommand('drafts.discard');
  const { id, form, title, payload } = props.draft;
  const throwAway = async (): Promise<void> => {
    const done = await discard.mutateAsync({ id }).catch(() => null);
    if (done === null) return;
    offerUndo(t('discarded'), () => call('drafts.save', { id, form, title, payload }));
    props.onGone();
  };
  return (
    <>
      {discard.error !== null && <Notice tone="danger">{words(discard.error)}</Notice>}
      <Notice tone="due">
        <p>{props.children}</p>
        <Button size="compact-sm" mt={6} loading={discard.isPending} onClick={() => void throwAway()}>
          {t('discardDraft')}
        </Button>
      </Notice>
    </>
  );
}
