import { KEPT_MANIFEST, type PhoneClock, type PhoneFileKind, type PhoneKind } from '#shared/parser/phone.ts';
import { FORMER_NAMES, ruleFor } from '../../matching/modules/modules.ts';

/** What a file is by its name and by what was handed in; the content is judged when it is read. */
export interface FileKind {
  readonly kind: PhoneFileKind;
  /** Module as it is called today, for records and what a tool found in them. */
  readonly module: string;
}

const DETECTED = '_detected';
const ARCHIVE = /\.(?:zip|tar|gz|tgz|7z|rar|ab|bz2|xz)$/iu;
const CHAT = /^(?:_chat|whatsapp chat with .*|chat de whatsapp con .*|whatsapp chat - .*)\.txt$/iu;

const today = (slug: string): string =>
  Object.hasOwn(FORMER_NAMES, slug) ? (FORMER_NAMES[slug] ?? slug) : slug;

const plain = (kind: PhoneFileKind): FileKind => ({ kind, module: '' });

function ofJson(base: string): FileKind {
  switch (base) {
    case 'info':
      return plain('info');
    case 'alerts':
      return plain('alerts');
    case 'acquisition':
      return plain('acquisition');
  }
  return base.endsWith(DETECTED)
    ? { kind: 'detected', module: today(base.slice(0, -DETECTED.length)) }
    : { kind: 'records', module: today(base) };
}

/** @param path path inside the container. @param handedIn what the person said it is. */
export function fileKind(path: string, handedIn: PhoneKind): FileKind {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  const base = dot > 0 ? name.slice(0, dot) : name;
  const ending = dot > 0 ? name.slice(dot + 1).toLowerCase() : '';
  if (name === KEPT_MANIFEST) return plain('manifest');
  if (handedIn === 'sms')
    return ending === 'xml' || ending === '' ? { kind: 'smsBackup', module: 'sms' } : plain('other');
  if (handedIn === 'whatsapp')
    return ending === 'txt' || ending === '' ? { kind: 'chat', module: 'whatsapp' } : plain('other');
  if (handedIn === 'links')
    return ARCHIVE.test(name) ? plain('other') : { kind: 'links', module: 'link_list' };
  switch (ending) {
    case 'json':
    case 'jsonl':
    case 'ndjson':
      return ofJson(base);
    case 'csv':
      if (base === 'timeline' || base === `timeline${DETECTED}`) return plain('timeline');
      if (base === 'alerts_timeline') return plain('alertsTimeline');
      return base === 'hashes' ? plain('hashes') : plain('other');
    case 'log':
      return name === 'command.log' ? plain('log') : plain('other');
    case 'txt':
      if (base === 'getprop') return { kind: 'properties', module: 'aqf_get_prop' };
      if (base.startsWith('settings_')) return { kind: 'settings', module: 'aqf_settings' };
      return CHAT.test(name) ? { kind: 'chat', module: 'whatsapp' } : plain('other');
    case 'xml':
      return { kind: 'smsBackup', module: 'sms' };
    default:
      return plain('other');
  }
}

export const isArchiveName = (path: string): boolean => ARCHIVE.test(path);

const ANDROID =
  /^(?:aqf_|dumpsys_|android:)|^(?:dbinfo|tombstones|mounts|root_binaries|bugreport_timestamps|logcat|selinux_status|dns_event|connect_event|security_event)$/u;
const EITHER: ReadonlySet<string> = new Set([
  '',
  'sms',
  'whatsapp',
  'chrome_history',
  'urls',
  'contacts',
  'calls',
  'link_list',
]);

/**
 * iOS results are in universal time, Android's in the device's own; modules of both are told by their records. Of a
 * module that nobody here knows nothing is said.
 */
export function clockOf(module: string, record: unknown): PhoneClock {
  if (ANDROID.test(module)) return 'deviceLocal';
  if (!EITHER.has(module)) return ruleFor(module, record) === 'unknown' ? 'unknown' : 'utc';
  if (module !== 'sms' || typeof record !== 'object' || record === null) return 'unknown';
  if (Object.hasOwn(record, 'ROWID') || Object.hasOwn(record, 'guid')) return 'utc';
  return Object.hasOwn(record, 'address') || Object.hasOwn(record, 'body') ? 'deviceLocal' : 'unknown';
}
