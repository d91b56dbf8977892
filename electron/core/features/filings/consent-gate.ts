import type { Consent } from '#shared/contract/consents.ts';
import type { ConsentFinding } from '#shared/contract/exports.ts';
import type { CaseMaterial, MaterialPerson } from './case-material.ts';
import type { ExportSettings } from './export-repo.ts';
import { placeValues, printedPlaces } from './known-values.ts';
import type { RecipientProfile } from './profiles.ts';
import { createTextMatcher, searchForms } from './redaction/index.ts';

type Treatment = ConsentFinding['treatment'];
interface Verdict {
  readonly result: ConsentFinding['result'];
  readonly because: ConsentFinding['because'];
  /** How the person appears unless somebody chooses. */
  readonly treatment: Treatment;
}

const ORDER: readonly Treatment[] = ['name', 'pseudonym', 'withhold'];
const strictest = (treatments: readonly Treatment[]): Treatment =>
  [...treatments].sort((a, b) => ORDER.indexOf(b) - ORDER.indexOf(a))[0] ?? 'pseudonym';

/**
 * Of two answers the newer counts. An answer about this recipient goes before one about all, unless a no to
 * all came after it: whoever takes back everything need not know each place where she had said yes.
 */
const answerFor = (
  consents: readonly Consent[],
  personId: string,
  profile: RecipientProfile,
): Consent | null => {
  const own = consents.filter((consent) => consent.personId === personId);
  const toThis = own.find((consent) => consent.recipientClass === profile.recipientClass) ?? null;
  const toAll = own.find((consent) => consent.recipientClass === 'all') ?? null;
  if (toThis === null || toAll === null) return toThis ?? toAll;
  const saysNo = toAll.answer === 'refused' || toAll.answer === 'withdrawn';
  return saysNo && toAll.updatedAt >= toThis.createdAt ? toAll : toThis;
};

const byConsent = (
  consent: Consent | null,
  profile: RecipientProfile,
  day: string,
  preferred: Treatment,
): Verdict => {
  const isPublic = profile.audiences.includes('public');
  const hidden: Treatment = preferred === 'withhold' ? 'withhold' : 'pseudonym';
  if (consent === null) {
    // Nobody asked her: what reaches the State or the public begins with the least; a person may choose more.
    const minimal = isPublic || profile.audiences.includes('state');
    return { result: 'missing', because: 'none', treatment: minimal ? hidden : preferred };
  }
  switch (consent.answer) {
    case 'refused':
      return { result: 'excluded', because: 'refused', treatment: 'withhold' };
    case 'withdrawn':
      return { result: 'blocked', because: 'withdrawn', treatment: 'withhold' };
    case 'impeded':
      // She could not answer: the filing that protects her goes; a public text never rests on silence.
      return isPublic
        ? { result: 'pseudonymOnly', because: 'impediment', treatment: hidden }
        : { result: 'allowedByImpediment', because: 'impediment', treatment: preferred };
    case 'given': {
      if (consent.expiresDay !== null && consent.expiresDay < day) {
        return { result: 'blocked', because: 'expired', treatment: hidden };
      }
      if (isPublic) {
        return consent.toPublic
          ? { result: 'allowed', because: 'given', treatment: 'name' }
          : { result: 'pseudonymOnly', because: 'notPublic', treatment: hidden };
      }
      if (!consent.toBody) return { result: 'excluded', because: 'refused', treatment: 'withhold' };
      if (profile.audiences.includes('state') && !consent.toState) {
        return { result: 'pseudonymOnly', because: 'notToState', treatment: hidden };
      }
      return { result: 'allowed', because: 'given', treatment: preferred };
    }
  }
};

/** An official who is alleged to be responsible is not printed by the right of the office. */
const PROTECTED_FIRST = ['witness', 'source', 'allegedPerpetrator'] as const;

const preferredFor = (entry: MaterialPerson, profile: RecipientProfile): Treatment => {
  // Most protective role first: a witness who is also a relative is a witness.
  const treatments = entry.roles.map((role) => profile.roles[role]);
  if (PROTECTED_FIRST.some((role) => entry.roles.includes(role))) return strictest(treatments);
  // An institution that the case merely touches is called by its name, except where places must not show.
  const institution = entry.person.kind === 'authority' && !profile.audiences.includes('public');
  if (institution && entry.roles.every((role) => role === 'other')) return profile.roles.authority;
  if (treatments.length === 0)
    return entry.person.kind === 'authority' ? profile.roles.authority : profile.roles.other;
  return treatments[0] === undefined
    ? 'pseudonym'
    : (ORDER.find((treatment) => treatments.includes(treatment)) ?? 'pseudonym');
};

const asks = (entry: MaterialPerson, profile: RecipientProfile): boolean => {
  if (
    entry.person.kind === 'authority' ||
    entry.person.kind === 'unidentified' ||
    entry.person.kind === 'account'
  )
    return false;
  if (entry.roles.includes('allegedPerpetrator') || entry.roles.includes('authority')) return false;
  return entry.roles.length === 0 || entry.roles.some((role) => profile.needsConsent.includes(role));
};

/** What consent says about one person toward one recipient on a day. */
export const consentVerdict = (
  entry: MaterialPerson,
  consents: readonly Consent[],
  profile: RecipientProfile,
  day: string,
): Verdict => {
  const preferred = preferredFor(entry, profile);
  // Asked for by herself or by law: goes before every consent and every role.
  if (entry.held === true) return { result: 'blocked', because: 'held', treatment: 'withhold' };
  if (!asks(entry, profile)) return { result: 'allowed', because: 'role', treatment: preferred };
  const consent = answerFor(consents, entry.person.id, profile);
  const verdict = byConsent(consent, profile, day, preferred);
  if (verdict.treatment !== 'name') return verdict;
  if (entry.person.minor && verdict.because !== 'given')
    return { result: 'pseudonymOnly', because: 'minor', treatment: 'pseudonym' };
  if (entry.reserved) return { result: 'pseudonymOnly', because: 'notToState', treatment: 'pseudonym' };
  return verdict;
};

/** The gate for everybody in the material, with how each appears in this export. */
export const consentFindings = (
  material: CaseMaterial,
  settings: ExportSettings,
  profile: RecipientProfile,
  day: string,
): ConsentFinding[] => {
  const places = createTextMatcher(
    searchForms(placeValues(material, profile).values, [], printedPlaces(material, profile)),
  );
  return material.persons.map((entry) => {
    const verdict = consentVerdict(entry, material.consents, profile, day);
    // A name that says which village it is tells the village; it is printed where a person chooses so.
    const tells =
      verdict.treatment === 'name' &&
      places.find(entry.person.name).some((match) => match.outcome === 'final' || match.outcome === 'blocks');
    return {
      personId: entry.person.id,
      name: entry.person.name,
      result: verdict.result,
      because: verdict.because,
      // What is held back nobody may choose to send.
      treatment:
        entry.held === true
          ? 'withhold'
          : (settings.persons[entry.person.id] ?? (tells ? 'pseudonym' : verdict.treatment)),
      chosen: settings.persons[entry.person.id] !== undefined,
    };
  });
};

/**
 * Whether the file holds an answer of everybody whom this recipient wants asked: a consent that is still good, or the
 * reason why it could not be had. A refusal is one only where the export keeps to it. A consent that ran out and a
 * restriction are none, nor is an export in which nobody is to be asked: whoever reads the point as met states before
 * a body that the answers exist.
 *
 * @param findings the gate's answers for the same material.
 * @param day the day by which consents are judged.
 */
export const everybodyAnswered = (
  material: CaseMaterial,
  findings: readonly ConsentFinding[],
  profile: RecipientProfile,
  day: string,
): boolean => {
  const asked = material.persons.filter((entry) => asks(entry, profile));
  return (
    asked.length > 0 &&
    asked.every((entry) => {
      // By the answer itself: what the gate says of a minor or of somebody reserved no longer tells whether there is one.
      const consent = answerFor(material.consents, entry.person.id, profile);
      if (consent === null || entry.held === true) return false;
      if (consent.answer === 'impeded') return consent.impediment !== null;
      if (consent.answer === 'given') {
        if (consent.expiresDay !== null && consent.expiresDay < day) return false;
        if (consent.toBody) return true;
      }
      return findings.find(({ personId }) => personId === entry.person.id)?.treatment === 'withhold';
    })
  );
};

/**
 * People whose name this export would print although they said no, took it back, or (for a public text) never
 * said yes; and people who took their consent back or whose consent ran out, until somebody has chosen how
 * they appear. Any of them stops a release.
 */
export const consentBlocks = (
  findings: readonly ConsentFinding[],
  profile: RecipientProfile,
): ConsentFinding[] =>
  findings.filter((finding) => {
    // Her story goes on being told without her name only when somebody has looked and said how.
    if (finding.result === 'blocked' && !finding.chosen) return true;
    if (finding.treatment !== 'name') return false;
    if (finding.result === 'blocked' || finding.result === 'excluded' || finding.result === 'pseudonymOnly')
      return true;
    return finding.result === 'missing' && profile.audiences.includes('public');
  });
