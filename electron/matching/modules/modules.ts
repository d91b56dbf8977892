import { ANDROID_PACKAGE_MODULES } from './android-packages.ts';
import { ANDROID_SYSTEM_MODULES } from './android-system.ts';
import { BACKUP_MODULES } from './backup.ts';
import { BROWSING_MODULES } from './browsing.ts';
import { DEVICE_LOG_MODULES } from './device-logs.ts';
import { INTRUSION_LOG_MODULES } from './intrusion-logs.ts';
import { MESSAGE_MODULES } from './messages.ts';
import { isRecord, type ModuleRule } from './rule.ts';
import { USAGE_MODULES } from './usage.ts';

/** Modules whose results the reference compares with nothing. Links in them are still looked at strictly. */
export const UNCHECKED_MODULES = [
  'analytics_ios_versions',
  'backup_info',
  'calls',
  'contacts',
  'interaction_c',
  'ios_version_history',
  'whatsapp_contacts',
  'aqf_log_timestamps',
  'bugreport_timestamps',
  'dumpsys_adb_state',
  'dumpsys_full',
  'logcat',
  'selinux_status',
  'sysdiagnose_info',
] as const;

const RULES: Readonly<Record<string, ModuleRule>> = {
  ...MESSAGE_MODULES,
  ...BROWSING_MODULES,
  ...USAGE_MODULES,
  ...DEVICE_LOG_MODULES,
  ...BACKUP_MODULES,
  ...ANDROID_PACKAGE_MODULES,
  ...ANDROID_SYSTEM_MODULES,
  ...INTRUSION_LOG_MODULES,
};

/** Names that modules had before, each with the name they have now. */
export const FORMER_NAMES: Readonly<Record<string, string>> = {
  files: 'aqf_files',
  getprop: 'aqf_get_prop',
  dumpsys_get_prop: 'aqf_get_prop',
  packages: 'aqf_packages',
  processes: 'aqf_processes',
  settings: 'aqf_settings',
  dumpsys_db_info: 'dbinfo',
  dumpsys_dbinfo: 'dbinfo',
  accessibility: 'dumpsys_accessibility',
  activities: 'dumpsys_activities',
  appops: 'dumpsys_appops',
  battery_daily: 'dumpsys_battery_daily',
  battery_history: 'dumpsys_battery_history',
  platform_compat: 'dumpsys_platform_compat',
  receivers: 'dumpsys_receivers',
  osanalytics_addaily: 'os_analytics_ad_daily',
  locationd: 'locationd_clients',
};

export const MODULE_NAMES: readonly string[] = Object.keys(RULES);

const UNCHECKED: ReadonlySet<string> = new Set(UNCHECKED_MODULES);

/** `packages` was the name of two modules with different records; they are told apart by their fields. */
const sameName = (name: string, first: unknown): string =>
  name === 'aqf_packages' && isRecord(first) && Object.hasOwn(first, 'package_name')
    ? 'dumpsys_packages'
    : name;

/**
 * The rule for a module's results.
 *
 * @param slug name of the file without its ending, of any version since 2.4; a platform may stand before it
 *   (`android:sms`).
 * @param first the first record, which tells two modules of one former name apart.
 * @returns null for modules that the reference compares with nothing, `unknown` for those it does not have.
 */
export function ruleFor(slug: string, first: unknown): ModuleRule | null | 'unknown' {
  if (Object.hasOwn(RULES, slug)) return RULES[slug] ?? null;
  const bare = slug.slice(slug.indexOf(':') + 1);
  if (UNCHECKED.has(bare)) return null;
  const now = Object.hasOwn(FORMER_NAMES, bare) ? (FORMER_NAMES[bare] ?? bare) : bare;
  const name = sameName(now, first);
  return Object.hasOwn(RULES, name) ? (RULES[name] ?? null) : 'unknown';
}
