import type { Check } from '#shared/surveillance/indicators.ts';
import { withoutEnd } from '../trim-ends.ts';
import {
  field,
  get,
  need,
  notice,
  textFor,
  truthy,
  word,
  type CheckStep,
  type ModuleRule,
  type TextHit,
} from './rule.ts';

const LOCATION_WORDS = (what: string, shown: string) =>
  `Found a suspicious ${what} in LocationD entry ${shown}`;

const locationStep = (key: string, check: Check, stop: CheckStep['stop']): CheckStep => ({
  kind: 'check',
  check,
  level: 'HIGH',
  stop,
  values: ({ record }) =>
    // `Registered` is sometimes yes or no.
    Object.hasOwn(record, key) && typeof record[key] !== 'boolean'
      ? [{ field: key, value: record[key] }]
      : [],
  message: (_match, value, { record }) =>
    check === 'check_process'
      ? LOCATION_WORDS('process name', word(get(record, 'package')))
      : LOCATION_WORDS('file path', word(value)),
});

const locationdClients: ModuleRule = {
  steps: [
    {
      kind: 'check',
      check: 'check_process',
      level: 'HIGH',
      stop: 'record',
      values: ({ record }) => [
        { field: 'package', value: textFor(need(record, 'package'), 'split').split('/').at(-1) },
      ],
      message: (_match, _value, { record }) => LOCATION_WORDS('process name', word(get(record, 'package'))),
    },
    locationStep('BundleId', 'check_process', 'nothing'),
    locationStep('BundlePath', 'check_file_path', 'record'),
    locationStep('Executable', 'check_file_path', 'record'),
    locationStep('Registered', 'check_file_path', 'record'),
  ],
};

/** Every text of a record is looked at twice, as a process and as a link; a process ends that text only. */
const analytics: ModuleRule = {
  steps: [
    {
      kind: 'texts',
      look: (matcher, { record }) =>
        Object.values(record).flatMap((value): TextHit[] => {
          if (typeof value !== 'string') return [];
          const process = matcher.process(value);
          if (process !== null) {
            const place = `${word(need(record, 'artifact'))} file at ${word(need(record, 'isodate'))}`;
            return [
              {
                value,
                check: 'check_process' as const,
                match: process,
                message: `Found mention of a malicious process "${value}" in ${place}`,
              },
            ];
          }
          const link = matcher.url(value);
          return link === null ? [] : [{ value, check: 'check_url' as const, match: link, message: null }];
        }),
      strictly: ({ record }) =>
        Object.entries(record).flatMap(([key, value]) =>
          typeof value === 'string'
            ? [
                { field: key, check: 'check_process' as const, value },
                { field: key, check: 'check_url' as const, value },
              ]
            : [],
        ),
    },
  ],
};

const shutdownLog: ModuleRule = {
  steps: [
    field('client', 'check_file_path'),
    {
      kind: 'texts',
      look: (matcher, { record }) =>
        matcher.processesInPath(textFor(need(record, 'client'), 'split')).map((indicator) => ({
          value: record['client'],
          check: 'check_file_path_process' as const,
          match: { indicator, how: 'equal' as const },
          message: `Found mention of a known malicious process "${indicator.value}" in shutdown.log`,
        })),
      strictly: ({ record }) => [
        { field: 'client', check: 'check_file_path_process' as const, value: get(record, 'client') },
      ],
    },
  ],
};

const idStatusCache: ModuleRule = {
  steps: [
    {
      kind: 'check',
      check: 'check_email',
      level: 'CRITICAL',
      stop: 'record',
      values: ({ record }) => {
        const user = textFor(get(record, 'user', ''), 'startswith');
        return user.startsWith('mailto:')
          ? [{ field: 'user', value: withoutEnd(user.slice('mailto:'.length).replace(/^'+/u, ''), "'") }]
          : [];
      },
    },
    notice(({ record }) => {
      const user = textFor(get(record, 'user', ''), 'startswith');
      if (!user.includes('\\x00\\x00')) return null;
      return {
        alerts: [
          {
            level: 'HIGH',
            message: `Found an ID Status Cache entry with suspicious patterns: ${user}`,
            eventTime: '',
          },
        ],
      };
    }, true),
  ],
};

const calendar: ModuleRule = {
  steps: [
    field('participant_email', 'check_email'),
    /* An invitation with these two words was how one exploit arrived. */
    notice(({ record }) => {
      if (need(record, 'summary') !== 'Meeting' || need(record, 'description') !== 'Notes') return null;
      return {
        alerts: [
          {
            level: 'HIGH',
            message: `Potential Quadream exploit event identified: ${word(need(record, 'uuid'))}`,
            eventTime: '',
          },
        ],
      };
    }),
  ],
};

const globalPreferences: ModuleRule = {
  steps: [
    notice(({ record }) => {
      if (need(record, 'entry') !== 'LDMGlobalEnabled') return null;
      const on = truthy(need(record, 'value'));
      return {
        alerts: [
          on
            ? { level: 'INFORMATIONAL', message: 'Lockdown mode enabled', eventTime: '' }
            : { level: 'LOW', message: 'Lockdown mode disabled', eventTime: '' },
        ],
      };
    }),
  ],
};

/** What the system itself wrote down. */
export const DEVICE_LOG_MODULES = {
  locationd_clients: locationdClients,
  analytics,
  shutdown_log: shutdownLog,
  id_status_cache: idStatusCache,
  calendar,
  global_preferences: globalPreferences,
} as const satisfies Record<string, ModuleRule>;
