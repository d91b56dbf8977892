import { createHash } from 'node:crypto';

import { app, clipboard } from 'electron';
import type { WebContents } from 'electron';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
/** The page's copy event comes before the clipboard has the new content. */
const SETTLE_MS = 150;

/**
 * Clears what was copied from our windows after a while and when locking, unless something else has been
 * copied since. Histories of the system are not ours to clear.
 */
export const watchClipboard = (clearSeconds: () => number) => {
  let copied: string | null = null;
  let timer: NodeJS.Timeout | undefined;
  let settling: NodeJS.Timeout | undefined;
  /** What was there when one of our windows came to the front; null while none is. */
  let before: string | null = null;

  const clear = async (): Promise<void> => {
    clearTimeout(timer);
    clearTimeout(settling);
    const ours = copied;
    copied = null;
    if (ours !== null && digest(await clipboard.readText()) === ours) clipboard.clear();
  };
  const start = async (): Promise<void> => {
    const text = await clipboard.readText();
    clearTimeout(timer);
    // Clearing is a copy of nothing, and must not start the clock again.
    copied = text === '' ? null : digest(text);
    if (copied === null) return;
    timer = setTimeout(() => void clear(), clearSeconds() * 1_000);
  };

  return {
    async write(text: string): Promise<void> {
      await clipboard.writeText(text);
      await start();
    },
    /** Something was copied in one of our windows, past us. */
    copied(): void {
      clearTimeout(settling);
      settling = setTimeout(() => void start(), SETTLE_MS);
    },
    /** One of our windows came to the front. */
    async entered(): Promise<void> {
      before = digest(await clipboard.readText());
    },
    /** None of our windows is in front any more: what came onto the clipboard meanwhile came from us. */
    async left(): Promise<void> {
      const then = before;
      before = null;
      const now = digest(await clipboard.readText());
      if (then !== null && now !== then && now !== copied) await start();
    },
    clear,
  };
};

export type ClipboardWatch = ReturnType<typeof watchClipboard>;

/**
 * Copies that no page of ours can tell of: from frames without a bridge (shown evidence) by keys, and from
 * the menu, which is noticed when the person goes elsewhere.
 */
export const followCopies = (watch: ClipboardWatch): void => {
  app.on('browser-window-focus', () => void watch.entered());
  app.on('browser-window-blur', () => void watch.left());
};

/** Keys that copy, in any frame of a window: they are seen before the page sees them. */
export const watchCopyKeys = (contents: WebContents, watch: Pick<ClipboardWatch, 'copied'>): void => {
  contents.on('before-input-event', (_event, input) => {
    if (input.type !== 'keyDown' || !(input.control || input.meta) || input.alt) return;
    if (/^(c|x|insert)$/iu.test(input.key)) watch.copied();
  });
};
