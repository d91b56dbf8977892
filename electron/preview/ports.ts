import { EventEmitter } from 'node:events';

/** Another process or a page, as far as ports are concerned: a way to send, by number. */
export interface PortCarrier {
  sendToPort(id: number, data: unknown): void;
  closePort(id: number): void;
  readonly ports: Map<number, MessagePortMain>;
  nextPortId(): number;
}

/** Electron's port of the main process, whose other end may be in a child process or in a page. */
export class MessagePortMain extends EventEmitter {
  private peer: MessagePortMain | null = null;
  private started = false;
  private closed = false;
  private queue: unknown[] = [];
  /** Set once this end has been handed to another process: what arrives goes there. */
  private carrier: { to: PortCarrier; id: number } | null = null;

  static pair(): [MessagePortMain, MessagePortMain] {
    const one = new MessagePortMain();
    const two = new MessagePortMain();
    one.peer = two;
    two.peer = one;
    return [one, two];
  }

  postMessage(data: unknown): void {
    this.peer?.arrive(data);
  }

  start(): void {
    this.started = true;
    for (const data of this.queue.splice(0)) this.emit('message', { data, ports: [] });
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.emit('close');
    if (this.carrier !== null) this.carrier.to.closePort(this.carrier.id);
    this.peer?.close();
  }

  /** Hands this end over; gives the number under which the other process knows it. */
  handTo(to: PortCarrier): number {
    const id = to.nextPortId();
    this.carrier = { to, id };
    to.ports.set(id, this);
    return id;
  }

  /** After the announcement of the number: sends what waited. */
  flush(): void {
    for (const data of this.queue.splice(0)) this.arrive(data);
  }

  private arrive(data: unknown): void {
    if (this.closed) return;
    if (this.carrier !== null) this.carrier.to.sendToPort(this.carrier.id, data);
    else if (this.started) this.emit('message', { data, ports: [] });
    else this.queue.push(data);
  }
}

export class MessageChannelMain {
  readonly port1: MessagePortMain;
  readonly port2: MessagePortMain;

  constructor() {
    [this.port1, this.port2] = MessagePortMain.pair();
  }
}
