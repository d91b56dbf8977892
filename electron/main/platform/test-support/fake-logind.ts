import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

/**
 * A message bus of the test alone, and a program on it that owns the name of the real login service and says
 * what that says. Enough of the bus's protocol for this: log in, ask for a name, send signals.
 */
type Value =
  | { readonly type: 's' | 'o' | 'g'; readonly value: string }
  | { readonly type: 'u'; readonly value: number }
  | { readonly type: 'b'; readonly value: boolean }
  /** A map from names to booleans, as `a{sv}`. */
  | { readonly type: 'a{sv}'; readonly value: Readonly<Record<string, boolean>> }
  | { readonly type: 'as'; readonly value: readonly [] };

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

/** Bytes so far, with the alignment that each kind of value asks for. */
class Writer {
  bytes: Buffer = Buffer.alloc(0);

  align(to: number): void {
    this.bytes = Buffer.concat([this.bytes, Buffer.alloc((to - (this.bytes.length % to)) % to)]);
  }

  add(...parts: Buffer[]): void {
    this.bytes = Buffer.concat([this.bytes, ...parts]);
  }

  text(value: string): void {
    this.align(4);
    this.add(u32(Buffer.byteLength(value)), Buffer.from(`${value}\0`));
  }

  signature(value: string): void {
    this.add(Buffer.from([value.length]), Buffer.from(`${value}\0`));
  }

  value({ type, value }: Value): void {
    if (type === 's' || type === 'o') return this.text(value);
    if (type === 'g') return this.signature(value);
    this.align(4);
    if (type === 'u') return this.add(u32(value));
    if (type === 'b') return this.add(u32(value ? 1 : 0));
    if (type === 'as') return this.add(u32(0));
    const at = this.bytes.length;
    this.add(u32(0));
    this.align(8);
    const start = this.bytes.length;
    const properties = value as Readonly<Record<string, boolean>>;
    for (const [name, on] of Object.entries(properties)) {
      this.align(8);
      this.text(name);
      this.signature('b');
      this.value({ type: 'b', value: on });
    }
    this.bytes.writeUInt32LE(this.bytes.length - start, at);
  }
}

const CALL = 1;
const SIGNAL = 4;
const FIELD = { path: 1, interface: 2, member: 3, destination: 6, signature: 8 } as const;
const FIELD_TYPE = { path: 'o', interface: 's', member: 's', destination: 's', signature: 'g' } as const;

const message = (
  kind: typeof CALL | typeof SIGNAL,
  serial: number,
  fields: Partial<Record<keyof typeof FIELD, string>>,
  args: readonly Value[],
): Buffer => {
  const body = new Writer();
  for (const arg of args) body.value(arg);
  const signature = args.map(({ type }) => type).join('');
  const head = new Writer();
  head.add(Buffer.from([0x6c, kind, 0, 1]), u32(body.bytes.length), u32(serial), u32(0));
  const start = head.bytes.length;
  const all = { ...fields, ...(signature === '' ? {} : { signature }) };
  for (const [name, text] of Object.entries(all) as [keyof typeof FIELD, string][]) {
    head.align(8);
    head.add(Buffer.from([FIELD[name]]));
    head.signature(FIELD_TYPE[name]);
    head.value({ type: FIELD_TYPE[name], value: text });
  }
  head.bytes.writeUInt32LE(head.bytes.length - start, start - 4);
  head.align(8);
  return Buffer.concat([head.bytes, body.bytes]);
};

/** A program on the bus that owns `name`. */
const owner = async (socketPath: string, name: string) => {
  const socket: Socket = connect({ path: socketPath });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const uid = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex');
  const answered = (wanted: string): Promise<void> =>
    new Promise((resolve) => {
      const look = (data: Buffer): void => {
        if (!data.toString('latin1').includes(wanted)) return;
        socket.off('data', look);
        resolve();
      };
      socket.on('data', look);
    });
  socket.write(`\0AUTH EXTERNAL ${uid}\r\n`);
  await answered('OK ');
  socket.write('BEGIN\r\n');
  let serial = 0;
  const bus = {
    destination: 'org.freedesktop.DBus',
    path: '/org/freedesktop/DBus',
    interface: 'org.freedesktop.DBus',
  };
  socket.write(message(CALL, (serial += 1), { ...bus, member: 'Hello' }, []));
  await answered('NameAcquired');
  const owned = answered(name);
  socket.write(
    message(CALL, (serial += 1), { ...bus, member: 'RequestName' }, [
      { type: 's', value: name },
      { type: 'u', value: 0 },
    ]),
  );
  await owned;
  return {
    signal(path: string, face: string, member: string, args: readonly Value[] = []): void {
      socket.write(message(SIGNAL, (serial += 1), { path, interface: face, member }, args));
    },
    end: (): void => void socket.destroy(),
  };
};

export interface FakeSystemBus {
  /** For `DBUS_SYSTEM_BUS_ADDRESS`. */
  readonly address: string;
  lock(session: string): void;
  lockedHint(session: string, locked: boolean): void;
  prepareForSleep(going: boolean): void;
  lid(closed: boolean): void;
  /** A name, a path and a member that mean nothing to us. */
  noise(): void;
  stop(): void;
}

/** Starts a bus with login service and power service on it. */
export const startFakeSystemBus = async (): Promise<FakeSystemBus> => {
  // The runner ends its bus with the command inside it, so nothing is left behind.
  const daemon: ChildProcess = spawn(
    'dbus-run-session',
    ['--', 'sh', '-c', 'echo "$DBUS_SESSION_BUS_ADDRESS"; exec cat'],
    { stdio: ['pipe', 'pipe', 'ignore'] },
  );
  const address = await new Promise<string>((resolve, reject) => {
    daemon.once('error', reject);
    daemon.once('exit', () => reject(new Error('the bus did not start')));
    daemon.stdout?.once('data', (data: Buffer) => resolve(data.toString('utf8').trim()));
  });
  const socketPath = /unix:path=([^,;]+)/u.exec(address)?.[1];
  if (socketPath === undefined) throw new Error('the bus has no socket on disk');
  const login = await owner(socketPath, 'org.freedesktop.login1');
  const power = await owner(socketPath, 'org.freedesktop.UPower');
  const session = (id: string): string => `/org/freedesktop/login1/session/${id}`;
  const changed = (face: string, name: string, on: boolean): Value[] => [
    { type: 's', value: face },
    { type: 'a{sv}', value: { [name]: on } },
    { type: 'as', value: [] },
  ];
  const properties = 'org.freedesktop.DBus.Properties';
  return {
    address,
    lock: (id) => login.signal(session(id), 'org.freedesktop.login1.Session', 'Lock'),
    lockedHint: (id, locked) =>
      login.signal(
        session(id),
        properties,
        'PropertiesChanged',
        changed('org.freedesktop.login1.Session', 'LockedHint', locked),
      ),
    prepareForSleep: (going) =>
      login.signal('/org/freedesktop/login1', 'org.freedesktop.login1.Manager', 'PrepareForSleep', [
        { type: 'b', value: going },
      ]),
    lid: (closed) =>
      power.signal(
        '/org/freedesktop/UPower',
        properties,
        'PropertiesChanged',
        changed('org.freedesktop.UPower', 'LidIsClosed', closed),
      ),
    noise: () =>
      login.signal('/org/freedesktop/login1', 'org.freedesktop.login1.Manager', 'SessionNew', [
        { type: 's', value: 'Lock ()' },
        { type: 'o', value: session('_32') },
      ]),
    stop(): void {
      login.end();
      power.end();
      daemon.stdin?.end();
    },
  };
};
