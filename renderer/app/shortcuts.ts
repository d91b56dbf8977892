import { useEffect, useRef } from 'react';

export interface ShortcutActions {
  newIncident(): void;
  newEmergency(): void;
  search(): void;
  lock(): void;
  hideNames(): void;
  help(): void;
}

export type ShortcutName = keyof ShortcutActions | 'save' | 'keep' | 'nothing';

interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly metaKey: boolean;
}

/** What a key means here; `inText` where somebody is typing. Null: leave it to the field. */
export function shortcutOf(event: Pressed, inText: boolean): ShortcutName | null {
  const key = event.key.toLowerCase();
  const ctrl = (event.ctrlKey || event.metaKey) && !event.altKey;
  if (key === 'f2' && event.shiftKey) return 'newEmergency';
  if (key === 'f2' || (ctrl && event.shiftKey && key === 'n')) return 'newIncident';
  if (key === 'f12' || (event.ctrlKey && event.altKey && key === 'l')) return 'lock';
  if (key === 'f1') return 'help';
  if (!ctrl || event.shiftKey) return null;
  if (key === 'enter') return 'save';
  // In Spanish this is «guardar»: inside text it stores the draft and stays, outside it saves the form.
  if (key === 'g') return inText ? 'keep' : 'save';
  if (key === 'h') return 'hideNames';
  // In Spanish these are bold, italic and replace: inside text they do nothing at all, rather than leave the form.
  if (key === 'k') return inText ? 'nothing' : 'search';
  // Outside text it locks, whether or not the desktop left us a key that works everywhere.
  if (key === 'l') return inText ? 'nothing' : 'lock';
  if (key === 'n' || key === 's') return 'nothing';
  return null;
}

const isText = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Listens on the window. `save` goes to the form in front, as an event. */
export function useShortcuts(actions: ShortcutActions): void {
  const now = useRef(actions);
  now.current = actions;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const name = shortcutOf(event, isText(event.target));
      if (name === null) return;
      event.preventDefault();
      if (name === 'nothing') return;
      if (name === 'save' || name === 'keep') window.dispatchEvent(new Event(`rg:${name}`));
      else now.current[name]();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

/** Ctrl+Enter saves the form in front; so does Ctrl+G outside its text fields. */
export function useSaveShortcut(save: () => void): void {
  const now = useRef(save);
  now.current = save;
  useEffect(() => {
    const run = (): void => now.current();
    window.addEventListener('rg:save', run);
    return () => window.removeEventListener('rg:save', run);
  }, []);
}
