import { describe, expect, it } from 'vitest';
import { shortcutOf } from './shortcuts.ts';

const press = (chord: string, inText = false): string | null => {
  const parts = chord.split('+');
  return shortcutOf(
    {
      key: parts.at(-1) ?? '',
      ctrlKey: parts.includes('Ctrl'),
      altKey: parts.includes('Alt'),
      shiftKey: parts.includes('Shift'),
      metaKey: false,
    },
    inText,
  );
};

describe('shortcuts', () => {
  it.each(['Ctrl+n', 'Ctrl+k', 'Ctrl+l', 'Ctrl+s'])(
    '%s inside text creates, locks and leaves nothing',
    (chord) => {
      expect(press(chord, true)).toBe('nothing');
    },
  );
  it('Ctrl+G inside text stores the draft, and neither creates nor leaves', () => {
    expect(press('Ctrl+g', true)).toBe('keep');
    expect(press('Ctrl+Enter', true)).toBe('save');
  });
  it('leaves AltGr+Q, which types @ on a Mexican keyboard, to the field', () => {
    expect(press('Ctrl+Alt+q', true)).toBeNull();
    expect(press('Ctrl+Alt+@', true)).toBeNull();
  });
  it.each([
    ['F2', 'newIncident'],
    ['Shift+F2', 'newEmergency'],
    ['Ctrl+Shift+N', 'newIncident'],
    ['Ctrl+k', 'search'],
    ['F12', 'lock'],
    ['Ctrl+Alt+l', 'lock'],
    ['Ctrl+l', 'lock'],
    ['Ctrl+g', 'save'],
    ['Ctrl+Enter', 'save'],
    ['Ctrl+h', 'hideNames'],
    ['F1', 'help'],
  ])('%s', (chord, wanted) => {
    expect(press(chord)).toBe(wanted);
  });
  it('lets ordinary typing, copy, paste and undo through', () => {
    for (const chord of ['a', 'Enter', 'Ctrl+c', 'Ctrl+v', 'Ctrl+z', 'Ctrl+Shift+z', 'Ctrl+b'])
      expect(press(chord, true)).toBeNull();
  });
});
