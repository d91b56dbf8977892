import type { Page } from '@playwright/test';

/**
 * Types as a Mexican keyboard does: `@` is AltGr+Q, which Windows reports as Ctrl+Alt held down, `ñ` has a
 * key of its own, and accents come from a dead key. A shortcut that listens for Ctrl+Alt or for the letter
 * alone would fire while somebody types an address.
 */
const ALT_GR: Readonly<Record<string, { key: string; code: string; keyCode: number }>> = {
  '@': { key: '@', code: 'KeyQ', keyCode: 81 },
  '~': { key: '~', code: 'BracketRight', keyCode: 221 },
  '\\': { key: '\\', code: 'Minus', keyCode: 189 },
  '^': { key: '^', code: 'Quote', keyCode: 222 },
};

const CTRL_AND_ALT = 2 | 1;

export const typeMexican = async (page: Page, text: string): Promise<void> => {
  const session = await page.context().newCDPSession(page);
  for (const char of text) {
    const combined = ALT_GR[char];
    if (combined === undefined) {
      await page.keyboard.type(char);
      continue;
    }
    const common = { code: combined.code, key: combined.key, windowsVirtualKeyCode: combined.keyCode };
    await session.send('Input.dispatchKeyEvent', {
      type: 'rawKeyDown',
      key: 'Control',
      code: 'ControlLeft',
      modifiers: 2,
    });
    await session.send('Input.dispatchKeyEvent', {
      type: 'rawKeyDown',
      key: 'AltGraph',
      code: 'AltRight',
      modifiers: CTRL_AND_ALT,
    });
    await session.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...common, modifiers: CTRL_AND_ALT });
    await session.send('Input.dispatchKeyEvent', {
      type: 'char',
      text: char,
      unmodifiedText: char,
      key: char,
    });
    await session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...common, modifiers: CTRL_AND_ALT });
    await session.send('Input.dispatchKeyEvent', {
      type: 'keyUp',
      key: 'AltGraph',
      code: 'AltRight',
      modifiers: 2,
    });
    await session.send('Input.dispatchKeyEvent', {
      type: 'keyUp',
      key: 'Control',
      code: 'ControlLeft',
      modifiers: 0,
    });
  }
  await session.detach();
};
