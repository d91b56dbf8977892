import childProcess from 'node:child_process';
import dgram from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import workerThreads from 'node:worker_threads';

const refuse = (): never => {
  throw new Error('not available in a parser');
};

const replace = (target: object, names: readonly string[]): void => {
  for (const name of names) {
    if (name in target)
      Object.defineProperty(target, name, { value: refuse, writable: false, configurable: false });
  }
};

/**
 * Takes the ways out of the process away from the libraries in it: network, children, threads, further
 * native code, the environment. Called before any library is loaded in the WebAssembly kind and after
 * `sharp` is loaded in the other. This is a fence against mistakes and against code that runs *as
 * JavaScript*; machine code injected through a hole in a native library walks around it. The walls are
 * the operating system's (see the launcher) and the fact that there is nothing in here to steal.
 */
export const closeFence = (): void => {
  for (const name of Object.keys(process.env)) delete process.env[name];
  // Left alone, this signal makes Node listen for a debugger.
  if (process.platform !== 'win32') process.on('SIGUSR1', () => undefined);
  replace(childProcess, ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork']);
  replace(net, ['connect', 'createConnection', 'createServer']);
  replace(net.Socket.prototype, ['connect']);
  replace(net.Server.prototype, ['listen']);
  replace(dgram, ['createSocket']);
  replace(dgram.Socket.prototype, ['bind', 'connect', 'send']);
  replace(dns, ['lookup', 'resolve', 'resolve4', 'resolve6', 'resolveTxt', 'reverse']);
  replace(dns.promises, ['lookup', 'resolve', 'resolve4', 'resolve6', 'resolveTxt', 'reverse']);
  replace(dns.Resolver.prototype, ['resolve', 'resolve4', 'resolve6', 'resolveTxt', 'reverse']);
  replace(workerThreads, ['Worker']);
  replace(process, ['dlopen', 'chdir', 'binding', '_linkedBinding', 'kill', 'abort', 'setuid', 'setgid']);
  replace(globalThis, ['fetch', 'WebSocket', 'EventSource']);
  syncBuiltinESMExports();
};
