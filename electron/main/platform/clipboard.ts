import { createHash } from 'node:crypto';

import { clipboard } from 'electron';

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
    clear,
  };
};

export type ClipboardWatch = ReturnType<typeof watchClipboard>;
