import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { matchModule } from '../../electron/matching/modules/match-module.ts';
import { ruleFor } from '../../electron/matching/modules/modules.ts';
import { DATA, matcherOver } from './reference-cases.ts';

/** Every module that a version since 2.4 has written, by the names of its files. */
const NAMES = `
backup_info configuration_profiles manifest profile_events analytics analytics_ios_versions cache_files filesystem
ios_version_history netusage safari_favicon shutdown_log webkit_indexeddb webkit_local_storage
webkit_safari_view_service applications calendar calls chrome_favicon chrome_history contacts datausage
firefox_favicon firefox_history global_preferences id_status_cache interaction_c locationd_clients
os_analytics_ad_daily safari_browser_state safari_history shortcuts sms sms_attachments tcc
webkit_resource_load_statistics webkit_session_resource_log whatsapp whatsapp_contacts aqf_files aqf_get_prop
aqf_log_timestamps aqf_packages aqf_processes aqf_settings mounts root_binaries bugreport_timestamps dbinfo
dumpsys_accessibility dumpsys_activities dumpsys_adb_state dumpsys_appops dumpsys_battery_daily
dumpsys_battery_history dumpsys_get_prop dumpsys_packages dumpsys_platform_compat dumpsys_receivers tombstones
connect_event dns_event security_event dumpsys_db_info files getprop packages processes settings accessibility
activities appops battery_daily battery_history platform_compat receivers dumpsys_dbinfo dumpsys_full logcat
selinux_status
`
  .trim()
  .split(/\s+/u);

describe('names of modules', () => {
  it('are all known, in every spelling', () => {
    expect(NAMES.filter((name) => ruleFor(name, undefined) === 'unknown')).toEqual([]);
    expect(ruleFor('android:files', undefined)).toBe(ruleFor('aqf_files', undefined));
    expect(ruleFor('packages', { package_name: 'a' })).toBe(ruleFor('dumpsys_packages', undefined));
    expect(ruleFor('something_new', undefined)).toBe('unknown');
  });
});

const OLD = join(DATA, 'mvt-output/v2.6.1');
const folders = existsSync(OLD) ? readdirSync(OLD) : [];

describe.skipIf(folders.length === 0)('results of an old version', () => {
  it.each(folders)('%s: every file is understood, and its old detections are among the alerts', (folder) => {
    const matcher = matcherOver([join(DATA, 'stix/mvt-tests-indicators.stix2')]);
    for (const name of readdirSync(join(OLD, folder))) {
      const slug = basename(name, '.json');
      if (!name.endsWith('.json') || slug === 'info' || slug.endsWith('_detected')) continue;
      const content: unknown = JSON.parse(readFileSync(join(OLD, folder, name), 'utf8'));
      const answer = matchModule(matcher, slug, content);
      expect(answer.mvt.error, slug).toBeNull();
      expect(answer.known, slug).toBe(true);
      const detected = join(OLD, folder, `${slug}_detected.json`);
      if (!existsSync(detected)) continue;
      const values = (
        JSON.parse(readFileSync(detected, 'utf8')) as { matched_indicator?: { value: string } }[]
      ).flatMap(({ matched_indicator }) => matched_indicator?.value ?? []);
      const ours = answer.mvt.alerts.flatMap(({ match }) => match?.indicator.value ?? []);
      for (const value of values) expect(ours, slug).toContain(value);
    }
  });
});
