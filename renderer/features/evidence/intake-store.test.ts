import { describe, expect, test } from 'vitest';
import type { EvidenceId, IncidentId } from '#shared/model/ids.ts';
import { createIntakeStore } from './intake-store.ts';

const incident = 'incident' as IncidentId;
const file = (key: string): { key: string; name: string; sizeBytes: number; state: 'taking' } => ({
  key,
  name: `${key}.mp4`,
  sizeBytes: 5,
  state: 'taking',
});

describe('files on their way into the vault', () => {
  test('what a form began is shown with the incident that it became', () => {
    const store = createIntakeStore();
    store.begin('form', [file('a'), file('b')], null);
    store.begin('other', [file('c')], null);
    store.becomes('form', incident);
    expect(store.of('page', incident).map((item) => item.key)).toEqual(['a', 'b']);
    expect(store.of('page', null)).toEqual([]);
  });

  test('of a saved form a finished file is left to its record, and a failure stays to be read', () => {
    const store = createIntakeStore();
    store.begin('form', [file('a'), file('b')], null);
    store.becomes('form', incident);
    store.change('a', { state: 'done', id: 'e' as EvidenceId });
    store.change('b', { state: 'failed', errorCode: 'disk.full' });
    expect(store.of('page', incident)).toMatchObject([{ key: 'b', state: 'failed', errorCode: 'disk.full' }]);
  });

  test('a form that is left unsaved still has all that it began when its draft is opened again', () => {
    const store = createIntakeStore();
    store.begin('draft', [file('a'), file('b'), file('c')], null);
    store.change('a', { state: 'done', id: 'e' as EvidenceId });
    store.change('b', { state: 'failed', errorCode: 'disk.full' });
    expect(store.of('draft', null)).toMatchObject([
      { key: 'a', state: 'done' },
      { key: 'b', state: 'failed', errorCode: 'disk.full' },
      { key: 'c', state: 'taking' },
    ]);
    store.end('draft');
    expect(store.of('draft', null)).toMatchObject([{ key: 'c' }]);
    store.change('c', { state: 'done' });
    expect(store.snapshot()).toEqual([]);
  });

  test('what fails on the page of an incident, after somebody left it, is read there later', () => {
    const store = createIntakeStore();
    store.begin('page', [file('a')], incident);
    store.end('page');
    store.change('a', { state: 'failed', errorCode: 'disk.full' });
    expect(store.of('page-again', incident)).toMatchObject([{ errorCode: 'disk.full' }]);
  });

  test('whoever looks is told of each change and sees another snapshot', () => {
    const store = createIntakeStore();
    let told = 0;
    const stop = store.subscribe(() => told++);
    const first = store.snapshot();
    store.begin('form', [file('a')], null);
    expect(store.snapshot()).not.toBe(first);
    stop();
    store.change('a', { state: 'done' });
    expect(told).toBe(1);
  });
});
