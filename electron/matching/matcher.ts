import type { Check, Indicator, Match } from '#shared/surveillance/indicators.ts';
import { MvtMatcher, type Shorteners } from './mvt-checks.ts';
import { QuietLinks } from './quiet-links.ts';
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
  readonly #shorteners: Shorteners;
  /** Tells in one pass that neither mode, nor the list of shorteners, has anything to say. */
  readonly quiet: QuietLinks;

  /** @param sets indicators in load order: all that can be used, and those of them that the reference loads. */
  constructor(
    sets: { readonly indicators: readonly Indicator[]; readonly mvtIndicators: readonly Indicator[] },
    shorteners: Shorteners,
  ) {
    this.#shorteners = shorteners;
    this.mvt = new MvtMatcher(sets.mvtIndicators, shorteners);
    this.strict = new StrictMatcher(sets.indicators);
    this.quiet = new QuietLinks(
      [...this.mvt.hosts, ...this.strict.hosts],
      this.mvt.wholeLinks,
      this.strict.hasAddresses,
    );
  }

  /** Both answers to one observation; to a list of them the first of the reference and all of the strict ones. */
  check(check: Check, observed: unknown): Answer {
    if (check === 'check_urls' || check === 'check_processes') {
      const one = check === 'check_urls' ? 'check_url' : 'check_process';
      return {
        mvt: firstOf(observed, (value) => this.reference(one, value)),
        strict: asList(observed).flatMap((value) => this.strictly(one, value)),
      };
    }
    // One look instead of two at what neither mode speaks of: nearly every link of a phone.
    if (check === 'check_url' && typeof observed === 'string' && this.quiet.isQuiet(observed))
      return { mvt: null, strict: [] };
    return { mvt: this.reference(check, observed), strict: this.strictly(check, observed) };
  }

  /** The answer of the reference to one value. */
  reference(check: Check, value: unknown): Match | null {
    switch (check) {
      case 'check_url':
      case 'check_urls':
        return this.mvt.url(value);
      case 'check_process':
      case 'check_processes':
        return this.mvt.process(value);
      case 'check_email':
        return this.mvt.email(value);
      case 'check_file_name':
        return this.mvt.fileName(value);
      case 'check_file_path':
        return this.mvt.filePath(value);
      case 'check_file_path_process':
        return this.mvt.filePathProcess(value);
      case 'check_file_hash':
        return this.mvt.fileHash(value);
      case 'check_app_id':
        return this.mvt.appId(value);
      case 'check_app_certificate_hash':
        return this.mvt.certificateHash(value);
      case 'check_profile':
        return this.mvt.profile(value);
      case 'check_android_property_name':
        return this.mvt.androidProperty(value);
    }
  }

  /** Every indicator that an examiner would say matches one value. */
  strictly(check: Check, value: unknown): Match[] {
    switch (check) {
      case 'check_url':
      case 'check_urls':
        return this.strict.url(value);
      case 'check_process':
      case 'check_processes':
        return this.strict.process(value);
      case 'check_email':
        return this.strict.email(value);
      case 'check_file_name':
        return this.strict.fileName(value);
      case 'check_file_path':
        return this.strict.filePath(value);
      case 'check_file_path_process':
        return this.strict.filePathProcess(value);
      case 'check_file_hash':
        return this.strict.fileHash(value);
      case 'check_app_id':
        return this.strict.appId(value);
      case 'check_app_certificate_hash':
        return this.strict.certificateHash(value);
      case 'check_profile':
        return this.strict.profile(value);
      case 'check_android_property_name':
        return this.strict.androidProperty(value);
    }
  }

  /** The shortener that a link goes over, or null. Where it leads is not known: it is never asked. */
  shortener(url: string): string | null {
    const start = url.indexOf('://');
    let end = start === -1 ? 0 : start + 3;
    const from = end;
    while (end < url.length && !'/?#:'.includes(url[end] ?? '/')) end += 1;
    const host = url.slice(url.lastIndexOf('@', end) >= from ? url.lastIndexOf('@', end) + 1 : from, end);
    const bare = host
      .toLowerCase()
      .replace(/^www\./u, '')
      .replace(/\.$/u, '');
    return this.#shorteners.has(bare) ? bare : null;
  }
}
