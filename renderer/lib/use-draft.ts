import { useCallback, useEffect, useRef, useState } from 'react';
import { call } from '../api/client.ts';
import { createAutosave, type Autosave, type SaveState } from './autosave.ts';

export interface Draft<T> {
  readonly id: string;
  readonly state: SaveState;
  keep(value: T, title: string): void;
  /** After the record itself was saved. */
  done(): void;
  /** Throws the draft away. */
  discard(): Promise<void>;
}

/** A draft that follows a form; what waits is written when the form closes or the window is hidden. */
export function useDraft<T>(form: string, existingId?: string): Draft<T> {
  const [id] = useState(() => existingId ?? crypto.randomUUID());
  const [state, setState] = useState<SaveState>('idle');
  const auto = useRef<Autosave<{ value: T; title: string }> | null>(null);
  auto.current ??= createAutosave<{ value: T; title: string }>({
    save: async ({ value, title }) => {
      await call('drafts.save', { id, form, title: title.slice(0, 200), payload: JSON.stringify(value) });
    },
    onState: setState,
  });
  useEffect(() => {
    const flush = (): void => void auto.current?.flush();
    document.addEventListener('visibilitychange', flush);
    window.addEventListener('rg:keep', flush);
    return () => {
      document.removeEventListener('visibilitychange', flush);
      window.removeEventListener('rg:keep', flush);
      flush();
    };
  }, []);
  const keep = useCallback((value: T, title: string) => auto.current?.change({ value, title }), []);
  const done = useCallback(() => auto.current?.stop(), []);
  const discard = useCallback(async () => {
    auto.current?.stop();
    await call('drafts.discard', { id });
  }, [id]);
  return { id, state, keep, done, discard };
}
