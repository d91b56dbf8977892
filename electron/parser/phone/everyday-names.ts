import { isRecord } from '../../matching/modules/rule.ts';

/**
 * Modules whose files bear names that files of many other programs bear too (`manifest.json`, `settings.json`), with
 * fields of which each record of the tool has one at least. Of the settings in groups there is none: see `isOfModule`.
 */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  manifest: ['relative_path', 'file_id'],
  aqf_files: ['path'],
  aqf_packages: ['package_name', 'installer', 'third_party'],
  aqf_processes: ['proc_name', 'pid'],
  aqf_settings: ['namespace'],
  urls: ['url', 'expanded_url'],
  contacts: ['first', 'last', 'organization', 'First', 'Last', 'Organization'],
  calls: ['isodate', 'duration', 'provider', 'ZDATE'],
};

/** Whether the name of a module by itself says nothing of what a file holds. */
export const isEverydayName = (module: string): boolean => Object.hasOwn(FIELDS, module);

/**
 * Whether a record under an everyday name is one of that module. Settings are kept in groups as well, each an object of
 * names and values; a file whose first member is something else holds those of another program.
 */
export function isOfModule(module: string, value: unknown, group: string | null, isFirst: boolean): boolean {
  if (!isRecord(value)) return false;
  if (module === 'aqf_settings' && group !== null) return isFirst;
  return (FIELDS[module] ?? []).some((field) => Object.hasOwn(value, field));
}
