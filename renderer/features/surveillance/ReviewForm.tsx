import { Button, Group, Select, Textarea, TextInput } from '@mantine/core';
import { useState, type JSX, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FindingId } from '#shared/model/surveillance-ids.ts';
import { FINDING_STATES } from '#shared/model/surveillance.ts';
import { useCommand } from '../../api/hooks.ts';
import { notify } from '../../lib/notify.ts';
import { fromDraft, useDraftedState } from '../../lib/use-draft.ts';
import type { ReturnedDraft } from '../../lib/use-returned-draft.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { DraftTag } from '../../ui/DraftTag.tsx';
import { Notice } from '../../ui/Notice.tsx';
import type { FindingState } from './tones.ts';

interface Decision {
  readonly state: FindingState | null;
  readonly reason: string;
  readonly confirmedBy: string;
  readonly note: string;
}
const BLANK: Decision = { state: null, reason: '', confirmedBy: '', note: '' };

/** What a person decides about many findings at once. */
export function BulkReview(props: { ids: readonly FindingId[]; onDone: () => void }): JSX.Element {
  const [decision, setDecision] = useState(BLANK);
  return (
    <ReviewFields
      ids={props.ids}
      inline
      decision={decision}
      put={(changes) => setDecision((now) => ({ ...now, ...changes }))}
      onSaved={props.onDone}
    />
  );
}

/** What a person decides about one finding. What is typed is kept as a draft. */
export function ReviewForm(props: {
  id: FindingId;
  state: FindingState;
  /** What Hoy lists a half written decision by. */
  title: string;
  draft: ReturnedDraft | null;
  onDone: () => void;
}): JSX.Element {
  const [begun] = useState(() => ({
    initial: fromDraft(props.draft?.payload, BLANK),
    draftId: props.draft?.id,
  }));
  const { state: decision, put, draft } = useDraftedState(`review:${props.id}`, begun, () => props.title);
  return (
    <ReviewFields
      ids={[props.id]}
      now={props.state}
      decision={decision}
      put={put}
      kept={<DraftTag state={draft.state} />}
      onSaved={() => {
        void draft
          .discard()
          .catch(() => undefined)
          .then(props.onDone);
      }}
    />
  );
}

/** Setting a finding aside needs a reason, confirming one needs a name. */
function ReviewFields(props: {
  ids: readonly FindingId[];
  now?: FindingState;
  inline?: boolean;
  decision: Decision;
  put: (changes: Partial<Decision>) => void;
  kept?: ReactNode;
  onSaved: () => void;
}): JSX.Element {
  const { t } = useTranslation('findings');
  const { options } = useTerms();
  const words = useErrorText();
  const { put } = props;
  const { state, reason, confirmedBy, note } = props.decision;
  const review = useCommand('findings.review');
  const needsReason = state === 'falsePositive' || state === 'discarded';
  const ready =
    state !== null &&
    (!needsReason || reason.trim() !== '') &&
    (state !== 'confirmed' || confirmedBy.trim() !== '');
  const save = async (): Promise<void> => {
    if (state === null || !ready) return;
    const done = await review
      .mutateAsync({ ids: [...props.ids], state, reason, confirmedBy, note })
      .catch(() => null);
    if (!done) return;
    notify(t('review.done', { count: done.changed }));
    props.onSaved();
  };
  const wide = props.inline === true ? {} : { w: '100%' };
  return (
    <Group gap="sm" align="flex-end" style={{ flex: 1 }}>
      {review.error !== null && <Notice tone="danger">{words(review.error)}</Notice>}
      <Select
        {...(props.inline === true ? { w: 200 } : wide)}
        label={t('review.state')}
        placeholder={t('review.choose')}
        data={options(
          'findingState',
          FINDING_STATES.filter((one) => one !== props.now),
        )}
        value={state}
        onChange={(value) => put({ state: value as FindingState | null })}
      />
      {needsReason && (
        <TextInput
          {...wide}
          style={{ flex: 1, minWidth: 220 }}
          label={t('review.reason')}
          required
          value={reason}
          onChange={(event) => put({ reason: event.currentTarget.value })}
        />
      )}
      {state === 'confirmed' && (
        <TextInput
          {...wide}
          style={{ flex: 1, minWidth: 220 }}
          label={t('review.confirmedBy')}
          description={t('review.confirmedByHelp')}
          required
          value={confirmedBy}
          onChange={(event) => put({ confirmedBy: event.currentTarget.value })}
        />
      )}
      {state !== null && props.inline !== true && (
        <Textarea
          w="100%"
          label={t('review.note')}
          description={t('review.noteHelp')}
          className="rg-private"
          autosize
          minRows={2}
          value={note}
          onChange={(event) => put({ note: event.currentTarget.value })}
        />
      )}
      <Button variant="filled" disabled={!ready} loading={review.isPending} onClick={() => void save()}>
        {t('review.save')}
      </Button>
      {props.kept}
    </Group>
  );
}
