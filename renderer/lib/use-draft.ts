import { useCallback, useEffect, useRef, useState } from 'react';
import { call } from '../api/client.ts';
import { createAutosave, type Autosave, type SaveState } from './autosave.ts';
import type { DraftForm } from './draft-kinds.ts';

export interface Draft<T> {
  readonly id: string;
  readonly state: SaveState;
  keep(value: T, title: string): void;
  /** Writes now what waits; for a step after which the draft must know what was made. */
  flush(): Promise<void>;
  /** After the record itself was saved: nothing is kept as a draft any more. */
  done(): void;
  /** Throws the draft away. */
  discard(): Promise<void>;
}

/** Drafts that are being written, by their ids. A form that is gone may still be the author of the last words. */
const writing = new Map<string, Promise<void>>();

/** Resolves when nothing is being written of a draft any more. */
export const draftWritten = (id: string): Promise<void> => writing.get(id) ?? Promise.resolve();

/** Fields of a draft as they were kept, or null when it is none. */
export function draftFields(payload: string): Record<string, unknown> | null {
  try {
    const kept: unknown = JSON.parse(payload);
    if (typeof kept !== 'object' || kept === null) return null;
    const { basedOn: _version, ...fields } = kept as Record<string, unknown>;
    return fields;
  } catch {
    return null;
  }
}

/**
 * The version of the record that a draft was begun on; null where it is of something new. A draft is saved against
 * it, so that what somebody else changed since is not overwritten unseen.
 */
export function draftBase(payload: string | undefined): number | null {
  try {
    const kept = JSON.parse(payload ?? 'null') as { basedOn?: unknown } | null;
    return typeof kept?.basedOn === 'number' ? kept.basedOn : null;
  } catch {
    return null;
  }
}

/** A draft that follows a form; what waits is written when the form closes or the window is hidden. */
export function useDraft<T extends object>(form: DraftForm, existingId?: string, basedOn?: number): Draft<T> {
  const [id] = useState(() => existingId ?? crypto.randomUUID());
  const [state, setState] = useState<SaveState>('idle');
  const auto = useRef<Autosave<{ value: T; title: string }> | null>(null);
  auto.current ??= createAutosave<{ value: T; title: string }>({
    save: async ({ value, title }) => {
      const payload = JSON.stringify(basedOn === undefined ? value : { ...value, basedOn });
      await call('drafts.save', { id, form, title: title.slice(0, 200), payload });
    },
    onState: setState,
  });
  const flush = useCallback((): Promise<void> => {
    const written = (auto.current?.flush() ?? Promise.resolve()).finally(() => {
      if (writing.get(id) === written) writing.delete(id);
    });
    writing.set(id, written);
    return written;
  }, [id]);
  useEffect(() => {
    const now = (): void => void flush();
    document.addEventListener('visibilitychange', now);
    // Ctrl+G in a text field.
    window.addEventListener('rg:keep', now);
    return () => {
      document.removeEventListener('visibilitychange', now);
      window.removeEventListener('rg:keep', now);
      now();
    };
  }, [flush]);
  const keep = useCallback((value: T, title: string) => auto.current?.change({ value, title }), []);
  const done = useCallback(() => {
    auto.current?.stop();
    // The record took the draft's place in the vault. What was typed within the last second may have been written after
    // that, while the answer was on its way, and would come back as a draft of what is saved.
    void call('drafts.discard', { id }).catch(() => undefined);
  }, [id]);
  const discard = useCallback(async () => {
    auto.current?.stop();
    await call('drafts.discard', { id });
  }, [id]);
  return { id, state, keep, flush, done, discard };
}

/** What a form begins with: a record, a draft of it, or nothing. */
export interface Begun<T> {
  readonly initial: T;
  readonly draftId?: string | undefined;
  /** Version of the record that is changed. */
  readonly basedOn?: number | undefined;
}

/** The fields of a form that a draft follows: whatever is put is shown and kept. `title` is what Hoy lists it by. */
export function useDraftedState<T extends object>(
  form: DraftForm,
  begun: Begun<T>,
  title: (state: T) => string,
): { readonly state: T; readonly draft: Draft<T>; put(changes: Partial<T>): void } {
  const [state, setState] = useState(begun.initial);
  // Two fields that change in one event both count.
  const latest = useRef(state);
  const draft = useDraft<T>(form, begun.draftId, begun.basedOn);
  const put = (changes: Partial<T>): void => {
    const next = { ...latest.current, ...changes };
    latest.current = next;
    setState(next);
    draft.keep(next, title(next).trim());
  };
  return { state, draft, put };
}

/** What a draft holds of a form, and the blank for what it lacks: an older form may have written it. */
export function fromDraft<T extends object>(payload: string | undefined, blank: T): T {
  const kept = payload === undefined ? null : draftFields(payload);
  return kept === null ? blank : { ...blank, ...(kept as Partial<T>) };
}
