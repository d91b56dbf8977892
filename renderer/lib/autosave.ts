export type SaveState = 'idle' | 'waiting' | 'saving' | 'saved' | 'failed';

export interface Autosave<T> {
  /** Something was typed. */
  change(value: T): void;
  /** Saves now what waits; resolves when it is stored. */
  flush(): Promise<void>;
  /** Forgets what waits: the record itself was saved. */
  stop(): void;
}

/**
 * Keeps a draft close behind the typing: `quietMs` after the last key, and never later than `atMostMs` after
 * the first unsaved one. Saves never overlap, and the newest value is always the last one written.
 *
 * A lock is told to nobody first: picture and keys go at once. So these delays, and the time of one save, are all
 * that it can take; together they stay below two seconds.
 */
export function createAutosave<T>(options: {
  save: (value: T) => Promise<void>;
  onState?: (state: SaveState) => void;
  quietMs?: number;
  atMostMs?: number;
}): Autosave<T> {
  const quietMs = options.quietMs ?? 500;
  const atMostMs = options.atMostMs ?? 1_200;
  let waiting: { value: T } | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;

  const clear = (): void => {
    clearTimeout(timer);
    clearTimeout(latest);
    timer = undefined;
    latest = undefined;
  };
  const flush = (): Promise<void> => {
    clear();
    if (waiting === null || stopped) return running;
    const { value } = waiting;
    waiting = null;
    running = running.then(async () => {
      if (stopped) return;
      options.onState?.('saving');
      try {
        await options.save(value);
        options.onState?.(waiting === null ? 'saved' : 'waiting');
      } catch {
        // Kept for the next try; the form says that the draft is not stored.
        waiting ??= { value };
        options.onState?.('failed');
      }
    });
    return running;
  };
  return {
    change(value) {
      if (stopped) return;
      waiting = { value };
      options.onState?.('waiting');
      clearTimeout(timer);
      timer = setTimeout(() => void flush(), quietMs);
      latest ??= setTimeout(() => void flush(), atMostMs);
    },
    flush,
    stop() {
      stopped = true;
      waiting = null;
      clear();
    },
  };
}
