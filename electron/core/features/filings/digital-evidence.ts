import type { ConsentFinding } from '#shared/contract/exports.ts';
import { JUDGED, type AlteredExamination, type ForensicDevice } from '../surveillance/index.ts';
import type { ExportSettings } from './export-repo.ts';
import type { RecipientProfile } from './profiles.ts';

/** What of the digital evidence goes with one export. */
export interface DigitalChoice {
  /** The sections about examinations. */
  readonly findings: boolean;
  /** The bundle of indicators, in packages. */
  readonly indicators: boolean;
}

/** As somebody chose for this export, else as the profile begins; what the profile never gives nobody can choose. */
export const digitalChoice = (
  { digital }: Pick<ExportSettings, 'digital'>,
  profile: Pick<RecipientProfile, 'digital'>,
): DigitalChoice => ({
  findings: digital?.findings ?? true,
  indicators:
    profile.digital.indicators !== 'never' &&
    (digital?.indicators ?? profile.digital.indicators === 'included'),
});

/** Whether anything of devices is to be read at all for this export. */
export const readsDigital = (
  settings: Pick<ExportSettings, 'digital'>,
  profile: Pick<RecipientProfile, 'digital'>,
): boolean => {
  const { findings, indicators } = digitalChoice(settings, profile);
  return findings || indicators;
};

/** Findings that this profile tells of; left out: all that a document may tell of. */
export const toldStates = (profile: Pick<RecipientProfile, 'digital'>): typeof JUDGED | undefined =>
  profile.digital.detail === 'full' ? undefined : JUDGED;

/** Whom the answers of people allow to be told of, as owner or as who gave the ground. `asked`: of the owner. */
const allowing = (
  findings: readonly ConsentFinding[],
  profile: Pick<RecipientProfile, 'audiences'>,
): ((personId: string | null, asked: boolean) => boolean) => {
  const isPublic = profile.audiences.includes('public');
  const verdicts = new Map<string, ConsentFinding>(findings.map((finding) => [finding.personId, finding]));
  return (personId, asked) => {
    const verdict = personId === null ? undefined : verdicts.get(personId);
    if (verdict?.result === 'excluded' || verdict?.result === 'blocked') return false;
    return !(isPublic && asked) || (verdict?.result === 'allowed' && verdict.because === 'given');
  };
};

/**
 * Devices and examinations that this recipient may hear of. Whoever refused, took back or let run out her consent has
 * neither device nor examination told of, under whatever name: what stands on a telephone says who carries it. For the
 * public somebody must have said yes. Where only judged findings are told, an examination without any is not there: that
 * it was made is nobody's business.
 *
 * @param findings the consent gate's answers for everybody in the material.
 */
export const tellableDevices = (
  devices: readonly ForensicDevice[],
  findings: readonly ConsentFinding[],
  profile: Pick<RecipientProfile, 'digital' | 'audiences'>,
): ForensicDevice[] => {
  const allows = allowing(findings, profile);
  return devices
    .filter(({ device }) => allows(device.ownerId, true))
    .map((one) => ({
      ...one,
      examinations: one.examinations.filter(
        ({ examination }) =>
          allows(examination.basisPersonId, false) &&
          (profile.digital.detail !== 'judged' || JUDGED.some((state) => examination.counts[state] > 0)),
      ),
    }))
    .filter(({ examinations }) => profile.digital.detail === 'full' || examinations.length > 0);
};

/** An altered examination with the device that it was made of. */
export type AlteredOfDevice = AlteredExamination & { readonly device: ForensicDevice };

/**
 * Altered examinations of which this recipient could otherwise hear. What they found is not asked: it can be believed no
 * more. Each of them stops the export until somebody leaves it out by name.
 *
 * @param findings the consent gate's answers for everybody in the material.
 */
export const alteredToTell = (
  devices: readonly ForensicDevice[],
  findings: readonly ConsentFinding[],
  profile: Pick<RecipientProfile, 'audiences'>,
): AlteredOfDevice[] => {
  const allows = allowing(findings, profile);
  return devices
    .filter(({ device }) => allows(device.ownerId, true))
    .flatMap((device) =>
      device.altered
        .filter(({ examination }) => allows(examination.basisPersonId, false))
        .map((one) => ({ ...one, device })),
    );
};

/**
 * What a document says of an altered examination that somebody left out. `each`: the device and the days; `count`: how
 * many; `nothing`.
 *
 * Only whoever hears of every examination may learn that one is missing. Where judged findings alone are told, an intact
 * examination without any is not mentioned; whether an altered one has any can no longer be known, because its counts are
 * what was altered. To say that it is missing, even as a number, would tell of an examination that may be nobody's
 * business there. The same holds for counts toward the public. Such an export stops all the same, and window, receipt and
 * ledger say which examination it went without. Where the sections on examinations stay out and only indicators go, no
 * device is named for an intact examination, so none is for this one: the number is told.
 */
export const tellsLeftOut = (
  settings: Pick<ExportSettings, 'digital'>,
  profile: Pick<RecipientProfile, 'digital'>,
): 'each' | 'count' | 'nothing' => {
  if (profile.digital.detail !== 'full') return 'nothing';
  const { findings, indicators } = digitalChoice(settings, profile);
  return findings ? 'each' : indicators ? 'count' : 'nothing';
};

/** Of these, those that nobody has left out. */
export const notLeftOut = (
  altered: readonly AlteredOfDevice[],
  { leftOut }: Pick<ExportSettings, 'leftOut'>,
): AlteredOfDevice[] => altered.filter(({ examination }) => !leftOut.includes(examination.id));

/** Devices with something to tell that stay out of this export because of a person's answer. */
export const withheldDevices = (
  devices: readonly ForensicDevice[],
  findings: readonly ConsentFinding[],
  profile: Pick<RecipientProfile, 'digital' | 'audiences'>,
): number =>
  tellableDevices(devices, [], { ...profile, audiences: [] }).filter(
    ({ examinations }) => examinations.length > 0,
  ).length -
  tellableDevices(devices, findings, profile).filter(({ examinations }) => examinations.length > 0).length;
