import type { Check, Match } from '#shared/surveillance/indicators.ts';
import { word } from './rule.ts';

const basename = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The sentence of the reference for a hit, spelling included, so that its alerts can be recognised. */
export function referenceWords(check: Check, { indicator, how }: Match, observed: unknown): string {
  const seen = word(observed);
  const from = `from "${indicator.collection}"`;
  const matching = `matching indicators ${from}`;
  switch (check) {
    case 'check_url':
    case 'check_urls': {
      const kind =
        how === 'exact-url'
          ? 'Found a known suspicious URL'
          : how === 'full-domain'
            ? 'Found a known suspicious domain'
            : how === 'registrable-domain'
              ? 'Found a sub-domain with a suspicious top level'
              : 'Maybe found a known suspicious domain';
      return `${kind} ${seen} matching indicator "${indicator.value}" ${from}`;
    }
    case 'check_process':
    case 'check_processes':
      return `Found a ${how === 'truncated' ? 'truncated ' : ''}known suspicious process name "${seen}" ${matching}`;
    case 'check_email':
      return `Found a known suspicious email address "${seen}" ${matching}`;
    case 'check_file_name':
      return `Found a known suspicious file name "${seen}" ${matching}`;
    case 'check_file_path':
      return how === 'name'
        ? `Found a known suspicious file name "${basename(seen)}" ${matching}`
        : `Found a known suspicious file path "${seen}" matching indicators form "${indicator.collection}"`;
    case 'check_file_path_process':
      return `Found known suspicious process name mentioned in file at path "${seen}" ${matching}`;
    case 'check_file_hash':
      return `Found a known suspicious file with hash "${seen}" ${matching}`;
    case 'check_app_id':
      return `Found a known suspicious app with ID "${seen}" ${matching}`;
    case 'check_app_certificate_hash':
      return `Found a known suspicious app certfificate with hash "${seen}" ${matching}`;
    case 'check_profile':
      return `Found a known suspicious profile ID "${seen}" ${matching}`;
    case 'check_android_property_name':
      return `Found a known suspicious Android property "${seen}" ${matching}`;
  }
}
