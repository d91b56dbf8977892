import { expect, it } from 'vitest';

import { clipboardHistory } from './clipboard-history.ts';

const value = (digit: string) =>
  `\r\nHKEY_CURRENT_USER\\Software\\Microsoft\\Clipboard\r\n    EnableClipboardHistory    REG_DWORD    0x${digit}\r\n`;
const answers = (byName: Record<string, string>) => (name: string) => Promise.resolve(byName[name] ?? '');

it.each([
  [{ EnableClipboardHistory: value('1') }, 'on'],
  [{ EnableCloudClipboard: value('1') }, 'on'],
  [{ EnableClipboardHistory: value('0') }, 'off'],
  [{ EnableClipboardHistory: value('10') }, 'off'],
  [{}, 'off'],
] as const)('on Windows the registry tells: %o', async (registry, expected) => {
  expect(await clipboardHistory('win32', {}, answers(registry))).toBe(expected);
});

it('KDE keeps a history; of others nothing is promised', async () => {
  expect(await clipboardHistory('linux', { XDG_CURRENT_DESKTOP: 'KDE' })).toBe('on');
  expect(await clipboardHistory('linux', { XDG_CURRENT_DESKTOP: 'ubuntu:GNOME' })).toBe('possible');
  expect(await clipboardHistory('darwin', {})).toBe('possible');
});
