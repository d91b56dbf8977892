import type { Locator, Page } from '@playwright/test';

/**
 * Drops files of the disk onto something, as the file manager would: the browser itself makes the drag, so
 * the page gets real files whose path only the shell learns.
 */
export const dropFiles = async (page: Page, onto: Locator, paths: readonly string[]): Promise<void> => {
  await onto.scrollIntoViewIfNeeded();
  const box = await onto.boundingBox();
  if (box === null) throw new Error('Nothing to drop on.');
  const session = await page.context().newCDPSession(page);
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, ...at, data });
  await session.detach();
};
