import { execFile, fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import type { ParserChannel, ParserKind, ParserLauncher } from '../parser.ts';
import { SharedTray } from './shared-tray.ts';

/** Where the built entrances lie, as absolute paths, and what else they may read. */
export interface NodeParserBundles {
  readonly wasm: string;
  readonly image: string;
  /** Files and folders that the bundles read; found beside them when left out. */
  readonly readable?: readonly string[];
}

/** What stands around a parser process on this computer, for the security report and the tests. */
export interface ParserWalls {
  /** Node's own permission model: no writing, no children, reading of the listed folders only. */
  readonly permissions: boolean;
  /** Own network namespace with nothing in it. */
  readonly network: boolean;
  /** Own mount namespace that holds the program and nothing of the user. */
  readonly files: boolean;
  /** Limits of the kernel: no core dump, no growing file, data size. */
  readonly limits: boolean;
}

export interface NodeParserLauncher extends ParserLauncher {
  walls(): Promise<ParserWalls>;
}

const MAX_OLD_SPACE_MB = 768;
/** Private writable memory, WebAssembly included; the client's own watch acts earlier. */
const MAX_DATA_BYTES = 3 * 1024 * 1024 * 1024;
const SYSTEM_FOLDERS = ['/usr', '/bin', '/sbin', '/lib', '/lib64', '/lib32'] as const;
const PROBE_MS = 5_000;
/** Place of the pipe for bytes among the process's own; `electron/parser/port.ts` reads it. */
const INLET = 4;
/**
 * What is short-lived is collected in small steps: records and pieces of files are gone at once, and with the usual
 * nurseries a process keeps tens of megabytes of them.
 */
const MAX_SEMI_SPACE_MB = 2;

const findTool = (name: string): string | null =>
  ['/usr/bin', '/bin', '/usr/sbin', '/sbin']
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path)) ?? null;

const works = (file: string, args: readonly string[]): Promise<boolean> =>
  new Promise((resolve) => {
    execFile(file, args, { env: {}, timeout: PROBE_MS }, (error) => resolve(error === null));
  });

/** The folder with `node_modules` above a bundle, and the files in it that Node's loader needs. */
const findReadable = (bundle: string): string[] => {
  const found = [dirname(bundle)];
  for (let folder = dirname(bundle); folder !== dirname(folder); folder = dirname(folder)) {
    const modules = join(folder, 'node_modules');
    if (!existsSync(modules)) continue;
    found.push(modules);
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) found.push(manifest);
    break;
  }
  return found;
};

/** Flags of Node's permission model, by the name that this version knows; none on older ones. */
const permissionFlags = (kind: ParserKind, readable: readonly string[]): string[] => {
  const known = process.allowedNodeEnvironmentFlags;
  const name = ['--permission', '--experimental-permission'].find((flag) => known.has(flag));
  // Without a way to forbid addons the older form of the flag would only give false comfort.
  if (name === undefined || !known.has('--allow-addons')) return [];
  const flags = [name, ...readable.map((path) => `--allow-fs-read=${path}`)];
  if (kind === 'image') flags.push('--allow-addons');
  return flags;
};

const bubblewrapArgs = (readable: readonly string[]): string[] => {
  const args = ['--unshare-all', '--die-with-parent', '--new-session', '--cap-drop', 'ALL'];
  for (const folder of SYSTEM_FOLDERS) args.push('--ro-bind-try', folder, folder);
  args.push('--ro-bind-try', '/etc/ld.so.cache', '/etc/ld.so.cache');
  const programFolder = dirname(dirname(process.execPath));
  if (!SYSTEM_FOLDERS.some((folder) => process.execPath.startsWith(`${folder}/`))) {
    args.push('--ro-bind', programFolder, programFolder);
  }
  args.push('--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', '--dir', '/work-empty');
  for (const path of readable) args.push('--ro-bind', path, path);
  args.push('--remount-ro', '/', '--chdir', '/work-empty');
  return args;
};

interface Wrapping {
  readonly prefix: readonly string[];
  readonly bubblewrap: boolean;
  readonly walls: Omit<ParserWalls, 'permissions'>;
}

/** Finds out once what this computer lets us put around a process. Nothing of it is needed to run. */
const probe = async (readable: readonly string[]): Promise<Wrapping> => {
  const prefix: string[] = [];
  const walls = { network: false, files: false, limits: false };
  if (process.platform !== 'linux') return { prefix, bubblewrap: false, walls };
  const prlimit = findTool('prlimit');
  const limitArgs = ['--core=0', '--fsize=0', `--data=${MAX_DATA_BYTES}`];
  if (prlimit !== null && (await works(prlimit, [...limitArgs, process.execPath, '--version']))) {
    prefix.push(prlimit, ...limitArgs);
    walls.limits = true;
  }
  const bubblewrap = findTool('bwrap');
  if (
    bubblewrap !== null &&
    (await works(bubblewrap, [...bubblewrapArgs(readable), '--', process.execPath, '--version']))
  ) {
    return { prefix, bubblewrap: true, walls: { ...walls, network: true, files: true } };
  }
  const unshare = findTool('unshare');
  for (const args of [['--net'], ['--map-root-user', '--net']]) {
    if (unshare === null || !(await works(unshare, [...args, '--', process.execPath, '--version']))) continue;
    prefix.push(unshare, ...args, '--');
    return { prefix, bubblewrap: false, walls: { ...walls, network: true } };
  }
  const setpriv = findTool('setpriv');
  if (setpriv !== null && (await works(setpriv, ['--no-new-privs', process.execPath, '--version']))) {
    prefix.push(setpriv, '--no-new-privs');
  }
  return { prefix, bubblewrap: false, walls };
};

/** Resident memory of a process and its children, in bytes, from /proc; null where it cannot be read. */
const residentBytes = async (pid: number): Promise<number | null> => {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    let bytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    for (const child of children.split(' ').filter((text) => text !== '')) {
      bytes += (await residentBytes(Number(child))) ?? 0;
    }
    return bytes;
  } catch {
    return null;
  }
};

const isWindows = process.platform === 'win32';

/** Processes that lead a group of their own. */
const LEADERS = new WeakSet<ChildProcess>();

/**
 * Ends a process and what it started. A wrapper that is killed while it starts leaves its child waiting for it for
 * ever, so the whole group goes. What has left it by then dies with the wrapper.
 */
const killTree = (child: ChildProcess): void => {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (LEADERS.has(child)) process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
};

/** Processes that nobody ended yet: the orderly end of this one takes them along. */
const RUNNING = new Set<ChildProcess>();
const endRunning = (): void => {
  for (const child of RUNNING) killTree(child);
};
const watch = (child: ChildProcess, leads: boolean): void => {
  // It never came to be; its error tells.
  if (child.pid === undefined) return;
  if (leads) LEADERS.add(child);
  if (RUNNING.size === 0) process.on('exit', endRunning);
  RUNNING.add(child);
  child.once('exit', () => {
    RUNNING.delete(child);
    if (RUNNING.size === 0) process.off('exit', endRunning);
  });
};

const channelOf = (
  child: ChildProcess,
  folder: string,
  tray: SharedTray | null,
): ParserChannel & { readonly pid: number | undefined } => {
  const exits: (() => void)[] = [];
  let gone = false;
  const end = (): void => {
    if (gone) return;
    gone = true;
    tray?.close();
    void rmdir(folder).catch(() => undefined);
    for (const listener of exits) listener();
  };
  child.on('exit', end);
  child.on('error', end);
  // Bytes beside the messages: no copies, and no memory that has to be collected again. Where this process may open
  // no more handles the child never was, and has no streams either, whatever its type says; its error tells of that.
  const inlet = (child as Partial<Pick<ChildProcess, 'stdio'>>).stdio?.[INLET];
  // A process that ends leaves some unread; its exit tells of that.
  inlet?.on('error', () => undefined);
  return {
    pid: child.pid,
    post: (message) => {
      // A closed channel is told by the exit; an error thrown here would say the same twice.
      if (child.connected) child.send(message as object, () => undefined);
    },
    ...(inlet instanceof Writable ? { pour: (bytes: Uint8Array) => void inlet.write(bytes) } : {}),
    ...(tray === null ? {} : { lay: (bytes: Uint8Array, slot: number) => tray.lay(bytes, slot) }),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => {
      if (gone) listener();
      else exits.push(listener);
    },
    kill: () => {
      killTree(child);
      inlet?.destroy();
      // Nothing may keep this process from ending.
      if (child.connected) child.disconnect();
    },
    residentBytes: () => (child.pid === undefined ? Promise.resolve(null) : residentBytes(child.pid)),
  };
};

/**
 * Starts parser processes with `child_process.fork`, for the command line, preview and tests. The process
 * gets an empty environment (Node adds the two variables of its channel), an empty folder, no standard
 * streams, bounded heap, no code from strings, Node's permissions where this version has them, and on Linux
 * whatever of bubblewrap, network namespace and limits this user may use.
 * @param bundles absolute paths of the built entrances
 */
export const createNodeParserLauncher = (bundles: NodeParserBundles): NodeParserLauncher => {
  const readable = [
    ...new Set(bundles.readable ?? [...findReadable(bundles.wasm), ...findReadable(bundles.image)]),
  ];
  let probed: Promise<Wrapping> | undefined;
  const wrapping = (): Promise<Wrapping> => (probed ??= probe(readable));

  return {
    walls: async () => ({
      permissions: permissionFlags('wasm', readable).length > 0,
      ...(await wrapping()).walls,
    }),
    start: async (kind) => {
      const { prefix, bubblewrap } = await wrapping();
      const bundle = kind === 'wasm' ? bundles.wasm : bundles.image;
      const folder = await mkdtemp(join(tmpdir(), 'p-'));
      const nodeArgs = [
        `--max-old-space-size=${MAX_OLD_SPACE_MB}`,
        `--max-semi-space-size=${MAX_SEMI_SPACE_MB}`,
        '--disallow-code-generation-from-strings',
        ...permissionFlags(kind, readable),
      ];
      const command = [...prefix];
      if (bubblewrap) command.push('/usr/bin/bwrap', ...bubblewrapArgs(readable), '--');
      command.push(process.execPath, ...nodeArgs);
      const [execPath = process.execPath, ...execArgv] = command;
      const tray = SharedTray.make();
      // On Windows the other end of such a pipe cannot be relied upon to be read without waiting.
      const inlet = isWindows ? 'ignore' : 'pipe';
      try {
        const child = fork(bundle, [], {
          execPath,
          execArgv,
          env: {},
          cwd: folder,
          // A group of its own, so that a wrapper can be ended whole: it dies with this process whatever ends that. A bare
          // process does not, and in a group of its own a closed terminal would leave one that hangs at work for ever.
          detached: bubblewrap,
          stdio: ['ignore', 'ignore', 'ignore', 'ipc', inlet, tray?.readHandle ?? 'ignore'],
          serialization: 'advanced',
        });
        watch(child, bubblewrap);
        return channelOf(child, folder, tray);
      } catch (thrown) {
        // Without a process nobody else would close what was opened for it.
        tray?.close();
        void rmdir(folder).catch(() => undefined);
        throw thrown;
      } finally {
        tray?.closeReadHandle();
      }
    },
  };
};
