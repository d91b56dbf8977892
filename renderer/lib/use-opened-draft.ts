import { useEffect, useState } from 'react';
import type { Output } from '../api/contract.ts';
import { codeOf } from '../api/bridge.ts';
import { call } from '../api/client.ts';
import { draftWritten } from './use-draft.ts';

type Kept = Output<'drafts.get'>;

/** A draft that a form is opened with. */
export interface OpenedDraft {
  /** It is being read: the form must not begin yet. */
  readonly waiting: boolean;
  /** Null where none was asked for, and where it is gone: the form then begins as if none had been named. */
  readonly draft: Kept | null;
  /** It was asked for, and is no more: it became a record, or somebody discarded it. */
  readonly gone: boolean;
  readonly error: unknown;
}

/**
 * Reads a draft for the form that goes on with it: once for each time that the form opens, and never from a cache,
 * which would give the form what stood there before it was last typed in, or what became a record meanwhile. What
 * another form still writes of it is waited for.
 */
export function useOpenedDraft(id: string | undefined): OpenedDraft {
  const [read, setRead] = useState<{ id: string; draft: Kept | null; error: unknown }>();
  useEffect(() => {
    if (id === undefined) return undefined;
    let shown = true;
    const give = (draft: Kept | null, error: unknown): void => {
      if (shown) setRead({ id, draft, error });
    };
    draftWritten(id)
      .then(() => call('drafts.get', { id }))
      .then(
        (draft) => give(draft, null),
        (thrown: unknown) => give(null, codeOf(thrown).code === 'record.notFound' ? null : thrown),
      );
    return () => {
      shown = false;
      setRead(undefined);
    };
  }, [id]);
  if (id === undefined) return { waiting: false, draft: null, gone: false, error: null };
  if (read?.id !== id) return { waiting: true, draft: null, gone: false, error: null };
  const { draft, error } = read;
  return { waiting: false, draft, gone: draft === null && error === null, error };
}
