import type { Check, Indicator, Match } from './indicators.ts';
import { MvtMatcher, type Shorteners } from './mvt-checks.ts';
import { StrictMatcher } from './strict-checks.ts';

/** The answer of both modes to one observation. */
export interface Answer {
  readonly mvt: Match | null;
  readonly strict: readonly Match[];
}

const asList = (observed: unknown): readonly unknown[] => (Array.isArray(observed) ? observed : []);

function firstOf(observed: unknown, check: (one: unknown) => Match | null): Match | null {
  for (const one of asList(observed)) {
    const match = check(one);
    if (match !== null) return match;
  }
  return null;
}

/**
 * Both modes side by side over the same sets. A pure module: no vault, no files, no network; a shortened link is
 * never followed.
 */
export class Matcher {
  readonly mvt: MvtMatcher;
  readonly strict: StrictMatcher;

  /** @param sets indicators in load order: all that can be used, and those of them that the reference loads. */
  constructor(
    sets: { readonly indicators: readonly Indicator[]; readonly mvtIndicators: readonly Indicator[] },
    shorteners: Shorteners,
  ) {
    this.mvt = new MvtMatcher(sets.mvtIndicators, shorteners);
    this.strict = new StrictMatcher(sets.indicators);
  }

  check(check: Check, observed: unknown): Answer {
    switch (check) {
      case 'check_url':
        return { mvt: this.mvt.url(observed), strict: this.strict.url(observed) };
      case 'check_urls':
        return {
          mvt: firstOf(observed, (url) => this.mvt.url(url)),
          strict: asList(observed).flatMap((url) => this.strict.url(url)),
        };
      case 'check_process':
        return { mvt: this.mvt.process(observed), strict: this.strict.process(observed) };
      case 'check_processes':
        return {
          mvt: firstOf(observed, (name) => this.mvt.process(name)),
          strict: asList(observed).flatMap((name) => this.strict.process(name)),
        };
      case 'check_email':
        return { mvt: this.mvt.email(observed), strict: this.strict.email(observed) };
      case 'check_file_name':
        return { mvt: this.mvt.fileName(observed), strict: this.strict.fileName(observed) };
      case 'check_file_path':
        return { mvt: this.mvt.filePath(observed), strict: this.strict.filePath(observed) };
      case 'check_file_path_process':
        return { mvt: this.mvt.filePathProcess(observed), strict: this.strict.filePathProcess(observed) };
      case 'check_file_hash':
        return { mvt: this.mvt.fileHash(observed), strict: this.strict.fileHash(observed) };
      case 'check_app_id':
        return { mvt: this.mvt.appId(observed), strict: this.strict.appId(observed) };
      case 'check_app_certificate_hash':
        return { mvt: this.mvt.certificateHash(observed), strict: this.strict.certificateHash(observed) };
      case 'check_profile':
        return { mvt: this.mvt.profile(observed), strict: this.strict.profile(observed) };
      case 'check_android_property_name':
        return { mvt: this.mvt.androidProperty(observed), strict: this.strict.androidProperty(observed) };
    }
  }
}
