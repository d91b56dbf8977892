import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAutosave, type SaveState } from './autosave.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('autosave', () => {
  it('saves after a pause, once, with the newest words', async () => {
    const saved: string[] = [];
    const draft = createAutosave<string>({ save: async (v) => void saved.push(v) });
    draft.change('a');
    draft.change('ab');
    await vi.advanceTimersByTimeAsync(499);
    expect(saved).toEqual([]);
    await vi.advanceTimersByTimeAsync(2);
    expect(saved).toEqual(['ab']);
  });

  it('is never two seconds behind somebody who does not pause', async () => {
    const saved: { at: number; value: number }[] = [];
    const draft = createAutosave<number>({
      save: async (value) => void saved.push({ at: Date.now(), value }),
    });
    const start = Date.now();
    const typed: number[] = [];
    for (let i = 0; i < 200; i += 1) {
      draft.change(i);
      typed.push(Date.now());
      await vi.advanceTimersByTimeAsync(50);
    }
    await vi.advanceTimersByTimeAsync(2_000);
    expect(saved.at(-1)?.value).toBe(199);
    for (const [value, at] of typed.entries()) {
      const kept = saved.find((s) => s.value >= value);
      expect((kept?.at ?? Infinity) - at).toBeLessThanOrEqual(2_000);
    }
    expect(saved.length).toBeLessThan((Date.now() - start) / 1_000);
  });

  it('does not let a slow save overwrite a later one', async () => {
    const order: string[] = [];
    let release: (() => void) | undefined;
    const draft = createAutosave<string>({
      save: async (value) => {
        order.push(`begin ${value}`);
        if (value === 'first') await new Promise<void>((done) => (release = done));
        order.push(`end ${value}`);
      },
    });
    draft.change('first');
    void draft.flush();
    await vi.advanceTimersByTimeAsync(1);
    draft.change('second');
    const last = draft.flush();
    await vi.advanceTimersByTimeAsync(1);
    expect(order).toEqual(['begin first']);
    release?.();
    await last;
    expect(order).toEqual(['begin first', 'end first', 'begin second', 'end second']);
  });

  it('tells when a draft could not be kept, and tries again', async () => {
    const states: SaveState[] = [];
    let fail = true;
    const saved: string[] = [];
    const draft = createAutosave<string>({
      save: async (value) => {
        if (fail) throw new Error('full');
        saved.push(value);
      },
      onState: (state) => states.push(state),
    });
    draft.change('words');
    await draft.flush();
    expect(states.at(-1)).toBe('failed');
    fail = false;
    await draft.flush();
    expect(saved).toEqual(['words']);
    expect(states.at(-1)).toBe('saved');
  });

  it('writes nothing after the record was saved', async () => {
    const saved: string[] = [];
    const draft = createAutosave<string>({ save: async (v) => void saved.push(v) });
    draft.change('a');
    draft.stop();
    draft.change('b');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(saved).toEqual([]);
  });
});
