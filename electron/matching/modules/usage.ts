import {
  field,
  get,
  ModuleFault,
  need,
  truthy,
  word,
  type ModuleRule,
  type Placed,
  type PlacedNotice,
} from './rule.ts';

/** Text order by code points, and nothing before everything, as far as the reference can compare at all. */
function inOrder(records: readonly Placed[], name: string): Placed[] {
  const keyed = records.map((placed) => ({ placed, at: need(placed.record, name) }));
  if (keyed.length > 1 && keyed.some(({ at }) => typeof at !== 'string')) {
    throw new ModuleFault('TypeError', "'<' not supported between instances of 'NoneType' and 'str'");
  }
  const text = ({ at }: { at: unknown }): string => (typeof at === 'string' ? at : '');
  return keyed
    .sort((a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0))
    .map(({ placed }) => placed);
}

/** Records of use whose process was taken out of the database. */
function* manipulated(records: readonly Placed[]): Generator<PlacedNotice> {
  const told = new Set<unknown>();
  for (const { record, index } of inOrder(records, 'live_isodate')) {
    if (truthy(need(record, 'proc_id'))) continue;
    const process = need(record, 'live_proc_id');
    const at = need(record, 'live_isodate');
    if (!told.has(process)) {
      told.add(process);
      yield {
        level: 'HIGH',
        message: `Found manipulated process entry ${word(process)}. Entry on ${word(at)}`,
        eventTime: at,
        record: index,
      };
    }
    yield {
      level: 'HIGH',
      message: `Found manipulated process entry ${word(process)}/`,
      eventTime: at,
      record: index,
    };
  }
}

/** Numbers that are missing between the numbers of known processes. One pass over the sorted numbers. */
function* deleted(records: readonly Placed[]): Generator<PlacedNotice> {
  const byNumber = new Map<bigint, Placed>();
  for (const placed of records) {
    const number = need(placed.record, 'proc_id');
    if (!truthy(number)) continue;
    if (typeof number !== 'bigint' && !(typeof number === 'number' && Number.isInteger(number))) {
      throw new ModuleFault('TypeError', "'str' object cannot be interpreted as an integer");
    }
    byNumber.set(BigInt(number), placed);
  }
  const numbers = [...byNumber.keys()].sort((a, b) => (a < b ? -1 : 1));
  for (const [at, number] of numbers.entries()) {
    const next = numbers[at + 1];
    const before = byNumber.get(number);
    if (next === undefined || before === undefined) return;
    for (let missing = number + 1n; missing < next; missing += 1n) {
      // Records that were made manipulated a moment ago have no number, so these are as the file has them.
      const since = need(before.record, 'first_isodate');
      yield {
        level: 'LOW',
        message: `Missing process ${String(missing)}. Previous process at "${word(since)}" (${word(need(before.record, 'proc_name'))})`,
        eventTime: since,
        record: before.index,
      };
    }
  }
}

/** Older results lack fields: the reference then leaves both looks out, without a word. */
function* unlessOld(looks: Iterable<PlacedNotice>): Generator<PlacedNotice, boolean> {
  try {
    yield* looks;
    return true;
  } catch (thrown) {
    if (thrown instanceof ModuleFault && thrown.error === 'KeyError') return false;
    throw thrown;
  }
}

const netUsage: ModuleRule = {
  before: function* (records) {
    if (yield* unlessOld(manipulated(records))) yield* unlessOld(deleted(records));
  },
  /* The look for missing numbers leaves the records sorted by their first use. */
  order: (records) => {
    const complete = records.every(({ record }) =>
      ['live_isodate', 'proc_id', 'live_proc_id', 'first_isodate'].every((name) =>
        Object.hasOwn(record, name),
      ),
    );
    const numbered = records.some(({ record }) => truthy(get(record, 'proc_id')));
    return complete && numbered ? inOrder(records, 'first_isodate') : records;
  },
  steps: [
    {
      kind: 'check',
      check: 'check_process',
      level: 'CRITICAL',
      stop: 'record',
      values: ({ record }) =>
        Object.hasOwn(record, 'proc_name') && truthy(need(record, 'proc_id'))
          ? [{ field: 'proc_name', value: record['proc_name'] }]
          : [],
      /* A deleted process may still have its name, and the bundle is a name as well. */
      strictly: ({ record }) => [
        { field: 'proc_name', value: get(record, 'proc_name') },
        { field: 'bundle_id', value: get(record, 'bundle_id') },
      ],
      time: ({ record }) => need(record, 'first_isodate'),
    },
    {
      kind: 'check',
      check: 'check_app_id',
      level: 'CRITICAL',
      stop: 'record',
      values: () => [],
      strictly: ({ record }) => [{ field: 'bundle_id', value: get(record, 'bundle_id') }],
    },
  ],
};

/** Which processes used the network, the place or a permission. */
export const USAGE_MODULES = {
  datausage: netUsage,
  netusage: netUsage,
  os_analytics_ad_daily: { steps: [field('package', 'check_process')] },
  tcc: {
    steps: [
      field('client', 'check_process'),
      {
        kind: 'check',
        check: 'check_file_path',
        level: 'CRITICAL',
        stop: 'record',
        values: () => [],
        strictly: ({ record }) =>
          get(record, 'client_type') === 'absolute_path'
            ? [{ field: 'client', value: get(record, 'client') }]
            : [],
      },
    ],
  },
} as const satisfies Record<string, ModuleRule>;
