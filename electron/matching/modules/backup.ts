import { readMvtUrl } from '../python-url.ts';
import {
  asList,
  field,
  get,
  isRecord,
  ModuleFault,
  need,
  notice,
  textFor,
  truthy,
  word,
  type ModuleRecord,
  type ModuleRule,
} from './rule.ts';

/** Text of the path of a backed-up file; records without one are passed over. */
const relativePath = (record: ModuleRecord): string | null => {
  const path = get(record, 'relative_path');
  return truthy(path) ? textFor(path, 'lower') : null;
};

const manifest: ModuleRule = {
  steps: [
    {
      kind: 'check',
      check: 'check_file_path',
      level: 'HIGH',
      stop: 'record',
      values: ({ record }) => {
        const path = relativePath(record);
        return path === null ? [] : [{ field: 'relative_path', value: `/${path}` }];
      },
    },
    {
      kind: 'check',
      check: 'check_url',
      level: 'HIGH',
      stop: 'nothing',
      /* Storage folders are named after hosts: `https_host_0`. */
      values: ({ record }) =>
        (relativePath(record) ?? '')
          .toLowerCase()
          .split('_')
          .filter((part) => part !== '' && readMvtUrl(part) !== null)
          .map((value) => ({ field: 'relative_path', value })),
      message: ({ indicator }, _value, { record }) =>
        `Found mention of domain "${indicator.value}" in a backup file with path: ${(relativePath(record) ?? '').toLowerCase()}`,
    },
  ],
};

const plistOf = (record: ModuleRecord): ModuleRecord => {
  const plist = need(record, 'plist');
  if (!isRecord(plist)) textFor(plist, 'get');
  return isRecord(plist) ? plist : {};
};

const firstPayload = (plist: ModuleRecord): ModuleRecord => {
  const first = asList(need(plist, 'PayloadContent'))[0];
  if (!isRecord(first)) throw new ModuleFault('TypeError', 'list index out of range');
  return first;
};

const configurationProfiles: ModuleRule = {
  steps: [
    {
      kind: 'check',
      check: 'check_profile',
      level: 'CRITICAL',
      stop: 'record',
      values: ({ record }) => {
        const plist = plistOf(record);
        if (!truthy(get(plist, 'PayloadUUID'))) return [];
        firstPayload(plist);
        return [{ field: 'plist.PayloadUUID', value: plist['PayloadUUID'] }];
      },
      strictly: ({ record }) => {
        const plist = get(record, 'plist');
        if (!isRecord(plist)) return [];
        return [
          { field: 'plist.PayloadUUID', value: plist['PayloadUUID'] },
          { field: 'plist.PayloadIdentifier', value: plist['PayloadIdentifier'] },
        ];
      },
      message: (_match, value, { record }) =>
        `Found a known malicious configuration profile "${word(need(plistOf(record), 'PayloadDisplayName'))}" with UUID "${word(value)}"`,
    },
    notice(({ record }) => {
      const plist = plistOf(record);
      if (!truthy(get(plist, 'PayloadUUID'))) return null;
      const type = need(firstPayload(plist), 'PayloadType');
      if (type !== 'com.apple.notificationsettings') return null;
      const name = word(need(plist, 'PayloadDisplayName'));
      return {
        alerts: [
          {
            level: 'MEDIUM',
            message: `Found a potentially suspicious configuration profile "${name}" with payload type ${type}`,
            eventTime: '',
          },
        ],
      };
    }, true),
  ],
};

const profileEvents: ModuleRule = {
  beforeEach: true,
  before: function* (records) {
    for (const { record, index } of records) {
      const [at, process, operation, profile] = ['timestamp', 'process', 'operation', 'profile_id'].map(
        (name) => get(record, name),
      );
      yield {
        level: 'LOW',
        message: `On ${word(at)} process "${word(process)}" started operation "${word(operation)}" of profile "${word(profile)}"`,
        eventTime: at ?? null,
        record: index,
      };
    }
  },
  steps: [
    field('process', 'check_process', { needed: false }),
    field('profile_id', 'check_profile', { needed: false }),
  ],
};

const filesystem: ModuleRule = {
  steps: [
    field('path', 'check_file_path', { needed: false, level: 'HIGH', stop: 'nothing' }),
    field('path', 'check_file_path_process', { needed: false, level: 'HIGH', stop: 'nothing' }),
  ],
};

/** Programs that install for the App Store or for an administrator of devices. */
const KNOWN_INSTALLERS: ReadonlySet<unknown> = new Set([
  'com.apple.AppStore',
  'com.apple.AppStore.ProductPageExtension',
  'com.apple.dmd',
  'dmd',
]);

const BUNDLE = 'softwareVersionBundleId';
const malicious = (record: ModuleRecord): string =>
  `Malicious application ${word(record[BUNDLE])} identified`;

const applications: ModuleRule = {
  steps: [
    notice(
      ({ record }) =>
        Object.hasOwn(record, BUNDLE)
          ? null
          : {
              alerts: [
                {
                  level: 'MEDIUM',
                  message: `Suspicious application identified without ${BUNDLE}`,
                  eventTime: '',
                },
              ],
              stop: true,
            },
      true,
    ),
    field(BUNDLE, 'check_process', {
      needed: false,
      message: (_match, _value, { record }) => malicious(record),
    }),
    field(BUNDLE, 'check_app_id', {
      needed: false,
      message: (_match, _value, { record }) => malicious(record),
    }),
    notice(({ record }) => {
      if (KNOWN_INSTALLERS.has(get(record, 'sourceApp', 'com.apple.AppStore'))) return null;
      return {
        alerts: [
          {
            level: 'MEDIUM',
            message: `Suspicious app not installed from the App Store or MDM: ${word(need(record, BUNDLE))}`,
            eventTime: '',
          },
        ],
      };
    }),
  ],
};

/** What is in a backup or a file system, and what was installed. */
export const BACKUP_MODULES = {
  manifest,
  configuration_profiles: configurationProfiles,
  profile_events: profileEvents,
  filesystem,
  applications,
} as const satisfies Record<string, ModuleRule>;
