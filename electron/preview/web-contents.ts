import { EventEmitter } from 'node:events';

import type { HostMessage } from './page-messages.ts';
import type { MessagePortMain, PortCarrier } from './ports.ts';
import type { Session } from './session.ts';

/** Address and identity of a frame, as main checks them. */
export interface WebFrameMain {
  readonly url: string;
}

export class WebContents extends EventEmitter implements PortCarrier {
  readonly ports = new Map<number, MessagePortMain>();
  readonly mainFrame: WebFrameMain;
  readonly session: Session;
  private lastPortId = 0;
  private destroyed = false;
  private readonly send_: (message: HostMessage) => void;
  private readonly crash: () => void;
  private readonly pid: () => number | null;
  private readonly toPaper: () => Promise<boolean>;

  constructor(parts: {
    session: Session;
    mainFrame: WebFrameMain;
    send: (message: HostMessage) => void;
    crash: () => void;
    pid: () => number | null;
    print: () => Promise<boolean>;
  }) {
    super();
    this.session = parts.session;
    this.mainFrame = parts.mainFrame;
    this.send_ = parts.send;
    this.crash = parts.crash;
    this.pid = parts.pid;
    this.toPaper = parts.print;
  }

  print(_options: object, done: (printed: boolean) => void): void {
    void this.toPaper().then(done, () => done(false));
  }

  send(channel: string, ...args: unknown[]): void {
    this.send_({ t: 'message', channel, args, ports: [] });
  }

  postMessage(channel: string, message: unknown, transfer: readonly MessagePortMain[] = []): void {
    const ports = transfer.map((port) => port.handTo(this));
    this.send_({ t: 'message', channel, args: [message], ports });
    for (const port of transfer) port.flush();
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }

  getOSProcessId(): number {
    return this.pid() ?? 0;
  }

  forcefullyCrashRenderer(): void {
    this.crash();
  }

  /** The browser was started so that no page opens another one; main's answer is always to deny. */
  setWindowOpenHandler(_handler: () => { action: 'deny' }): void {}
  setWebRTCIPHandlingPolicy(_policy: string): void {}

  sendToPort(id: number, data: unknown): void {
    this.send_({ t: 'port', id, data });
  }
  closePort(id: number): void {
    this.ports.delete(id);
  }
  nextPortId(): number {
    return (this.lastPortId += 1);
  }
  /** Called by the window when its page is gone. */
  markDestroyed(): void {
    this.destroyed = true;
    for (const port of this.ports.values()) port.close();
    this.ports.clear();
  }
}
