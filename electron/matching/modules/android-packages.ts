import type { Check } from '#shared/surveillance/indicators.ts';
import {
  asList,
  field,
  get,
  isRecord,
  need,
  notice,
  textFor,
  truthy,
  word,
  type ModuleRecord,
  type ModuleRule,
  type Notice,
  type Observed,
  type TextHit,
} from './rule.ts';

/** Packages that give or hide the rights of the administrator of the system. */
const ROOT_PACKAGES: ReadonlySet<unknown> = new Set([
  'com.noshufou.android.su',
  'com.noshufou.android.su.elite',
  'eu.chainfire.supersu',
  'com.koushikdutta.superuser',
  'com.thirdparty.superuser',
  'com.yellowes.su',
  'com.koushikdutta.rommanager',
  'com.koushikdutta.rommanager.license',
  'com.dimonvideo.luckypatcher',
  'com.chelpus.lackypatch',
  'com.ramdroid.appquarantine',
  'com.ramdroid.appquarantinepro',
  'com.devadvance.rootcloak',
  'com.devadvance.rootcloakplus',
  'de.robv.android.xposed.installer',
  'com.saurik.substrate',
  'com.zachspong.temprootremovejb',
  'com.amphoras.hidemyroot',
  'com.amphoras.hidemyrootadfree',
  'com.formyhm.hiderootPremium',
  'com.formyhm.hideroot',
  'me.phh.superuser',
  'eu.chainfire.supersu.pro',
  'com.kingouser.com',
  'com.topjohnwu.magisk',
]);

const SECURITY_PACKAGES: ReadonlySet<unknown> = new Set([
  'com.policydm',
  'com.samsung.android.app.omcagent',
  'com.samsung.android.securitylogagent',
  'com.sec.android.soagent',
]);

const SYSTEM_UPDATE_PACKAGES: ReadonlySet<unknown> = new Set([
  'com.android.updater',
  'com.google.android.gms',
  'com.huawei.android.hwouc',
  'com.lge.lgdmsclient',
  'com.motorola.ccc.ota',
  'com.oneplus.opbackup',
  'com.oppo.ota',
  'com.transsion.systemupdate',
  'com.wssyncmldm',
]);

const OTHER_STORES: ReadonlySet<unknown> = new Set(['com.aurora.store', 'org.fdroid.fdroid']);
const BROWSER_INSTALLERS: ReadonlySet<unknown> = new Set([
  'com.google.android.packageinstaller',
  'com.android.packageinstaller',
]);

const rootPackage = (name: unknown): { alerts: Notice[]; stop: true } | null =>
  ROOT_PACKAGES.has(name)
    ? {
        alerts: [
          {
            level: 'MEDIUM',
            message: `Found an installed package related to rooting/jailbreaking: "${word(name)}"`,
            eventTime: '',
          },
        ],
        stop: true,
      }
    : null;

/** How an application came on the device, and whether what protects it is switched off. */
function installation(record: ModuleRecord): Notice[] {
  const name = word(need(record, 'name'));
  const installer = need(record, 'installer');
  const alerts: Notice[] = [];
  const say = (level: Notice['level'], message: string): number =>
    alerts.push({ level, message, eventTime: '' });
  if (OTHER_STORES.has(installer)) {
    say(
      'INFORMATIONAL',
      `Found a package installed via a third party store (installer="${word(installer)}"): "${name}"`,
    );
  } else if (BROWSER_INSTALLERS.has(installer)) {
    say('MEDIUM', `Found a package installed via a browser (installer="${word(installer)}"): "${name}"`);
  } else if (installer === 'null' && need(record, 'system') === false) {
    say('MEDIUM', `Found a non-system package installed via adb or another method: "${name}"`);
  }
  if (truthy(get(record, 'disabled'))) {
    if (SECURITY_PACKAGES.has(record['name']))
      say('HIGH', `Security package "${name}" disabled on the phone`);
    if (SYSTEM_UPDATE_PACKAGES.has(record['name']))
      say('HIGH', `System OTA update package "${name}" disabled on the phone`);
  }
  return alerts;
}

const CERTIFICATE_HASHES = ['Md5', 'Sha1', 'Sha256'] as const;
const FILE_HASHES = ['sha256', 'sha1', 'md5'] as const;

const packageHashes = (record: ModuleRecord): (Observed & { readonly check: Check })[] =>
  asList(get(record, 'files')).flatMap((file, at) => {
    if (!isRecord(file)) return [];
    const place = `files[${String(at)}]`;
    const certificate = file['certificate'];
    return [
      ...FILE_HASHES.map((name) => ({
        field: `${place}.${name}`,
        check: 'check_file_hash' as const,
        value: file[name],
      })),
      ...(isRecord(certificate)
        ? CERTIFICATE_HASHES.map((name) => ({
            field: `${place}.certificate.${name}`,
            check: 'check_app_certificate_hash' as const,
            value: certificate[name],
          }))
        : []),
    ];
  });

/** Packages as AndroidQF lists them, with files and certificates. */
const collectedPackages: ModuleRule = {
  steps: [
    notice(({ record }) => rootPackage(need(record, 'name'))),
    notice(({ record }) => ({ alerts: installation(record) })),
    field('name', 'check_app_id', { stop: 'nothing' }),
    {
      kind: 'texts',
      look: (matcher, { record }) =>
        asList(get(record, 'files')).flatMap((file) => {
          if (!isRecord(file)) return [];
          const hits: TextHit[] = [];
          const hash = matcher.fileHash(need(file, 'sha256'));
          if (hash !== null)
            hits.push({ value: file['sha256'], check: 'check_file_hash', match: hash, message: null });
          const certificate = file['certificate'];
          if (!isRecord(certificate)) return hits;
          for (const name of CERTIFICATE_HASHES) {
            const match = matcher.certificateHash(need(certificate, name));
            if (match === null) continue;
            hits.push({
              value: certificate[name],
              check: 'check_app_certificate_hash',
              match,
              message: null,
            });
            break;
          }
          return hits;
        }),
      strictly: ({ record }) => packageHashes(record),
    },
  ],
};

/** Packages as the system's own service lists them. */
const dumpedPackages: ModuleRule = {
  steps: [
    notice(({ record }) => rootPackage(need(record, 'package_name'))),
    field('package_name', 'check_app_id'),
    {
      kind: 'texts',
      look: (matcher, { record }) =>
        asList(get(record, 'files')).flatMap((file) => {
          const value = isRecord(file) ? need(file, 'sha256') : null;
          const match = matcher.fileHash(value);
          return match === null ? [] : [{ value, check: 'check_file_hash' as const, match, message: null }];
        }),
      strictly: ({ record }) => packageHashes(record),
    },
  ],
};

const SUSPICIOUS_FOLDER = '/data/local/tmp/';
const COLLECTOR = '/data/local/tmp/collector';

const files: ModuleRule = {
  steps: [
    field('path', 'check_file_path'),
    notice(({ record }) => {
      const path = textFor(need(record, 'path'), 'startswith');
      if (path === COLLECTOR) return { alerts: [], stop: true };
      if (!path.startsWith(SUSPICIOUS_FOLDER)) return null;
      const kind = word(need(record, 'mode')).includes('x') ? 'executable ' : '';
      return {
        alerts: [{ level: 'HIGH', message: `Found ${kind}file at suspicious path "${path}"`, eventTime: '' }],
      };
    }, true),
    {
      kind: 'check',
      check: 'check_file_hash',
      level: 'CRITICAL',
      stop: 'step',
      values: ({ record }) => FILE_HASHES.map((name) => ({ field: name, value: get(record, name) })),
    },
  ],
};

/** Programs and files of an Android device. */
export const ANDROID_PACKAGE_MODULES = {
  aqf_packages: collectedPackages,
  dumpsys_packages: dumpedPackages,
  aqf_files: files,
} as const satisfies Record<string, ModuleRule>;
