import type { IndicatorType } from './indicators.ts';

/** One indicator that findings coincided with, and when it was seen. Nothing of whom, where or on what device. */
export interface SightedIndicator {
  readonly value: string;
  readonly type: IndicatorType;
  readonly collection: string;
  /** Day on which the set says that the indicator holds, or null. */
  readonly setDay: string | null;
  readonly count: number;
  /** Instants of the first and last time, already cut as far as was asked; null: no times. */
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
}

export interface StixOutOptions {
  /** Instant cut to the day; the only one that the bundle's own objects carry. */
  readonly madeAt: string;
  /** A fresh random UUID (version 4) at each call: ids of two bundles can never be joined. */
  readonly newUuid: () => string;
  readonly identityName: string;
  readonly description: string;
}

const QUOTED = /['\\]/gu;
const literal = (value: string): string => `'${value.replace(QUOTED, '\\$&')}'`;
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/u;

const HASH_BY_LENGTH: Readonly<Record<number, string>> = { 32: 'md5', 40: 'sha1', 64: 'sha256' };

/** The object path by which published sets, and the reference tool, name each kind of indicator. */
function pathOf(type: IndicatorType, value: string): string {
  switch (type) {
    case 'domains':
      if (IPV4.test(value)) return 'ipv4-addr:value';
      return value.includes(':') ? 'ipv6-addr:value' : 'domain-name:value';
    case 'urls':
      return 'url:value';
    case 'processes':
      return 'process:name';
    case 'emails':
      return 'email-addr:value';
    case 'file_names':
      return 'file:name';
    case 'file_paths':
      return 'file:path';
    case 'files_md5':
      return 'file:hashes.md5';
    case 'files_sha1':
      return 'file:hashes.sha1';
    case 'files_sha256':
      return 'file:hashes.sha256';
    case 'app_cert_hashes':
      return `app:cert.${HASH_BY_LENGTH[value.length] ?? 'sha256'}`;
    case 'app_ids':
      return 'app:id';
    case 'ios_profile_ids':
      return 'configuration-profile:id';
    case 'android_property_names':
      return 'android-property:name';
  }
}

/** The STIX pattern of one indicator: one comparison, quotes and backslashes escaped. */
export const patternOf = (type: IndicatorType, value: string): string =>
  `[${pathOf(type, value)} = ${literal(value)}]`;

/**
 * A STIX 2.1 bundle: one identity, a malware for each collection, an indicator with its relation, and one sighting for
 * each indicator. Objects keep the order of the input.
 *
 * @returns the bundle as an object, ready to be written as JSON.
 */
export function stixBundle(
  indicators: readonly SightedIndicator[],
  options: StixOutOptions,
): {
  readonly type: 'bundle';
  readonly id: string;
  readonly objects: readonly Readonly<Record<string, unknown>>[];
} {
  const { madeAt, newUuid } = options;
  const common = { spec_version: '2.1', created: madeAt, modified: madeAt } as const;
  const identity = {
    type: 'identity',
    id: `identity--${newUuid()}`,
    ...common,
    name: options.identityName,
    identity_class: 'group',
    description: options.description,
  };
  const objects: Readonly<Record<string, unknown>>[] = [identity];
  const malware = new Map<string, string>();
  for (const { collection } of indicators) {
    if (collection === '' || malware.has(collection)) continue;
    const id = `malware--${newUuid()}`;
    malware.set(collection, id);
    objects.push({
      type: 'malware',
      id,
      ...common,
      created_by_ref: identity.id,
      name: collection,
      is_family: true,
    });
  }
  for (const one of indicators) {
    const id = `indicator--${newUuid()}`;
    objects.push({
      type: 'indicator',
      id,
      ...common,
      created_by_ref: identity.id,
      indicator_types: ['malicious-activity'],
      pattern: patternOf(one.type, one.value),
      pattern_type: 'stix',
      valid_from: one.setDay === null ? madeAt : `${one.setDay}T00:00:00.000Z`,
    });
    const family = malware.get(one.collection);
    if (family !== undefined) {
      objects.push({
        type: 'relationship',
        id: `relationship--${newUuid()}`,
        ...common,
        created_by_ref: identity.id,
        relationship_type: 'indicates',
        source_ref: id,
        target_ref: family,
      });
    }
    objects.push({
      type: 'sighting',
      id: `sighting--${newUuid()}`,
      ...common,
      created_by_ref: identity.id,
      sighting_of_ref: id,
      where_sighted_refs: [identity.id],
      count: one.count,
      ...(one.firstSeen === null ? {} : { first_seen: one.firstSeen }),
      ...(one.lastSeen === null ? {} : { last_seen: one.lastSeen }),
    });
  }
  return { type: 'bundle', id: `bundle--${newUuid()}`, objects };
}
