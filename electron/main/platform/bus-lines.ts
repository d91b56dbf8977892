/** Programs that print what is said on the system's message bus. */
export type BusTool = 'gdbus' | 'dbus-monitor' | 'busctl';

/** What somebody who leaves the desk causes. */
export type SystemSignal = 'sessionLock' | 'suspend' | 'lid';

interface BusMessage {
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  /** `true` for a lone boolean that is true; names of properties that became true, for a change of properties. */
  readonly on: boolean;
  readonly turnedOn: readonly string[];
}

const MANAGER = 'org.freedesktop.login1.Manager';
const SESSION = 'org.freedesktop.login1.Session';
const PROPERTIES = 'org.freedesktop.DBus.Properties';
const SESSION_PATH = '/org/freedesktop/login1/session/';
/** The only properties that are read. */
const WATCHED = ['LockedHint', 'LidIsClosed', 'LidClosed'] as const;

/** A line that is longer belongs to nothing that we listen for; a listener that prints such is ended. */
const LONGEST_LINE = 64 * 1024;

/**
 * How logind writes a session's id into an object path: letters and digits stay, anything else, and a digit
 * in front, becomes `_` and two hex digits.
 */
export const sessionPath = (id: string): string => {
  const label = [...Buffer.from(id, 'utf8')]
    .map((byte, at) => {
      const char = String.fromCharCode(byte);
      const plain = /[a-z]/iu.test(char) || (at > 0 && /[0-9]/u.test(char));
      return plain ? char : `_${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
  return SESSION_PATH + (label === '' ? '_' : label);
};

/** What a message means here, or null. Somebody else's session is not ours. */
const meaningOf = (message: BusMessage, sessionId: string | undefined): SystemSignal | null => {
  if (message.interface === MANAGER && message.member === 'PrepareForSleep')
    // False is said when the computer wakes.
    return message.on ? 'suspend' : null;
  const ofSession = message.path.startsWith(SESSION_PATH);
  const ours =
    ofSession && (sessionId === undefined || sessionId === '' || message.path === sessionPath(sessionId));
  if (message.interface === SESSION && message.member === 'Lock') return ours ? 'sessionLock' : null;
  if (message.interface !== PROPERTIES || message.member !== 'PropertiesChanged') return null;
  // Desktops that lock by themselves tell logind only by this property.
  if (ours && message.turnedOn.includes('LockedHint')) return 'sessionLock';
  if (!ofSession && (message.turnedOn.includes('LidIsClosed') || message.turnedOn.includes('LidClosed')))
    return 'lid';
  return null;
};

const GDBUS = /^(\/[\w/]*): ([A-Za-z_][\w.]*)\.(\w+) \((.*)\)$/u;

/** Comes as an answer of the bus, after the wish to listen: "The name … is owned by" or "does not have an owner". */
const GDBUS_CONNECTED = 'The name ';

/** `/path: interface.Member (arguments)`: one line a signal. */
const readGdbus = (line: string): BusMessage | null => {
  const found = GDBUS.exec(line);
  if (found === null) return null;
  const [, path = '', name = '', member = '', args = ''] = found;
  return {
    path,
    interface: name,
    member,
    on: args === 'true,',
    turnedOn: WATCHED.filter((property) => args.includes(`'${property}': <true>`)),
  };
};

/** One JSON object a line; only the fields named here are looked at. */
const readBusctl = (line: string): BusMessage | null => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null) return null;
  const { type, path, interface: name, member, payload } = parsed as Record<string, unknown>;
  if (type !== 'signal' || typeof path !== 'string' || typeof name !== 'string' || typeof member !== 'string')
    return null;
  const data = (payload as { data?: unknown } | null | undefined)?.data;
  const list: unknown[] = Array.isArray(data) ? data : [];
  const properties: unknown = list[1];
  const isOn = (property: string): boolean =>
    typeof properties === 'object' &&
    properties !== null &&
    (properties as Record<string, { data?: unknown } | undefined>)[property]?.data === true;
  return {
    path,
    interface: name,
    member,
    on: list.length === 1 && list[0] === true,
    turnedOn: WATCHED.filter(isOn),
  };
};

const DBUS_MONITOR = /^signal .*?path=(\/[\w/]*); interface=([A-Za-z_][\w.]*); member=(\w+)$/u;

/** A head line and indented arguments below it; a message is whole when the next head line comes or a pause. */
const createDbusMonitorReader = (found: (message: BusMessage) => void) => {
  let head: { path: string; interface: string; member: string } | null = null;
  let property: string | null = null;
  return (line: string): void => {
    const start = DBUS_MONITOR.exec(line);
    if (start !== null) {
      const [, path = '', name = '', member = ''] = start;
      head = { path, interface: name, member };
      property = null;
      if (member === 'Lock') found({ ...head, on: false, turnedOn: [] });
      return;
    }
    if (!line.startsWith(' ')) {
      head = null;
      return;
    }
    if (head === null) return;
    if (line === '   boolean true') found({ ...head, on: true, turnedOn: [] });
    const named = /^ +string "(\w+)"$/u.exec(line)?.[1];
    if (named !== undefined) property = named;
    else if (/^ +variant +boolean true$/u.test(line) && property !== null) {
      found({ ...head, on: false, turnedOn: [property] });
      property = null;
    }
  };
};

/**
 * Reads what a listening program prints, piece by piece. Whatever does not look exactly as expected means
 * nothing.
 */
export const createBusReader = (
  tool: BusTool,
  onSignal: (signal: SystemSignal) => void,
  sessionId?: string,
) => {
  let rest = '';
  let connected = false;
  const found = (message: BusMessage): void => {
    const meaning = meaningOf(message, sessionId);
    if (meaning !== null) onSignal(meaning);
  };
  const monitor = createDbusMonitorReader(found);
  const line = (text: string): void => {
    if (tool === 'dbus-monitor') {
      connected ||= DBUS_MONITOR.test(text);
      return monitor(text);
    }
    const message = tool === 'gdbus' ? readGdbus(text) : readBusctl(text);
    connected ||= message !== null || (tool === 'gdbus' && text.startsWith(GDBUS_CONNECTED));
    if (message !== null) found(message);
  };
  return {
    /**
     * Whether the program has shown that signals reach it. A greeting does not count: `gdbus` says that it
     * listens before the bus knows of it, and what is said in between is lost.
     */
    connected: (): boolean => connected,
    /** False when this is not what such a program prints: it should be ended. */
    read(text: string): boolean {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const one of lines) if (one.length <= LONGEST_LINE) line(one);
      return rest.length <= LONGEST_LINE;
    },
  };
};
