import type { OutsideAllowList } from './allow-lists.ts';

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
/** Moments to the second, where whoever handed it over asked for them. */
const SECOND = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.000Z$/;
const MIDNIGHT = /^\d{4}-\d{2}-\d{2}T00:00:00\.000Z$/;
const idOf = (type: string): RegExp => new RegExp(`^${type}--${UUID}$`);
const line = /^[^\p{C}\p{Zl}\p{Zp}]{1,2000}$/u;
const is = (value: string): RegExp => new RegExp(`^${value.replaceAll('.', '\\.')}$`);

type Rule = RegExp | 'count' | 'true' | 'types' | 'identities';
const COMMON: Readonly<Record<string, Rule>> = {
  spec_version: is('2.1'),
  created: MIDNIGHT,
  modified: MIDNIGHT,
};
const BY_US = { ...COMMON, created_by_ref: idOf('identity') } as const;
/** One comparison of one published kind of value; quotes and backslashes in it are escaped. */
const PATTERN = /^\[[a-z0-9-]+:[a-z0-9_.]+ = '(?:[^'\\\p{C}]|\\['\\])*'\]$/u;

/** Every field that the bundle of a package may hold, with the form of its value. */
const FIELDS: Readonly<Record<string, Readonly<Record<string, Rule>>>> = {
  identity: { ...COMMON, id: idOf('identity'), name: line, identity_class: is('group'), description: line },
  malware: { ...BY_US, id: idOf('malware'), name: line, is_family: 'true' },
  indicator: {
    ...BY_US,
    id: idOf('indicator'),
    indicator_types: 'types',
    pattern: PATTERN,
    pattern_type: is('stix'),
    valid_from: MIDNIGHT,
  },
  relationship: {
    ...BY_US,
    id: idOf('relationship'),
    relationship_type: is('indicates'),
    source_ref: idOf('indicator'),
    target_ref: idOf('malware'),
  },
  sighting: {
    ...BY_US,
    id: idOf('sighting'),
    sighting_of_ref: idOf('indicator'),
    where_sighted_refs: 'identities',
    count: 'count',
    first_seen: MIDNIGHT,
    last_seen: MIDNIGHT,
  },
};

const keeps = (rule: Rule, value: unknown): boolean => {
  if (rule === 'true') return value === true;
  if (rule === 'count') return Number.isSafeInteger(value) && (value as number) > 0;
  if (rule === 'types') return Array.isArray(value) && value.join() === 'malicious-activity';
  if (rule === 'identities')
    return Array.isArray(value) && value.length === 1 && idOf('identity').test(String(value[0]));
  return typeof value === 'string' && rule.test(value);
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parse = (content: string): unknown => {
  try {
    return JSON.parse(content) as unknown;
  } catch {
    return null;
  }
};

/** Members that stand twice: a reader keeps the last, another the first. */
const oneForm = (content: string, value: unknown): boolean =>
  content === `${JSON.stringify(value, null, 2)}\n`;

/**
 * The bundle of indicators of a package: five kinds of objects with closed fields, days and no hours, ids of random
 * bytes that lead to an object of the same bundle. Anything else is named and refused.
 *
 * @param seen how exactly sightings may be told.
 */
export const checkStix = (content: string, seen: 'day' | 'second' = 'day'): OutsideAllowList[] => {
  const bundle = parse(content);
  if (!isRecord(bundle) || !Array.isArray(bundle['objects']))
    return [{ where: 'file', name: 'not a bundle' }];
  const found: OutsideAllowList[] = [];
  if (!oneForm(content, bundle)) found.push({ where: 'file', name: 'form' });
  for (const key of Object.keys(bundle))
    if (!['type', 'id', 'objects'].includes(key)) found.push({ where: 'bundle', name: key });
  if (bundle['type'] !== 'bundle' || !idOf('bundle').test(String(bundle['id'])))
    found.push({ where: 'bundle', name: 'id' });
  const objects = bundle['objects'] as readonly unknown[];
  const ids = new Set(objects.map((one) => (isRecord(one) ? one['id'] : undefined)));
  objects.forEach((one, at) => {
    const where = `object ${String(at + 1)}`;
    const fields = isRecord(one) ? FIELDS[String(one['type'])] : undefined;
    if (!isRecord(one) || fields === undefined) {
      found.push({ where, name: 'type' });
      return;
    }
    for (const [key, value] of Object.entries(one)) {
      if (key === 'type') continue;
      const own = Object.hasOwn(fields, key) ? fields[key] : undefined;
      const rule = seen === 'second' && (key === 'first_seen' || key === 'last_seen') && own ? SECOND : own;
      const leads =
        (!key.endsWith('_ref') || ids.has(value)) &&
        (!key.endsWith('_refs') || (Array.isArray(value) && value.every((id) => ids.has(id))));
      if (rule === undefined || !keeps(rule, value) || !leads) found.push({ where, name: key.slice(0, 40) });
    }
  });
  return found;
};
