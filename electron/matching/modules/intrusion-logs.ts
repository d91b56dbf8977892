import type { Check } from '#shared/surveillance/indicators.ts';
import {
  asList,
  get,
  isRecord,
  notice,
  truthy,
  word,
  type CheckStep,
  type ModuleRecord,
  type ModuleRule,
  type Notice,
  type Observed,
  type Placed,
  type Stop,
} from './rule.ts';

const at = ({ record }: Placed): unknown => {
  const time = get(record, 'timestamp');
  return truthy(time) ? time : '';
};

const step = (
  check: Check,
  values: (record: ModuleRecord) => readonly Observed[],
  stop: Stop = 'nothing',
): CheckStep => ({
  kind: 'check',
  check,
  level: 'CRITICAL',
  stop,
  values: ({ record }) => values(record),
  time: at,
});

const NO_ADDRESS = '0.0.0.0';
const LOCAL: ReadonlySet<string> = new Set(['::1', '127.0.0.1', NO_ADDRESS]);

const nameOf = step('check_app_id', (record) => [
  { field: 'package_name', value: get(record, 'package_name') },
]);

const dnsEvent: ModuleRule = {
  steps: [
    step('check_url', (record) => [{ field: 'hostname', value: get(record, 'hostname') }]),
    step('check_url', (record) =>
      asList(get(record, 'ip_addresses')).flatMap((address, index) => {
        const value = word(address).replace(/^\/+/u, '');
        return value === '' || value === NO_ADDRESS
          ? []
          : [{ field: `ip_addresses[${String(index)}]`, value }];
      }),
    ),
    nameOf,
  ],
};

const connectEvent: ModuleRule = {
  steps: [
    step('check_url', (record) => {
      /* Java writes an address as `name/address`; older and newer files call the field differently. */
      const key = ['ip_address', 'ip'].find((name) => typeof get(record, name) === 'string') ?? 'ip_address';
      const value =
        word(get(record, key, ''))
          .split('/')
          .at(-1) ?? '';
      return value === '' || LOCAL.has(value) ? [] : [{ field: key, value }];
    }),
    nameOf,
  ],
};

const inside = (record: ModuleRecord, event: string, key: string): unknown => {
  const held = get(record, event);
  return isRecord(held) ? held[key] : undefined;
};

const eventField = (event: string, key: string, check: Check): CheckStep =>
  step(check, (record) => [{ field: `${event}.${key}`, value: inside(record, event, key) }]);

function failures(record: ModuleRecord): Notice[] {
  const alerts: Notice[] = [];
  const time = at({ record, index: 0, group: null });
  const say = (message: string): number => alerts.push({ level: 'MEDIUM', message, eventTime: time });
  if (Object.hasOwn(record, 'key_integrity_violation'))
    say(`Key integrity violation detected: ${word(record['key_integrity_violation'])}`);
  if (Object.hasOwn(record, 'wipe_failure')) say('Device wipe failure detected');
  if (Object.hasOwn(record, 'crypto_self_test_completed')) {
    const test = record['crypto_self_test_completed'];
    const passed = isRecord(test) ? truthy(get(test, 'success', true)) : test === 1 || test === true;
    if (!passed) say('Cryptographic self test failed');
  }
  return alerts;
}

const securityEvent: ModuleRule = {
  steps: [
    eventField('app_process_start', 'process', 'check_app_id'),
    step(
      'check_app_id',
      (record) => {
        const name = inside(record, 'app_process_start', 'process');
        if (typeof name !== 'string' || !name.includes(':')) return [];
        return name
          .split(':')
          .slice(1)
          .map((value) => ({ field: 'app_process_start.process', value }));
      },
      'step',
    ),
    ...['package_installed', 'package_updated', 'package_uninstalled'].map((event) =>
      eventField(event, 'package_name', 'check_app_id'),
    ),
    eventField('adb_shell_cmd', 'command', 'check_app_id'),
    ...['adb_sync_recv_file', 'adb_sync_send_file'].map((event) =>
      eventField(event, 'path', 'check_file_path'),
    ),
    notice(({ record }) => ({ alerts: failures(record) }), true),
  ],
};

/** The log of Android's advanced protection. */
export const INTRUSION_LOG_MODULES = {
  dns_event: dnsEvent,
  connect_event: connectEvent,
  security_event: securityEvent,
} as const satisfies Record<string, ModuleRule>;
