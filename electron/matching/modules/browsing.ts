import { looseLinks } from './links.ts';
import { safariRedirects } from './safari-redirects.ts';
import {
  asList,
  field,
  firstOf,
  get,
  isRecord,
  members,
  need,
  word,
  type ModuleRule,
  type Observed,
} from './rule.ts';

const oneUrl: ModuleRule = { steps: [field('url', 'check_url')] };

const safariBrowserState: ModuleRule = {
  steps: [
    field('tab_url', 'check_url', {
      needed: false,
      strictly: ({ record }) => [{ field: 'tab_visible_url', value: get(record, 'tab_visible_url') }],
    }),
    {
      kind: 'check',
      check: 'check_url',
      level: 'CRITICAL',
      stop: 'nothing',
      values: ({ record }) =>
        asList(get(record, 'session_data')).flatMap((entry, at) =>
          isRecord(entry) && Object.hasOwn(entry, 'entry_url')
            ? [{ field: `session_data[${String(at)}].entry_url`, value: entry['entry_url'] }]
            : [],
        ),
      strictly: ({ record }) =>
        asList(get(record, 'session_data')).flatMap((entry, at) =>
          isRecord(entry)
            ? [{ field: `session_data[${String(at)}].entry_title`, value: entry['entry_title'] }]
            : [],
        ),
    },
  ],
};

/** Folder names of WebKit's storage: `https_host_0` or a link. */
const webkitFolder: ModuleRule = { steps: [field('url', 'check_url')] };

const origins = (key: string, value: unknown): Observed[] =>
  asList(value).flatMap((entry, at) => {
    if (!isRecord(entry)) return [];
    return ['origin', 'domain'].flatMap((name) =>
      Object.hasOwn(entry, name) ? [{ field: `${key}[${String(at)}].${name}`, value: entry[name] }] : [],
    );
  });

const quoted = (list: readonly Observed[]): string => list.map(({ value }) => `"${word(value)}"`).join(', ');

const sessionResources: ModuleRule = {
  steps: [
    {
      kind: 'check',
      check: 'check_url',
      level: 'CRITICAL',
      stop: 'step',
      values: ({ record }) => [
        { field: 'origin', value: need(record, 'origin') },
        ...origins('redirect_source', need(record, 'redirect_source')),
        ...origins('redirect_destination', need(record, 'redirect_destination')),
      ],
      strictly: ({ record }) => [
        ...origins('subframe_under_origin', get(record, 'subframe_under_origin')),
        ...origins('subresource_under_origin', get(record, 'subresource_under_origin')),
      ],
      message: (_match, _value, { record }) => {
        const sources = quoted(origins('redirect_source', get(record, 'redirect_source')));
        const destinations = quoted(origins('redirect_destination', get(record, 'redirect_destination')));
        const path = [
          sources === '' ? '' : `SOURCE: ${sources} -> `,
          `ORIGIN: "${word(get(record, 'origin'))}"`,
          destinations === '' ? '' : ` -> DESTINATION: ${destinations}`,
        ].join('');
        return `Found HTTP redirect between suspicious domains: ${path}`;
      },
    },
  ],
};

const shortcuts: ModuleRule = {
  steps: [
    {
      kind: 'check',
      check: 'check_url',
      level: 'CRITICAL',
      stop: 'step',
      values: ({ record }) => members('action_urls', need(record, 'action_urls')),
      strictly: ({ record }) => looseLinks('description', get(record, 'description')),
    },
  ],
};

/** What browsers and web views remember. */
export const BROWSING_MODULES = {
  safari_history: { before: safariRedirects, steps: [field('url', 'check_url')] },
  chrome_history: oneUrl,
  firefox_history: oneUrl,
  chrome_favicon: { steps: [firstOf(['url', 'icon_url'], 'check_url')] },
  safari_favicon: { steps: [firstOf(['url', 'icon_url'], 'check_url')] },
  firefox_favicon: { steps: [firstOf(['url', 'history_url'], 'check_url')] },
  safari_browser_state: safariBrowserState,
  cache_files: {
    steps: [field('url', 'check_url', { time: ({ record }) => get(record, 'isodate', '') })],
  },
  webkit_indexeddb: webkitFolder,
  webkit_local_storage: webkitFolder,
  webkit_safari_view_service: webkitFolder,
  webkit_resource_load_statistics: {
    steps: [
      field('registrable_domain', 'check_url', {
        strictly: ({ record }) => [{ field: 'domain', value: get(record, 'domain') }],
      }),
    ],
  },
  webkit_session_resource_log: sessionResources,
  shortcuts,
} as const satisfies Record<string, ModuleRule>;
