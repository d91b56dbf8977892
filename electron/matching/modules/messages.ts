import { linksIn, listedLinks, looseLinks } from './links.ts';
import { field, get, need, notice, textFor, word, type ModuleRule, type Placed } from './rule.ts';

/** First words of the warnings that Apple sends by message. */
const APPLE_WARNINGS = [
  'ALERT: State-sponsored attackers may be targeting your iPhone',
  'ALERT: Apple detected a targeted mercenary spyware attack against your iPhone',
] as const;

const appleWarning = ({ record, index }: Placed) => {
  const text = textFor(get(record, 'text', ''), 'startswith');
  if (!APPLE_WARNINGS.some((start) => text.startsWith(start))) return null;
  const at = need(record, 'isodate');
  return {
    level: 'HIGH' as const,
    message: `Apple warning about state-sponsored attack received on ${word(at)}`,
    eventTime: at,
    record: index,
  };
};

/** Messages of an iPhone; results of `mvt-ios` over any file of this name. */
const sms: ModuleRule = {
  beforeEach: true,
  before: function* (records) {
    for (const placed of records) {
      const warning = appleWarning(placed);
      if (warning !== null) yield warning;
    }
  },
  steps: [
    {
      kind: 'check',
      check: 'check_url',
      level: 'CRITICAL',
      stop: 'step',
      values: ({ record }) => {
        const links = get(record, 'links', []);
        return Array.isArray(links) && links.length === 0
          ? linksIn(get(record, 'text', '')).map((value) => ({ field: 'text', value }))
          : listedLinks('links', links);
      },
      /* Links beside the listed ones, and the texts of Android messages, which the reference does not read. */
      strictly: ({ record }, isQuiet) => [
        ...looseLinks('text', get(record, 'text'), isQuiet),
        ...looseLinks('body', get(record, 'body'), isQuiet),
        ...looseLinks('subject', get(record, 'subject'), isQuiet),
      ],
    },
  ],
};

/** `mvt-android check-iocs` empties its list before it looks: the mode `mvt` gives what it gives, nothing. */
const androidSms: ModuleRule = { ...sms, strictOnly: true };

const isSuspiciousAttachment = (name: string, direction: unknown): boolean =>
  name.startsWith('/var/tmp/') && name.endsWith('-1') && direction === 'received';

const smsAttachments: ModuleRule = {
  steps: [
    field('filename', 'check_file_path', { level: 'HIGH', stop: 'nothing' }),
    notice(({ record }) => {
      const name = textFor(need(record, 'filename'), 'startswith');
      if (!name.startsWith('/var/tmp/') || !isSuspiciousAttachment(name, need(record, 'direction')))
        return null;
      const at = need(record, 'isodate');
      return {
        alerts: [
          {
            level: 'MEDIUM',
            message: `Suspicious iMessage attachment ${name} on ${word(at)}`,
            eventTime: at,
          },
        ],
      };
    }),
  ],
};

const whatsapp: ModuleRule = {
  steps: [
    {
      kind: 'check',
      check: 'check_url',
      level: 'CRITICAL',
      stop: 'step',
      values: ({ record }) => listedLinks('links', get(record, 'links', [])),
      strictly: ({ record }, isQuiet) =>
        ['ZTEXT', 'ZMATCHEDTEXT', 'ZMEDIAURL', 'ZCONTENT1', 'ZCONTENT2', 'data', 'text_data'].flatMap((key) =>
          looseLinks(key, get(record, key), isQuiet),
        ),
    },
  ],
};

/** Messages and what came with them. */
export const MESSAGE_MODULES = {
  sms,
  'android:sms': androidSms,
  sms_attachments: smsAttachments,
  whatsapp,
} as const satisfies Record<string, ModuleRule>;
