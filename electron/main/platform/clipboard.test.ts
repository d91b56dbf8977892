import { EventEmitter } from 'node:events';

import type { WebContents } from 'electron';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { watchClipboard, watchCopyKeys } from './clipboard.ts';

const system = vi.hoisted(() => ({ text: '' }));
vi.mock('electron', () => ({
  app: {},
  clipboard: {
    readText: () => Promise.resolve(system.text),
    writeText: (text: string) => {
      system.text = text;
      return Promise.resolve();
    },
    clear: () => {
      system.text = '';
    },
  },
}));

const later = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('the clipboard', () => {
  beforeEach(() => {
    system.text = '';
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is emptied of what we put there, after the time', async () => {
    await watchClipboard(() => 30).write('nombre');
    await later(29_000);
    expect(system.text).toBe('nombre');
    await later(2_000);
    expect(system.text).toBe('');
  });

  it('keeps what another program put there since', async () => {
    const watch = watchClipboard(() => 30);
    await watch.write('nombre');
    system.text = 'lista de compras';
    await later(60_000);
    await watch.clear();
    expect(system.text).toBe('lista de compras');
  });

  it('a copy past us starts the time, and a lock does not wait for it', async () => {
    const watch = watchClipboard(() => 30);
    system.text = 'copiado en la página';
    watch.copied();
    await later(200);
    await watch.clear();
    expect(system.text).toBe('');
  });

  it('what came while our window was in front is ours; what was there before is not', async () => {
    const watch = watchClipboard(() => 30);
    system.text = 'de otro programa';
    await watch.entered();
    await watch.left();
    await later(60_000);
    expect(system.text).toBe('de otro programa');
    await watch.entered();
    system.text = 'del menú Edición';
    await watch.left();
    await later(31_000);
    expect(system.text).toBe('');
  });

  it('keys that copy are seen in any frame; others are not', async () => {
    const contents = new EventEmitter();
    const copied = vi.fn();
    watchCopyKeys(contents as unknown as WebContents, { copied });
    const press = (key: string, rest: object = {}): void =>
      void contents.emit(
        'before-input-event',
        {},
        { type: 'keyDown', key, control: true, meta: false, alt: false, ...rest },
      );
    press('c');
    press('X');
    press('Insert');
    press('c', { control: false, meta: true });
    expect(copied).toHaveBeenCalledTimes(4);
    press('v');
    press('c', { control: false });
    press('c', { type: 'keyUp' });
    press('c', { alt: true });
    expect(copied).toHaveBeenCalledTimes(4);
  });
});
