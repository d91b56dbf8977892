import { describe, expect, it } from 'vitest';

import { createBusReader, sessionPath } from './bus-lines.ts';
import type { BusTool, SystemSignal } from './bus-lines.ts';

const read = (tool: BusTool, pieces: readonly string[], sessionId?: string) => {
  const heard: SystemSignal[] = [];
  const reader = createBusReader(tool, (signal) => heard.push(signal), sessionId);
  const good = pieces.map((piece) => reader.read(piece));
  return { heard, good };
};

const LOCK = '/org/freedesktop/login1/session/_32: org.freedesktop.login1.Session.Lock ()\n';
const SLEEP = '/org/freedesktop/login1: org.freedesktop.login1.Manager.PrepareForSleep (true,)\n';

describe('what a listening program prints', () => {
  it('is read in any pieces', () => {
    const text = `Monitoring signals\n${LOCK}${SLEEP}`;
    for (let at = 1; at < text.length; at += 7)
      expect(read('gdbus', [text.slice(0, at), text.slice(at)]).heard).toEqual(['sessionLock', 'suspend']);
  });

  it.each([
    ['a word in the arguments', "/a: org.freedesktop.login1.Manager.SessionNew ('Lock', objectpath '/x')\n"],
    ['waking', '/org/freedesktop/login1: org.freedesktop.login1.Manager.PrepareForSleep (false,)\n'],
    ['a name that only ends alike', '/x/session/_32: com.example.login1.Session.Lock ()\n'],
    ['a lock outside a session', '/org/freedesktop/login1: org.freedesktop.login1.Session.Lock ()\n'],
    ['an unlock', '/org/freedesktop/login1/session/_32: org.freedesktop.login1.Session.Unlock ()\n'],
    ['half a line', LOCK.slice(0, -1)],
    ['text before the path', `x ${LOCK}`],
  ])('%s means nothing', (_name, text) => {
    expect(read('gdbus', [text]).heard).toEqual([]);
  });

  it('an endless line ends the listener', () => {
    expect(read('gdbus', ['x'.repeat(70_000)]).good).toEqual([false]);
    expect(read('gdbus', [`${'x'.repeat(70_000)}\n`, LOCK])).toEqual({
      heard: ['sessionLock'],
      good: [true, true],
    });
  });

  it('broken JSON means nothing', () => {
    const good = {
      type: 'signal',
      path: '/org/freedesktop/login1/session/_32',
      interface: 'org.freedesktop.login1.Session',
      member: 'Lock',
      payload: { type: '', data: [] },
    };
    const lines = ['{', 'null', '[]', '{"type":"signal"}', JSON.stringify({ ...good, type: 'method_call' })];
    expect(read('busctl', [`${lines.join('\n')}\n`]).heard).toEqual([]);
    expect(read('busctl', [`${JSON.stringify(good)}\n`]).heard).toEqual(['sessionLock']);
  });

  it('properties of another program with arguments below them mean nothing', () => {
    const head = (path: string) =>
      `signal time=1.2 sender=:1.3 -> destination=(null destination) serial=5 path=${path}; interface=org.freedesktop.DBus.Properties; member=PropertiesChanged\n`;
    const body =
      '   string "org.freedesktop.login1.Session"\n   array [\n      dict entry(\n         string "LockedHint"\n         variant             boolean true\n      )\n   ]\n';
    expect(read('dbus-monitor', [head('/org/other'), body]).heard).toEqual([]);
    expect(read('dbus-monitor', [head('/org/freedesktop/login1/session/_32'), body]).heard).toEqual([
      'sessionLock',
    ]);
    expect(
      read('dbus-monitor', [
        head('/org/freedesktop/login1/session/_32'),
        body.replace('LockedHint', 'IdleHint'),
      ]).heard,
    ).toEqual([]);
  });

  it('session ids become paths as logind writes them', () => {
    expect(sessionPath('2')).toBe('/org/freedesktop/login1/session/_32');
    expect(sessionPath('31')).toBe('/org/freedesktop/login1/session/_331');
    expect(sessionPath('c1')).toBe('/org/freedesktop/login1/session/c1');
    expect(sessionPath('a-b')).toBe('/org/freedesktop/login1/session/a_2db');
  });
});
