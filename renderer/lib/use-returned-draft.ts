import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { isFormOf, type DraftForm } from './draft-kinds.ts';
import { useOpenedDraft, type OpenedDraft } from './use-opened-draft.ts';

type OpenedFiles = NonNullable<OpenedDraft['draft']>['files'];

export interface ReturnedDraft {
  readonly id: string;
  readonly form: DraftForm;
  readonly title: string;
  readonly payload: string;
  /** Sealed for it, also after its form was left. */
  readonly files?: OpenedFiles;
}
/** What somebody came back for: `error` and `gone` are said on the page, which has nothing else to show for it. */
export interface Returned extends Pick<OpenedDraft, 'waiting' | 'error' | 'gone'> {
  readonly draft: ReturnedDraft | null;
  forget(): void;
}

const isOneOf = <D extends { form: string }>(
  draft: D,
  forms: readonly DraftForm[],
): draft is D & { form: DraftForm } => forms.some((form) => isFormOf(draft.form, form));

/**
 * The draft that Hoy sent somebody back to this page for, where it is of one of these forms. It stays as it was
 * read: from then on the form itself is its author. `forget` takes it out of the address too, so that the form does
 * not open again with what was saved or left. Asked once on each page: a draft that cannot be read is nobody's.
 */
export function useReturnedDraft(...forms: readonly DraftForm[]): Returned {
  const { draft: asked } = useSearch({ strict: false }) as { draft?: string };
  const navigate = useNavigate();
  const [closed, setClosed] = useState<string>();
  const open = asked === closed ? undefined : asked;
  const { draft, waiting, error, gone } = useOpenedDraft(open);
  const own = draft !== null && isOneOf(draft, forms) ? draft : null;
  return {
    draft: own,
    waiting,
    error,
    gone,
    forget: () => {
      if (own === null && !gone) return;
      setClosed(asked);
      void navigate({
        to: '.',
        search: (now: Record<string, unknown>) => {
          const { draft: _done, ...rest } = now;
          return rest;
        },
        replace: true,
      } as never);
    },
  };
}
