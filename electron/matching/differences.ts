import type { Check } from '#shared/surveillance/indicators.ts';
import type { Answer } from './matcher.ts';

/**
 * Names the way in which the two modes differ about one observation, or gives null where they agree. Each name is
 * explained in docs/matching-differences.md, and people see that explanation beside a finding.
 */
export function differenceOf(check: Check, { mvt, strict }: Answer): string | null {
  if (mvt === null) {
    const [first] = strict;
    return first === undefined ? null : `strict: ${subject(check)} ${first.how}`;
  }
  if (strict.length === 0) return `mvt: ${subject(check)} ${mvt.how}`;
  const same = strict.some(
    ({ indicator }) => indicator.value === mvt.indicator.value && indicator.type === mvt.indicator.type,
  );
  if (!same) return `other: ${subject(check)} ${mvt.how}`;
  return strict.length > 1 ? `more: ${subject(check)}` : null;
}

const SUBJECTS: Readonly<Record<Check, string>> = {
  check_url: 'link',
  check_urls: 'link',
  check_process: 'process',
  check_processes: 'process',
  check_email: 'e-mail',
  check_file_name: 'file name',
  check_file_path: 'path',
  check_file_path_process: 'process in path',
  check_file_hash: 'hash',
  check_app_id: 'application',
  check_app_certificate_hash: 'certificate',
  check_profile: 'profile',
  check_android_property_name: 'property',
};

const subject = (check: Check): string => SUBJECTS[check];
