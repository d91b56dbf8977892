import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * What a disk may hold after the power went, computed from the system calls of a real process: everything that was
 * synced, and of the rest any part in any order, sector by sector. A killed process never shows this, because the
 * system still has its pages.
 */
type Call =
  | { readonly kind: 'write'; readonly path: string; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly path: string; readonly length: number }
  | { readonly kind: 'create' | 'remove'; readonly path: string }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string }
  | { readonly kind: 'sync'; readonly path: string }
  /** The process said on its output that something is kept. */
  | { readonly kind: 'answer'; readonly text: string };

const SECTOR = 512;

const unescape = (text: string): Buffer => Buffer.from(text.replaceAll('\\x', ''), 'hex');
const pathOf = (text: string): string => unescape(text).toString();

/** Options of strace whose output `readCalls` understands. */
export const straceOptions = (output: string): string[] => [
  ...['strace', '-f', '-y', '-xx', '-s', '65536', '-o', output],
  ...['-e', 'trace=pwrite64,write,fsync,fdatasync,openat,ftruncate,rename,unlink'],
];

/** The calls below `root`, and the answers, in order. */
export const readCalls = (trace: string, root: string): Call[] => {
  const calls: Call[] = [];
  const within = (path: string): boolean => path.startsWith(`${root}/`) || path === root;
  for (const line of readFileSync(trace, 'latin1').split('\n')) {
    if (/ = -1 /u.test(line) || line.includes('<unfinished')) continue;
    const text = line.replace(/^\d+ +/u, '');
    const data = /^p?write(?:64)?\((\d+)<([^>]*)>, "([^"]*)"(?:\.\.\.)?, (\d+)(?:, (\d+))?\)/u.exec(text);
    if (data !== null) {
      const [, fd = '', path = '', bytes = '', , at] = data;
      if (at !== undefined && within(pathOf(path))) {
        calls.push({ kind: 'write', path: pathOf(path), at: Number(at), bytes: unescape(bytes) });
      } else if (fd === '1') calls.push({ kind: 'answer', text: unescape(bytes).toString() });
      continue;
    }
    const sync = /^f(?:data)?sync\(\d+<([^>]*)>\)/u.exec(text);
    if (sync !== null) {
      if (within(pathOf(sync[1] ?? ''))) calls.push({ kind: 'sync', path: pathOf(sync[1] ?? '') });
      continue;
    }
    const cut = /^ftruncate\(\d+<([^>]*)>, (\d+)\)/u.exec(text);
    if (cut !== null) {
      const path = pathOf(cut[1] ?? '');
      if (within(path)) calls.push({ kind: 'truncate', path, length: Number(cut[2]) });
      continue;
    }
    const opened = /^openat\([^,]*, "([^"]*)", ([^)]*)\) = \d+/u.exec(text);
    if (opened !== null) {
      const path = pathOf(opened[1] ?? '');
      if (within(path) && (opened[2] ?? '').includes('O_CREAT')) calls.push({ kind: 'create', path });
      continue;
    }
    const named = /^(rename|unlink)\("([^"]*)"(?:, "([^"]*)")?\)/u.exec(text);
    if (named === null) continue;
    const path = pathOf(named[2] ?? '');
    if (!within(path)) continue;
    if (named[1] === 'unlink') calls.push({ kind: 'remove', path });
    else calls.push({ kind: 'rename', path, to: pathOf(named[3] ?? '') });
  }
  return calls;
};

type Change = Exclude<Call, { kind: 'sync' | 'answer' }>;

/** A folder as the disk surely has it, and what was asked of it since without a sync. */
interface Disk {
  readonly files: ReadonlyMap<string, Buffer>;
  readonly pending: readonly Change[];
}

const filesOf = (folder: string): Map<string, Buffer> =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path, readFileSync(path)]),
  );

/** Carries out one change, or of a write those sectors that `reaches` lets through. */
const apply = (files: Map<string, Buffer>, change: Change, reaches: () => boolean): void => {
  const now = files.get(change.path);
  switch (change.kind) {
    case 'create':
      if (now === undefined) files.set(change.path, Buffer.alloc(0));
      return;
    case 'remove':
      files.delete(change.path);
      return;
    case 'rename':
      if (now !== undefined) files.set(change.to, now);
      files.delete(change.path);
      return;
    case 'truncate': {
      const cut = Buffer.alloc(change.length);
      now?.copy(cut);
      files.set(change.path, cut);
      return;
    }
    case 'write': {
      if (now === undefined) return;
      const { at, bytes } = change;
      let out = Buffer.from(now);
      for (let from = 0; from < bytes.length;) {
        const to = Math.min(bytes.length, from + SECTOR - ((at + from) % SECTOR));
        if (reaches()) {
          if (at + to > out.length) out = Buffer.concat([out, Buffer.alloc(at + to - out.length)]);
          bytes.copy(out, at + from, from, to);
        }
        from = to;
      }
      files.set(change.path, out);
    }
  }
};

const advance = (disk: Disk, call: Call): Disk => {
  if (call.kind === 'answer') return disk;
  if (call.kind !== 'sync') return { ...disk, pending: [...disk.pending, call] };
  // A synced folder keeps the names in it; a synced file its contents and, where it is new, its name.
  const mine = (one: Change): boolean => one.path === call.path || dirname(one.path) === call.path;
  const files = new Map(disk.files);
  for (const one of disk.pending) if (mine(one)) apply(files, one, () => true);
  return { files, pending: disk.pending.filter((one) => !mine(one)) };
};

/** What a power cut may leave, and what had been promised by then. */
export interface Remains {
  readonly promised: readonly string[];
  /** Writes the files into a folder that takes the place of the one that was watched. */
  restore(folder: string): void;
}

/**
 * Remains of power cuts at moments spread over a run.
 *
 * @param before folder as it lay durable before the run; `root` its path in the trace.
 * @param draw numbers from 0 to 1.
 */
export function* powerCuts(
  before: string,
  root: string,
  calls: readonly Call[],
  count: number,
  draw: () => number,
): Generator<Remains> {
  const files = new Map(
    [...filesOf(before)].map(([path, bytes]) => [root + path.slice(before.length), bytes]),
  );
  let disk: Disk = { files, pending: [] };
  const first = calls.findIndex((call) => call.kind === 'answer');
  const span = calls.length - first;
  const moments = new Set(Array.from({ length: count }, () => first + Math.floor(draw() * span)));
  const promised: string[] = [];
  for (const [index, call] of calls.entries()) {
    disk = advance(disk, call);
    if (call.kind === 'answer') promised.push(call.text);
    if (!moments.has(index)) continue;
    const left = new Map(disk.files);
    // How much of it got through differs from cut to cut: nothing, all, or some.
    const share = draw();
    const happens = (): boolean => draw() < share;
    for (const one of disk.pending) if (one.kind === 'write' || happens()) apply(left, one, happens);
    yield {
      promised: [...promised],
      restore: (folder) => {
        for (const [path, bytes] of left) {
          const target = join(folder, path.slice(root.length));
          mkdirSync(dirname(target), { recursive: true });
          writeFileSync(target, bytes);
        }
      },
    };
  }
}
