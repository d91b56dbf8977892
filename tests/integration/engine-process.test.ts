import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { UtilityProcess as ElectronProcess } from 'electron';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { EngineSettings, FromEngine } from '#shared/contract/engine-wire.ts';

import { UtilityProcess } from '../../electron/preview/utility-process.ts';
import { attachEngine } from '../../electron/main/engine/engine-process.ts';

/** Real processes behind the shell's end of the wire: one that answers, one that hangs, one that is gone. */
const SETTINGS: EngineSettings = {
  host: 'preview',
  practiceOnly: true,
  profileFolder: null,
  localNames: [],
  version: '0',
  logFolder: null,
};

const PROGRAM = `
process.on('message', ({ data }) => {
  const say = (message) => process.send({ k: 'message', data: message, ports: [] });
  if (data.type === 'call' && data.method === 'echo') say({ type: 'answer', id: data.id, result: { ok: true, value: data.input } });
  if (data.type === 'call' && data.method === 'exit') process.exit(3);
  if (data.type === 'call' && data.method === 'block') for (;;);
  if (data.type === 'call' && data.method === 'tell') say({ type: 'event', event: { name: 'x.changed', payload: {} } });
  if (data.type === 'lock') say({ type: 'locked' });
});
`;

let folder = '';
const started: UtilityProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resguardo-engine-'));
  writeFileSync(join(folder, 'engine.mjs'), PROGRAM);
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill();
  rmSync(folder, { recursive: true, force: true });
});

const engine = () => {
  const told: FromEngine[] = [];
  let exits = 0;
  const child = new UtilityProcess(
    fork(join(folder, 'engine.mjs'), [], { serialization: 'advanced', stdio: 'ignore' }),
  );
  started.push(child);
  const attached = attachEngine(child as unknown as ElectronProcess, SETTINGS, {
    onMessage: (message) => told.push(message),
    onExit: () => (exits += 1),
  });
  return { attached, told, exits: () => exits };
};

describe('the engine as the shell holds it', () => {
  it('gives each call its own answer', async () => {
    const { attached } = engine();
    const answers = await Promise.all([1, 2, 3].map((n) => attached.call('echo', n)));
    expect(answers).toEqual([1, 2, 3].map((value) => ({ ok: true, value })));
  });

  it('fails every waiting call, grant and view when the process ends, and every later one at once', async () => {
    const { attached, exits } = engine();
    const stopped = { ok: false, error: { code: 'call.engineStopped' } };
    const waiting = [attached.call('silent', 1), attached.call('silent', 2)];
    const grant = attached.grant({ id: 'a', kind: 'targetFile', path: '/x', name: 'x' });
    const view = attached.view('a'.repeat(32), null);
    expect(await attached.call('exit', null)).toEqual(stopped);
    expect(await Promise.all(waiting)).toEqual([stopped, stopped]);
    expect(await grant).toEqual({ code: 'call.engineStopped' });
    expect(await view).toBeNull();
    expect(exits()).toBe(1);
    expect(attached.alive()).toBe(false);
    expect(await attached.call('echo', 1)).toEqual(stopped);
  });

  it('passes on what the engine says of its own accord', async () => {
    const { attached, told } = engine();
    void attached.call('tell', null);
    await expect.poll(() => told).toEqual([{ type: 'event', event: { name: 'x.changed', payload: {} } }]);
  });

  it('ends a willing process without waiting out the grace', async () => {
    const { attached } = engine();
    await attached.call('echo', 1);
    await attached.end(5_000);
    expect(attached.alive()).toBe(false);
  });

  it('kills a process that does not listen, soon after the grace', async () => {
    const { attached } = engine();
    await attached.call('echo', 1);
    void attached.call('block', null);
    await new Promise((next) => setTimeout(next, 100));
    const startMs = performance.now();
    await attached.end(150);
    expect(performance.now() - startMs).toBeGreaterThan(140);
    expect(performance.now() - startMs).toBeLessThan(1_000);
    expect(attached.alive()).toBe(false);
  });
});
