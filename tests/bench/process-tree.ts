import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** Resident bytes of a process. */
export interface Usage {
  /** Of it alone. */
  readonly own: number;
  /** Of it and of every process below it, as lists of processes show them: a shared page counts in each. */
  readonly all: number;
  /** The same, of the processes below only what is theirs alone: the program's own pages count once. */
  readonly once: number;
}

const noUsage = (): Usage => ({ own: 0, all: 0, once: 0 });

const kilobytes = (text: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'mu').exec(text)?.[1] ?? 0) * 1024;

/** Pages that nobody shares with it. */
const privateBytes = (pid: number): number => {
  const all = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return kilobytes(all, 'Private_Clean') + kilobytes(all, 'Private_Dirty');
};

function treeBytes(pid: number = process.pid, seconds = new Map<number, number>()): Usage {
  try {
    const own = kilobytes(readFileSync(`/proc/${pid}/status`, 'utf8'), 'VmRSS');
    // Behind the name of the program, which may hold anything: the eleventh and twelfth from there are its times.
    const times = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    seconds.set(pid, (Number(times[11] ?? 0) + Number(times[12] ?? 0)) / TICKS_PER_SECOND);
    const below = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')
        .split(' ')
        .filter((child) => child !== ''),
    );
    const first = pid === process.pid ? own : privateBytes(pid);
    return below
      .map((child) => treeBytes(Number(child), seconds))
      .reduce((sum, child) => ({ own, all: sum.all + child.all, once: sum.once + child.once }), {
        own,
        all: own,
        once: first,
      });
  } catch {
    return noUsage();
  }
}

/** Watches this process and those below it until `stop`: the most that they held, and the processor time of each. */
export function watchTree(): { stop(): { peak: Usage; engineSeconds: number; parserSeconds: number } } {
  const before = new Map<number, number>();
  treeBytes(process.pid, before);
  const seconds = new Map<number, number>();
  const cpu = process.cpuUsage();
  let peak = noUsage();
  const look = (): void => {
    const now = treeBytes(process.pid, seconds);
    peak = {
      own: Math.max(peak.own, now.own),
      all: Math.max(peak.all, now.all),
      once: Math.max(peak.once, now.once),
    };
  };
  const watch = setInterval(look, 20);
  return {
    stop: () => {
      look();
      clearInterval(watch);
      const own = process.cpuUsage(cpu);
      const parserSeconds = [...seconds]
        .filter(([pid]) => pid !== process.pid)
        .reduce((sum, [pid, used]) => sum + used - (before.get(pid) ?? 0), 0);
      return { peak, engineSeconds: (own.user + own.system) / 1e6, parserSeconds };
    },
  };
}
