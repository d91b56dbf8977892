import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { findBrowser } from '../../electron/preview/find-browser.ts';

import { builtFolder, freshFolder, PROJECT } from './support/host.ts';
import { expect, test } from './support/test.ts';

interface Observed {
  tcpOpens: number;
  udpDatagrams: number;
  endedEarly: boolean;
  exit: number | string | null;
  errors: string;
}

const NAMESPACE = ['-n', '--', 'sh', '-c'];
const SET_UP =
  'ip link set lo up && ip route add default dev lo && ip -6 route add default dev lo; exec "$0" "$@"';

const canHaveNamespace = (): boolean =>
  process.platform === 'linux' && spawnSync('unshare', [...NAMESPACE, SET_UP, 'true']).status === 0;

const observe = (seconds: number, env: Record<string, string>, ...command: string[]): Observed => {
  const output = execFileSync(
    'unshare',
    [
      ...NAMESPACE,
      SET_UP,
      process.execPath,
      join(PROJECT, 'tests/e2e/network/observe.mjs'),
      String(seconds),
      ...command,
    ],
    { env: { ...process.env, ...env }, encoding: 'utf8', timeout: (seconds + 40) * 1_000 },
  );
  return JSON.parse(output) as Observed;
};

/** Whole process tree, by the kernel's own counters, with a control in the same kind of namespace. */
test('nothing is sent while the application is open and idle', () => {
  test.setTimeout(150_000);
  const possible = canHaveNamespace();
  if (process.env['CI'] === 'true')
    expect(possible, 'CI must be able to make a network namespace').toBe(true);
  test.skip(!possible, 'needs Linux, `unshare -n` and `ip`');

  const control = observe(
    12,
    {},
    process.execPath,
    join(PROJECT, 'tests/e2e/network/plain-browser.mjs'),
    findBrowser() ?? '',
  );
  expect(control.udpDatagrams + control.tcpOpens, 'the control must move the counters').toBeGreaterThan(0);

  const home = freshFolder('home');
  const seen = observe(
    25,
    { XDG_DATA_HOME: home },
    process.execPath,
    join(builtFolder(), 'main/preview.js'),
    '--headless',
  );
  rmSync(home, { recursive: true, force: true });
  expect(seen.endedEarly, seen.errors).toBe(false);
  expect(seen).toMatchObject({ tcpOpens: 0, udpDatagrams: 0, exit: 0 });
});
