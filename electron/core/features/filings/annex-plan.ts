import type { AnnexView } from '#shared/contract/exports.ts';
import type { Language } from '#shared/model/common.ts';
import { compactKey, foldWords } from '#shared/rules/text-folding.ts';
import type { CaseMaterial, MaterialEvidence } from './case-material.ts';
import type { AnnexSetting, ExportSettings } from './export-repo.ts';
import { label } from './labels.ts';
import { PROFILE_WORDS } from './profiles.ts';
import type { RecipientProfile } from './profiles.ts';
import type { TextMatcher } from './redaction/index.ts';

/** One annex that goes out. */
export interface PlannedAnnex {
  readonly item: MaterialEvidence;
  readonly setting: AnnexSetting;
  readonly number: number;
  readonly fileName: string;
  readonly extension: string;
  readonly kindLabel: string;
}

const PICTURES = new Set([
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/tiff',
  'image/gif',
  'image/heic',
  'image/heif',
  'image/avif',
]);
const NEVER_BY_DEFAULT = new Set(['medicalReport', 'psychosocialReport']);
const LEFT_OUT: AnnexSetting = { treatment: 'leaveOut', boxes: [], reserved: false };

export const isPicture = (mime: string): boolean => PICTURES.has(mime);

/** How an item may go out. Pictures always lose everything but their pixels; the rest only whole. */
export const allowedTreatments = (
  item: MaterialEvidence,
  profile: RecipientProfile,
): AnnexView['allowedTreatments'] => {
  if (item.held === true) return ['leaveOut'];
  if (isPicture(item.mime)) return ['leaveOut', 'reencode'];
  if (item.mime === 'application/pdf') return ['leaveOut', 'redactContent', 'redactPictures'];
  // Letters, sheets, mail and archives hold authors, earlier wordings and hidden parts that no eye sees.
  if (!profile.wholeDocuments && !/^(?:audio|video)\//.test(item.mime)) return ['leaveOut'];
  return ['leaveOut', 'whole'];
};

export const settingOf = (
  settings: ExportSettings,
  item: MaterialEvidence,
  profile: RecipientProfile,
): AnnexSetting => {
  const setting = settings.annexes[item.id] ?? LEFT_OUT;
  return allowedTreatments(item, profile).includes(setting.treatment) ? setting : LEFT_OUT;
};

const extensionOf = (item: MaterialEvidence, setting: AnnexSetting): string => {
  if (setting.treatment === 'reencode')
    return item.mime === 'image/png' || item.mime === 'image/gif' ? 'png' : 'jpg';
  if (setting.treatment === 'redactContent' || setting.treatment === 'redactPictures') return 'pdf';
  const own = /\.([A-Za-z0-9]{1,5})$/.exec(item.originalName)?.[1]?.toLowerCase();
  return own ?? 'bin';
};

/** Annexes in the order of the facts that they support, then the others, numbered from 1 without gaps. */
export const planAnnexes = (
  material: CaseMaterial,
  settings: ExportSettings,
  profile: RecipientProfile,
  language: Language,
): PlannedAnnex[] => {
  const place = new Map(material.incidents.map((incident, at) => [incident.id as string, at]));
  const rank = (item: MaterialEvidence): number =>
    Math.min(
      material.incidents.length,
      ...item.incidentIds.map((id) => place.get(id) ?? material.incidents.length),
    );
  return material.evidence
    .map((item, at) => ({ item, at, setting: settingOf(settings, item, profile) }))
    .filter(({ setting }) => setting.treatment !== 'leaveOut')
    .sort((a, b) => rank(a.item) - rank(b.item) || a.at - b.at)
    .map(({ item, setting }, at) => {
      const number = at + 1;
      const kindLabel = label(language, 'evidence', item.kind);
      const extension = extensionOf(item, setting);
      const slug =
        foldWords(kindLabel)
          .join('_')
          .replace(/[^a-z0-9_]/g, '') || 'archivo';
      const fileName = `${PROFILE_WORDS[language].annex}_${String(number).padStart(2, '0')}_${slug}.${extension}`;
      return {
        item,
        setting: profile.reserveFolders ? setting : { ...setting, reserved: false },
        number,
        fileName,
        extension,
        kindLabel,
      };
    });
};

/** Words for an annex: its title, unless that is still the name of the file as it came. */
export const annexWords = ({ item, kindLabel }: PlannedAnnex): string => {
  const stem = (name: string): string => compactKey(name.replace(/\.[A-Za-z0-9]{1,5}$/, ''));
  return item.title.trim() === '' || stem(item.title) === stem(item.originalName) ? kindLabel : item.title;
};

/** Why an item does not go; null where it goes. */
const whyLeftOut = (
  item: MaterialEvidence,
  plan: PlannedAnnex | undefined,
  profile: RecipientProfile,
): AnnexView['leftOut'] => {
  if (plan !== undefined) return null;
  if (item.held === true) return 'held';
  return allowedTreatments(item, profile).length === 1 ? 'kindNotGiven' : 'notChosen';
};

/** What the screen shows of every item of the case. */
export const annexViews = (
  material: CaseMaterial,
  settings: ExportSettings,
  profile: RecipientProfile,
  planned: readonly PlannedAnnex[],
  matcher: TextMatcher,
): AnnexView[] =>
  material.evidence.map((item) => {
    const plan = planned.find((one) => one.item.id === item.id);
    const setting = settingOf(settings, item, profile);
    const warnings: AnnexView['warnings'] = [];
    if (item.facts.some((fact) => /gps|latitude|longitude|ubicaci/i.test(fact.name)))
      warnings.push('hasLocation');
    if (item.facts.length > 0) warnings.push('hasMetadata');
    const extension = plan?.extension ?? extensionOf(item, setting);
    if (
      profile.annexExtensions !== null &&
      plan !== undefined &&
      !profile.annexExtensions.includes(extension)
    )
      warnings.push('formatNotAccepted');
    if (profile.annexMaxBytes !== null && item.sizeBytes > profile.annexMaxBytes) warnings.push('tooLarge');
    if (setting.treatment === 'whole' || NEVER_BY_DEFAULT.has(item.kind) || item.restricted)
      warnings.push('notExamined');
    if (
      matcher.find(item.originalName).some((match) => match.outcome === 'final' || match.outcome === 'blocks')
    )
      warnings.push('nameInFileName');
    return {
      evidenceId: item.id,
      title: item.title,
      mime: item.mime,
      sizeBytes: item.sizeBytes,
      treatment: setting.treatment,
      allowedTreatments: allowedTreatments(item, profile),
      number: plan?.number ?? null,
      neutralName: plan?.fileName ?? null,
      boxes: setting.boxes,
      reserved: setting.reserved,
      warnings,
      leftOut: whyLeftOut(item, plan, profile),
    };
  });
