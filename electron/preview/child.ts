import { EventEmitter } from 'node:events';

import type { ChildMessage } from './child-messages.ts';

/**
 * Loaded before a forked program: gives it the `process.parentPort` that Electron's utility processes have,
 * with ports carried by number over the one channel to the parent.
 */
if (process.send === undefined) throw new Error('not forked');
// Kept here because the parsers take the public way out away from their libraries.
const send = process.send.bind(process) as (message: ChildMessage) => boolean;

class ChildPort extends EventEmitter {
  private started = false;
  private queue: unknown[] = [];
  private readonly id: number;

  constructor(id: number) {
    super();
    this.id = id;
  }

  postMessage(data: unknown): void {
    send({ k: 'port', id: this.id, data });
  }

  start(): void {
    this.started = true;
    for (const data of this.queue.splice(0)) this.emit('message', { data, ports: [] });
  }

  close(): void {
    send({ k: 'close', id: this.id });
  }

  arrive(data: unknown): void {
    if (this.started) this.emit('message', { data, ports: [] });
    else this.queue.push(data);
  }
}

class ParentPort extends EventEmitter {
  /** As in Electron, messages wait until somebody listens. */
  private queue: unknown[] = [];

  constructor() {
    super();
    this.on('newListener', (name) => {
      if (name !== 'message') return;
      setImmediate(() => {
        for (const event of this.queue.splice(0)) this.emit('message', event);
      });
    });
  }

  postMessage(data: unknown): void {
    send({ k: 'message', data, ports: [] });
  }

  arrive(event: unknown): void {
    if (this.listenerCount('message') > 0 && this.queue.length === 0) this.emit('message', event);
    else this.queue.push(event);
  }
}

const ports = new Map<number, ChildPort>();
const parentPort = new ParentPort();
process.on('message', (message: ChildMessage) => {
  if (message.k === 'message') {
    const handed = message.ports.map((id) => {
      const port = new ChildPort(id);
      ports.set(id, port);
      return port;
    });
    parentPort.arrive({ data: message.data, ports: handed });
  } else if (message.k === 'port') {
    ports.get(message.id)?.arrive(message.data);
  } else {
    ports.get(message.id)?.emit('close');
    ports.delete(message.id);
  }
});
process.on('disconnect', () => process.exit(0));
Object.defineProperty(process, 'parentPort', { value: parentPort });
