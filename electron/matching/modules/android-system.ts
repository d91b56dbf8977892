import {
  asList,
  field,
  get,
  isRecord,
  need,
  notice,
  textFor,
  truthy,
  word,
  type ModuleRecord,
  type ModuleRule,
  type Notice,
} from './rule.ts';

const packageName: ModuleRule = { steps: [field('package_name', 'check_app_id')] };

/** A daemon of the system whose name a set once had. */
const HARMLESS_PROCESS = 'gatekeeperd';

const processes: ModuleRule = {
  steps: [
    notice(({ record }) => {
      const name = get(record, 'proc_name', '');
      return !truthy(name) || name === HARMLESS_PROCESS ? { alerts: [], stop: true } : null;
    }, true),
    field('proc_name', 'check_app_id', { needed: false }),
    field('proc_name', 'check_process', { needed: false }),
  ],
};

const PATCH_AGE_DAYS = 186;
const DAY_MS = 86_400_000;

const properties: ModuleRule = {
  beforeEach: true,
  before: function* (records, { today }) {
    if (today === null) return;
    for (const { record, index } of records) {
      if (get(record, 'name') !== 'ro.build.version.security_patch') continue;
      const patched = Date.parse(`${word(get(record, 'value'))}T00:00:00Z`);
      if (Number.isNaN(patched) || Date.parse(`${today}T00:00:00Z`) - patched < PATCH_AGE_DAYS * DAY_MS)
        continue;
      yield {
        level: 'MEDIUM',
        message: `This phone has not received security updates for more than six months (last update: ${word(record['value'])})`,
        eventTime: '',
        record: index,
      };
    }
  },
  steps: [field('name', 'check_android_property_name', { needed: false })],
};

interface Danger {
  readonly safe: string;
  readonly words: string;
}

/** Settings that weaken the device where they have another value than the safe one. */
const DANGEROUS_SETTINGS: ReadonlyMap<string, Danger> = new Map([
  ['verifier_verify_adb_installs', { safe: '1', words: 'disabled Google Play Services apps verification' }],
  ['package_verifier_enable', { safe: '1', words: 'disabled Google Play Protect' }],
  ['package_verifier_state', { safe: '1', words: 'disabled APK package verification' }],
  ['package_verifier_user_consent', { safe: '1', words: 'disabled Google Play Protect' }],
  ['upload_apk_enable', { safe: '1', words: 'disabled Google Play Protect' }],
  ['adb_install_need_confirm', { safe: '1', words: 'disabled confirmation of adb apps installation' }],
  ['send_security_reports', { safe: '1', words: 'disabled sharing of security reports' }],
  ['samsung_errorlog_agree', { safe: '1', words: 'disabled sharing of crash logs with manufacturer' }],
  ['send_action_app_error', { safe: '1', words: 'disabled applications errors reports' }],
  ['accessibility_enabled', { safe: '0', words: 'enabled accessibility services' }],
]);

function danger(namespace: string, name: unknown, value: unknown): Notice[] {
  const found = typeof name === 'string' ? DANGEROUS_SETTINGS.get(name) : undefined;
  if (found === undefined || found.safe === value) return [];
  const message = `Found suspicious "${namespace}" setting "${word(name)} = ${word(value)}" (${found.words})`;
  return [{ level: 'MEDIUM', message, eventTime: '' }];
}

/** An object of namespaces, each with names and values; or a list of named settings in newer results. */
const settings: ModuleRule = {
  steps: [
    notice(({ record, group }) => ({
      alerts:
        group === null
          ? danger(word(get(record, 'namespace')), get(record, 'name'), get(record, 'value'))
          : Object.entries(record).flatMap(([name, value]) => danger(group, name, value)),
    })),
  ],
};

const RISKY_PERMISSION = 'REQUEST_INSTALL_PACKAGES';
const RISKY_PACKAGE = 'com.android.shell';

/** One alert for each use of a risky permission, in order of time; one without time where it was never used. */
function riskyPermissions(record: ModuleRecord): Notice[] {
  const name = need(record, 'package_name');
  return asList(need(record, 'permissions')).flatMap((permission): Notice[] => {
    if (!isRecord(permission)) return [];
    const title = need(permission, 'name');
    const risky = title === RISKY_PERMISSION;
    if (!risky && name !== RISKY_PACKAGE) return [];
    const entries = asList(need(permission, 'entries')).filter(isRecord);
    const used: readonly ModuleRecord[] =
      entries.length === 0 ? [{ access: 'Unknown', timestamp: '' }] : entries;
    const at = (entry: ModuleRecord): string => word(need(entry, 'timestamp'));
    return [...used]
      .sort((a, b) => (at(a) < at(b) ? -1 : at(a) > at(b) ? 1 : 0))
      .map((entry) => ({
        level: 'MEDIUM',
        message: risky
          ? `Package '${word(name)}' had risky permission '${word(title)}' set to '${word(need(entry, 'access'))}' at ${at(entry)}`
          : `Risky package '${word(name)}' had '${word(title)}' permission set to '${word(need(entry, 'access'))}' at ${at(entry)}`,
        eventTime: need(entry, 'timestamp'),
      }));
  });
}

const appOps: ModuleRule = {
  steps: [
    field('package_name', 'check_app_id', { needed: false }),
    notice(({ record }) => ({ alerts: riskyPermissions(record) })),
  ],
};

const accessibility: ModuleRule = {
  steps: [
    field('package_name', 'check_app_id'),
    notice(({ record }) => ({
      alerts: [
        {
          level: 'MEDIUM',
          message: `Found accessibility service: "${word(Object.hasOwn(record, 'component') ? record['component'] : need(record, 'service'))}"`,
          eventTime: '',
        },
      ],
    })),
  ],
};

const databases: ModuleRule = {
  steps: [
    {
      kind: 'check',
      check: 'check_app_id',
      level: 'CRITICAL',
      stop: 'nothing',
      values: ({ record }) =>
        textFor(get(record, 'path', ''), 'split')
          .split('/')
          .map((value) => ({ field: 'path', value })),
    },
  ],
};

/** Users whose programs should not crash: the system, its administrator and its shell. */
const SUSPICIOUS_USERS: ReadonlySet<unknown> = new Set([0, 1000, 2000]);

const tombstones: ModuleRule = {
  steps: [
    field('process_name', 'check_process'),
    {
      kind: 'check',
      check: 'check_process',
      level: 'CRITICAL',
      stop: 'record',
      values: ({ record }) => {
        const line = get(record, 'command_line');
        if (!Array.isArray(line) || line.length === 0) return [];
        return [{ field: 'command_line[0]', value: textFor(line[0], 'split').split('/').at(-1) }];
      },
    },
    notice(({ record }) => {
      if (!SUSPICIOUS_USERS.has(need(record, 'uid'))) return null;
      const [process, user, file, at] = ['process_name', 'uid', 'file_name', 'timestamp'].map((name) =>
        word(need(record, name)),
      );
      return {
        alerts: [
          {
            level: 'MEDIUM',
            message: `Potentially suspicious crash in process '${process ?? ''}' running as UID '${user ?? ''}' in tombstone '${file ?? ''}' at ${at ?? ''}`,
            eventTime: '',
          },
        ],
      };
    }, true),
  ],
};

const MOUNT_OPTIONS: ReadonlySet<unknown> = new Set(['rw', 'remount', 'noatime', 'nodiratime']);
const NOATIME_IS_USUAL: ReadonlySet<unknown> = new Set([
  '/system_dlkm',
  '/system_ext',
  '/product',
  '/vendor',
  '/vendor_dlkm',
]);

function mounted(record: ModuleRecord): Notice[] {
  if (!truthy(need(record, 'is_system_partition'))) return [];
  const point = word(need(record, 'mount_point'));
  const alerts: Notice[] = [];
  const say = (message: string): number => alerts.push({ level: 'HIGH', message, eventTime: '' });
  if (truthy(need(record, 'is_read_write'))) {
    say(
      point === '/system'
        ? 'Root detected /system partition is mounted as read-write (rw)'
        : `System partition ${point} is mounted as read-write (rw). This may indicate system modifications.`,
    );
  }
  const options = asList(need(record, 'options_list')).filter((option) => MOUNT_OPTIONS.has(option));
  const usual = word(get(record, 'mount_options')).includes('noatime') && NOATIME_IS_USUAL.has(point);
  if (options.length > 0 && !usual)
    say(`Suspicious mount options found for ${point}: ${options.map(word).join(', ')}`);
  return alerts;
}

const mounts: ModuleRule = {
  steps: [notice(({ record }) => ({ alerts: mounted(record) }))],
  later: [
    field('mount_point', 'check_file_path', {
      needed: false,
      stop: 'nothing',
      message: (_match, value) => `Mount point matches indicator: ${word(value)}`,
    }),
    field('device', 'check_file_path', {
      needed: false,
      stop: 'nothing',
      message: (_match, value) => `Device path matches indicator: ${word(value)}`,
    }),
  ],
};

const rootBinaries: ModuleRule = {
  steps: [
    notice(({ record }) => ({
      alerts: [
        {
          level: 'HIGH',
          message: `Found root binary "${word(need(record, 'binary_name'))}" at path "${word(need(record, 'path'))}"`,
          eventTime: '',
        },
      ],
    })),
  ],
};

/** What an Android system tells about itself. */
export const ANDROID_SYSTEM_MODULES = {
  aqf_processes: processes,
  aqf_get_prop: properties,
  aqf_settings: settings,
  dumpsys_activities: packageName,
  dumpsys_receivers: packageName,
  dumpsys_battery_daily: packageName,
  dumpsys_battery_history: packageName,
  dumpsys_platform_compat: packageName,
  dumpsys_accessibility: accessibility,
  dumpsys_appops: appOps,
  dbinfo: databases,
  tombstones,
  mounts,
  root_binaries: rootBinaries,
} as const satisfies Record<string, ModuleRule>;
