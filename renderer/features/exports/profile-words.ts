import iachr from '#resources/profiles/iachr-precautionary.json' with { type: 'json' };
import publicReport from '#resources/profiles/public.json' with { type: 'json' };
import forensicSummary from '#resources/profiles/forensic-summary.json' with { type: 'json' };
import type { ProfileId } from '#shared/contract/exports.ts';

interface ProfileData {
  readonly title: Readonly<Record<string, string>>;
  readonly basis: Readonly<Record<string, string>> | null;
  readonly sections: readonly { readonly id: string; readonly source: string; readonly required: boolean }[];
}

const PROFILES: Readonly<Record<ProfileId, ProfileData>> = {
  'iachr-precautionary': iachr,
  public: publicReport,
  'forensic-summary': forensicSummary,
};

export const profileTitle = (profile: ProfileId, language: string): string =>
  PROFILES[profile].title[language] ?? profile;
export const profileBasis = (profile: ProfileId, language: string): string =>
  PROFILES[profile].basis?.[language] ?? '';
/** Whether people write this section themselves (gravity, urgency, what is asked for). */
export const isWritten = (profile: ProfileId, section: string): boolean =>
  PROFILES[profile].sections.some((one) => one.id === section && one.source === 'text');
