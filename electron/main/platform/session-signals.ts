import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

import { createBusReader } from './bus-lines.ts';
import type { BusTool, SystemSignal } from './bus-lines.ts';

/** Asked in this order: the first works for everybody, the last only where eavesdropping is allowed. */
const TOOLS: readonly BusTool[] = ['gdbus', 'dbus-monitor', 'busctl'];
/** Who says that the session is locked or the computer sleeps, and who says that the lid is down. */
export const SENDERS = ['org.freedesktop.login1', 'org.freedesktop.UPower'] as const;

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** A listener that lived this long was a good one: the next pause is short again. */
const GOOD_LIFE_MS = 60_000;

/** Nothing of ours stands in these: anybody on the computer may read the arguments of a process. */
export const toolArguments = (tool: BusTool, sender: string): string[] => {
  if (tool === 'gdbus') return ['monitor', '--system', '--dest', sender];
  if (tool === 'dbus-monitor') return ['--system', `type='signal',sender='${sender}'`];
  return ['monitor', '--system', '--json=short', `--match=type='signal',sender='${sender}'`];
};

const onPath = (name: string, path: string): boolean =>
  path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });

/** The listening programs that this computer has. */
export const toolsOnPath = (path = process.env['PATH'] ?? ''): BusTool[] =>
  TOOLS.filter((tool) => onPath(tool, path));

/** Only what a listener needs to find the bus; the rest of our surroundings is not its business. */
const environment = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'] ?? '',
  LC_ALL: 'C',
  ...(process.env['DBUS_SYSTEM_BUS_ADDRESS'] === undefined
    ? {}
    : { DBUS_SYSTEM_BUS_ADDRESS: process.env['DBUS_SYSTEM_BUS_ADDRESS'] }),
});

/**
 * Hears on Linux that the session is locked, that the computer is about to sleep and that the lid is down.
 * Electron tells of the first only on Windows and macOS. A listening program of the system is run and read;
 * where it ends it is started again after a pause that grows, with the next program that is there.
 */
export const watchSystemSignals = (options: {
  onSignal: (signal: SystemSignal) => void;
  /** Session of the person at the desk, as logind names it; left out: every session counts. */
  sessionId?: string | undefined;
  tools?: readonly BusTool[];
  senders?: readonly string[];
  firstPauseMs?: number;
}) => {
  const tools = options.tools ?? toolsOnPath();
  const firstPauseMs = options.firstPauseMs ?? FIRST_PAUSE_MS;
  const running = new Set<() => void>();
  const listening = new Map<string, number>();
  let stopped = false;

  const follow = (sender: string): void => {
    let turn = 0;
    let pauseMs = firstPauseMs;
    let timer: NodeJS.Timeout | undefined;

    const start = (): void => {
      const tool = tools[turn % tools.length];
      if (stopped || tool === undefined) return;
      const startedMs = performance.now();
      const child = spawn(tool, toolArguments(tool, sender), {
        stdio: ['ignore', 'pipe', 'ignore'],
        env: environment(),
        windowsHide: true,
      });
      const reader = createBusReader(tool, options.onSignal, options.sessionId);
      const end = (): void => void child.kill('SIGTERM');
      running.add(end);
      child.stdout.setEncoding('utf8');
      let over = false;
      child.stdout.on('data', (text: string) => {
        if (!reader.read(text)) end();
        // What was still in the pipe of a program that ended counts as heard, but nobody listens any more.
        if (!over && reader.connected()) listening.set(sender, child.pid ?? 0);
      });
      child.stdout.on('error', () => undefined);
      const after = (): void => {
        if (over) return;
        over = true;
        running.delete(end);
        listening.delete(sender);
        if (stopped) return;
        if (performance.now() - startedMs >= GOOD_LIFE_MS) pauseMs = firstPauseMs;
        else turn += 1;
        timer = setTimeout(start, pauseMs);
        timer.unref();
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      };
      child.once('error', after);
      child.once('exit', after);
    };
    running.add(() => clearTimeout(timer));
    start();
  };
  if (tools.length > 0) for (const sender of options.senders ?? SENDERS) follow(sender);

  return {
    /** Whether a listener runs that signals reach. */
    hears: (sender: string): boolean => listening.has(sender),
    /** Process number of the listener for a sender, or null. */
    pidFor: (sender: string): number | null => listening.get(sender) ?? null,
    stop(): void {
      stopped = true;
      for (const end of running) end();
      running.clear();
      listening.clear();
    },
  };
};

export type SystemSignals = ReturnType<typeof watchSystemSignals>;
