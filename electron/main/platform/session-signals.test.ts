import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { SystemSignal } from './bus-lines.ts';
import { SENDERS, toolsOnPath, watchSystemSignals } from './session-signals.ts';
import type { SystemSignals } from './session-signals.ts';
import { startFakeSystemBus } from './test-support/fake-logind.ts';
import type { FakeSystemBus } from './test-support/fake-logind.ts';

/** A real bus, real listening programs, and a service that says what the login service says. */
const there = toolsOnPath();
const canRun = process.platform === 'linux' && there.length > 0;
const until = async (look: () => boolean): Promise<void> => {
  await vi.waitFor(() => expect(look()).toBe(true), { timeout: 10_000, interval: 20 });
};
const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

it('has its outside commands where they are promised', () => {
  if (process.env['CI'] === 'true' && process.platform === 'linux') expect(there).not.toEqual([]);
});

describe.skipIf(!canRun)('signals of the system, heard over a bus', () => {
  let bus: FakeSystemBus;
  let watch: SystemSignals | undefined;
  const heard: SystemSignal[] = [];

  beforeEach(async () => {
    heard.length = 0;
    bus = await startFakeSystemBus();
    vi.stubEnv('DBUS_SYSTEM_BUS_ADDRESS', bus.address);
  });
  afterEach(() => {
    watch?.stop();
    bus.stop();
    vi.unstubAllEnvs();
  });

  const listen = async (tool: (typeof there)[number], sessionId?: string): Promise<void> => {
    watch = watchSystemSignals({
      onSignal: (signal) => heard.push(signal),
      sessionId,
      tools: [tool],
      firstPauseMs: 50,
    });
    const all = watch;
    // Some programs say nothing before the first signal: signals without meaning are sent until they are heard.
    await until(() => {
      bus.noise();
      bus.lid(false);
      return SENDERS.every((sender) => all.hears(sender));
    });
  };

  it.each(there)('%s: a lock, sleep and lid are heard, waking and noise are not', async (tool) => {
    await listen(tool, '2');
    expect(heard).toEqual([]);
    bus.noise();
    bus.prepareForSleep(false);
    bus.lockedHint('_32', false);
    bus.lid(false);
    bus.lock('_32');
    await until(() => heard.length === 1);
    bus.lockedHint('_32', true);
    await until(() => heard.length === 2);
    bus.prepareForSleep(true);
    await until(() => heard.length === 3);
    bus.lid(true);
    await until(() => heard.length === 4);
    expect(heard).toEqual(['sessionLock', 'sessionLock', 'suspend', 'lid']);
  });

  it.each(there)('%s: the lock of another session does not count, unless ours is unknown', async (tool) => {
    await listen(tool, '2');
    bus.lock('_33');
    bus.lockedHint('c1', true);
    bus.lock('_32');
    await until(() => heard.length > 0);
    expect(heard).toEqual(['sessionLock']);
    watch?.stop();
    heard.length = 0;
    await listen(tool);
    bus.lock('_33');
    await until(() => heard.length > 0);
    expect(heard).toEqual(['sessionLock']);
  });

  it('a listener that ends is started again and hears', async () => {
    const tool = there[0];
    if (tool === undefined) throw new Error('no listener');
    await listen(tool);
    const pid = watch?.pidFor('org.freedesktop.login1') ?? null;
    if (pid === null) throw new Error('no listener runs');
    process.kill(pid, 'SIGKILL');
    // The moment without a listener is short and may pass between two looks: the other number is the proof.
    await until(() => {
      bus.noise();
      return ![null, pid].includes(watch?.pidFor('org.freedesktop.login1') ?? null);
    });
    heard.length = 0;
    bus.lock('_32');
    await until(() => heard.includes('sessionLock'));
  });

  it('stopping ends the listeners', async () => {
    const tool = there[0];
    if (tool === undefined) throw new Error('no listener');
    await listen(tool);
    const pids = SENDERS.map((sender) => watch?.pidFor(sender) ?? 0);
    expect(pids.every(lives)).toBe(true);
    watch?.stop();
    await until(() => !pids.some(lives));
  });
});
