/** Lists of indicators, named as the Mobile Verification Toolkit names them in its results. */
export const INDICATOR_TYPES = [
  'domains',
  'urls',
  'processes',
  'emails',
  'file_names',
  'file_paths',
  'files_md5',
  'files_sha1',
  'files_sha256',
  'app_cert_hashes',
  'app_ids',
  'ios_profile_ids',
  'android_property_names',
] as const;
export type IndicatorType = (typeof INDICATOR_TYPES)[number];

export const INDICATOR_STATES = ['revoked', 'expired'] as const;
export type IndicatorState = (typeof INDICATOR_STATES)[number];

export interface Indicator {
  /** As it stands in the set, trimmed. */
  readonly value: string;
  readonly type: IndicatorType;
  /** Name of the malware or report that the set gives it to. */
  readonly collection: string;
  /** File name of the set. */
  readonly set: string;
  /** What its authors say of it today; left out where they stand by it. It is compared all the same. */
  readonly state?: IndicatorState;
}

/**
 * How a match came about. In the mode `mvt` these are the words of the reference answers; `strict` adds its own.
 */
export type How =
  | 'exact-url'
  | 'full-domain'
  | 'registrable-domain'
  | 'substring-fallback'
  | 'equal'
  | 'truncated'
  | 'name'
  | 'path'
  | 'host'
  | 'sub-domain'
  | 'address'
  | 'address-range'
  | 'nested-link';

export interface Match {
  readonly indicator: Indicator;
  readonly how: How;
}

/** The observations that can be checked; the names are those of the interface for machines. */
export const CHECKS = [
  'check_url',
  'check_urls',
  'check_process',
  'check_processes',
  'check_email',
  'check_file_name',
  'check_file_path',
  'check_file_path_process',
  'check_file_hash',
  'check_app_id',
  'check_app_certificate_hash',
  'check_profile',
  'check_android_property_name',
] as const;
export type Check = (typeof CHECKS)[number];
