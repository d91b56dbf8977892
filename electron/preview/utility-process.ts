import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';

import type { ForkOptions } from 'electron';

import type { ChildMessage } from './child-messages.ts';
import type { PreviewLaunch } from './launch.ts';
import type { MessagePortMain, PortCarrier } from './ports.ts';

/** Electron's utility process as a forked Node program. */
export class UtilityProcess extends EventEmitter implements PortCarrier {
  readonly ports = new Map<number, MessagePortMain>();
  private readonly child: ChildProcess;
  private lastPortId = 0;

  constructor(child: ChildProcess) {
    super();
    this.child = child;
    child.on('spawn', () => this.emit('spawn'));
    child.on('message', (message: ChildMessage) => this.receive(message));
    child.on('error', () => undefined);
    child.on('exit', (code) => {
      for (const port of this.ports.values()) port.close();
      this.ports.clear();
      this.emit('exit', code ?? 1);
    });
  }

  get pid(): number | undefined {
    return this.child.exitCode === null && this.child.signalCode === null ? this.child.pid : undefined;
  }

  postMessage(data: unknown, transfer: readonly MessagePortMain[] = []): void {
    const ports = transfer.map((port) => port.handTo(this));
    this.send({ k: 'message', data, ports });
    for (const port of transfer) port.flush();
  }

  kill(): boolean {
    return this.child.kill();
  }

  sendToPort(id: number, data: unknown): void {
    this.send({ k: 'port', id, data });
  }

  closePort(id: number): void {
    this.ports.delete(id);
    this.send({ k: 'close', id });
  }

  nextPortId(): number {
    return (this.lastPortId += 1);
  }

  private send(message: ChildMessage): void {
    // A process that ended meanwhile is told by its `exit`; the message is lost, as in Electron.
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  private receive(message: ChildMessage): void {
    if (message.k === 'message') this.emit('message', message.data);
    else if (message.k === 'port') this.ports.get(message.id)?.postMessage(message.data);
    else this.ports.get(message.id)?.close();
  }
}

export const createUtilityProcess = (launch: PreviewLaunch, childModule: string) => ({
  fork(modulePath: string, args: string[] = [], options: ForkOptions = {}): UtilityProcess {
    const child = fork(modulePath, args, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: ['--import', childModule, ...(options.execArgv ?? [])],
      env: (options.env ?? {}) as NodeJS.ProcessEnv,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    if (child.pid !== undefined) {
      launch.test?.childPids.push({ name: options.serviceName ?? modulePath, pid: child.pid });
    }
    return new UtilityProcess(child);
  },
});
