import type { ConsentFinding, Suggestion } from '#shared/contract/exports.ts';
import { cleanText } from '#shared/model/filing-document.ts';
import { consentFindings } from './consent-gate.ts';
import type { CaseMaterial } from './case-material.ts';
import type { StoredDecision, StoredExport } from './export-repo.ts';
import type { AssembledBlock } from './assembled-block.ts';
import { annexWords, planAnnexes } from './annex-plan.ts';
import type { PlannedAnnex } from './annex-plan.ts';
import { forensicBlocks, isForensicSource, leftOutCount, type ForensicContext } from './forensic-sections.ts';
import {
  alteredToTell,
  digitalChoice,
  tellableDevices,
  tellsLeftOut,
  type AlteredOfDevice,
} from './digital-evidence.ts';
import { dateText, label, placeText } from './labels.ts';
import { forensicWords, type ForensicDevice } from '../surveillance/index.ts';
import { personRef, withheldValues } from './known-values.ts';
import type { Withheld } from './known-values.ts';
import { PROFILE_WORDS } from './profiles.ts';
import type { RecipientProfile } from './profiles.ts';
import { Redactor } from './redactor.ts';
import type { RedactedRun, RenderPerson, SpanAction } from './redaction/index.ts';
import { fill } from './render/index.ts';

export type { AssembledBlock } from './assembled-block.ts';

export interface AssembledSection {
  readonly id: string;
  readonly heading: string;
  readonly article: string;
  readonly blocks: readonly AssembledBlock[];
}

/** The content of one export as it stands: redacted as far as decided. */
export interface Assembly {
  readonly sections: readonly AssembledSection[];
  readonly suggestions: readonly Suggestion[];
  readonly findings: readonly ConsentFinding[];
  readonly withheld: Withheld;
  readonly annexes: readonly PlannedAnnex[];
  /** Devices that this recipient may hear of. */
  readonly devices: readonly ForensicDevice[];
  /** Examinations that this recipient could hear of if nobody had altered them. */
  readonly altered: readonly AlteredOfDevice[];
  readonly annexTexts: ReadonlyMap<number, readonly RedactedRun[]>;
  readonly redactor: Redactor;
  readonly pending: number;
}

const plain = (text: string): RedactedRun => ({ mark: 'plain', text });

/** How each person is called here: name, pseudonym of this series, or the token. */
const personNamer = (
  material: CaseMaterial,
  findings: readonly ConsentFinding[],
  profile: RecipientProfile,
  item: StoredExport,
): ((ref: string) => RenderPerson | null) => {
  const token = profile.token[item.language];
  const roles = PROFILE_WORDS[item.language].roles;
  const rendered = new Map<string, RenderPerson>();
  for (const finding of findings) {
    const known = material.pseudonyms.find((one) => one.personId === finding.personId);
    const role = known === undefined ? undefined : roles[known.roleCode as keyof typeof roles];
    const text =
      finding.treatment === 'name'
        ? cleanText(finding.name)
        : finding.treatment === 'pseudonym' && known !== undefined && role !== undefined
          ? `${role} ${known.letter}`
          : token;
    const mark = finding.treatment === 'name' ? 'name' : text === token ? 'withheld' : 'pseudonym';
    rendered.set(personRef(finding.personId), { mark, text });
  }
  return (ref) => rendered.get(ref) ?? null;
};

/** Small counts single people out. */
const countText = (count: number, profile: RecipientProfile, language: StoredExport['language']): string =>
  count < profile.smallCells ? fill(PROFILE_WORDS[language].few, { n: profile.smallCells }) : String(count);

/**
 * Builds the content of an export from the material and the decisions made so far. Pure; changes nothing.
 *
 * @param when the day of the consents and of the file, and the zone in which days of instants are told.
 */
export const assemble = (
  material: CaseMaterial,
  item: StoredExport,
  decisions: readonly StoredDecision[],
  profile: RecipientProfile,
  { day, zone }: { readonly day: string; readonly zone: string },
): Assembly => {
  const { language, settings } = item;
  const findings = consentFindings(material, settings, profile, day);
  const withheld = withheldValues(material, findings, profile);
  const spans = new Map<string, SpanAction>(
    decisions
      .filter((decision) => decision.kind === 'span')
      .map((decision) => [decision.subject, decision.verdict as SpanAction]),
  );
  const person = personNamer(material, findings, profile, item);
  const redactor = new Redactor(
    withheld,
    spans,
    person,
    profile.token[language],
    profile.datePrecision === 'month',
  );
  const annexes = planAnnexes(material, settings, profile, language);
  const devices = tellableDevices(material.forensic, findings, profile);
  const altered = alteredToTell(material.forensic, findings, profile);
  const sections = profile.sections
    .map((section): AssembledSection => ({
      id: section.id,
      heading: section.heading[language],
      article: section.article,
      blocks: blocksOf(section, {
        material,
        item,
        profile,
        redactor,
        person,
        annexes,
        devices,
        altered,
        day,
        zone,
      }),
    }))
    .filter((section) => section.blocks.length > 0);
  const annexTexts = new Map(
    annexes.map((annex) => [
      annex.number,
      redactor.text(`annex ${annex.item.id}`, annex.fileName, annexWords(annex)),
    ]),
  );
  return {
    sections,
    suggestions: redactor.suggestions,
    findings,
    withheld,
    annexes,
    devices,
    altered,
    annexTexts,
    redactor,
    pending: redactor.suggestions.filter((suggestion) => suggestion.decision === null).length,
  };
};

interface Context {
  readonly material: CaseMaterial;
  readonly item: StoredExport;
  readonly profile: RecipientProfile;
  readonly redactor: Redactor;
  readonly person: (ref: string) => RenderPerson | null;
  readonly annexes: readonly PlannedAnnex[];
  readonly devices: readonly ForensicDevice[];
  readonly altered: readonly AlteredOfDevice[];
  readonly day: string;
  readonly zone: string;
}

const blocksOf = (section: RecipientProfile['sections'][number], context: Context): AssembledBlock[] => {
  const digital = isForensicSource(section.source) || section.source === 'forensicCounts';
  if (digital && !digitalChoice(context.item.settings, context.profile).findings)
    return section.source === 'forensicCaution' ? missingIndicators(context) : [];
  if (isForensicSource(section.source))
    return forensicBlocks(section.source, forensicContext(section, context));
  switch (section.source) {
    case 'beneficiaries':
      return beneficiaries(section.heading[context.item.language], context);
    case 'facts':
      return facts(section.heading[context.item.language], context);
    case 'alleged':
      return alleged(section.heading[context.item.language], context);
    case 'allegedKinds':
      return countTable(context, 'perpetrator', involvementKinds(context));
    case 'acts':
      return countTable(
        context,
        'act',
        context.material.incidents.flatMap((incident) => incident.acts.map((act) => act.type)),
      );
    case 'forensicCounts':
      return examinationCounts(context);
    case 'text':
      return (context.item.settings.sections[section.id] ?? '')
        .split(/\n\s*\n/)
        .map((paragraph, at): AssembledBlock => ({
          kind: 'paragraph',
          runs: context.redactor.text(
            `section ${section.id} ${String(at)}`,
            section.heading[context.item.language],
            paragraph,
          ),
        }))
        .filter((block) => block.kind === 'paragraph' && block.runs.some((run) => run.text.trim() !== ''));
  }
};

const leftOutOf = ({ altered, item }: Context): readonly AlteredOfDevice[] =>
  altered.filter(({ examination }) => item.settings.leftOut.includes(examination.id));

/** Indicators go without the sections: whoever reads them must not take them for all that was found. */
const missingIndicators = (context: Context): AssembledBlock[] => {
  const { item, profile } = context;
  const { length } = leftOutOf(context);
  return length > 0 && tellsLeftOut(item.settings, profile) === 'count'
    ? [leftOutCount(length, item.language)]
    : [];
};

const forensicContext = (
  section: RecipientProfile['sections'][number],
  context: Context,
): ForensicContext => {
  const { devices, item, profile, redactor, person, day, zone } = context;
  const where = section.heading[item.language];
  return {
    language: item.language,
    day,
    zone,
    devices,
    leftOut: tellsLeftOut(item.settings, profile) === 'each' ? leftOutOf(context) : [],
    redact: (key, text) => redactor.text(`${section.id} ${key}`, where, text),
    holdsWithheld: (text) => redactor.holdsWithheld(text),
    token: profile.token[item.language],
    owner: ({ device }) => {
      // Words about an owner without a record were never asked of anybody's consent: only whoever examines reads them.
      if (device.ownerId === null)
        return device.ownerWords === '' || profile.digital.detail !== 'full'
          ? []
          : redactor.text(`${section.id} device ${device.id} owner`, where, device.ownerWords);
      const rendered = person(personRef(device.ownerId));
      return rendered === null ? [] : [{ ...rendered, ref: personRef(device.ownerId) }];
    },
  };
};

const beneficiaries = (
  where: string,
  { material, item, profile, redactor, person }: Context,
): AssembledBlock[] => {
  const shown = material.persons
    .filter((entry) => entry.roles.includes('beneficiary'))
    .flatMap((entry) => {
      const rendered = person(personRef(entry.person.id));
      return rendered === null || rendered.mark === 'withheld' ? [] : [{ entry, rendered }];
    });
  // Named people as the case has them; the others by their drawn letters, for their place among the named
  // ones would be the same in every recipient's list.
  const order = [
    ...shown.filter(({ rendered }) => rendered.mark === 'name'),
    ...shown
      .filter(({ rendered }) => rendered.mark !== 'name')
      .sort((a, b) => (a.rendered.text < b.rendered.text ? -1 : 1)),
  ];
  const items = order.map(({ entry, rendered }): readonly RedactedRun[] => {
    if (rendered.mark !== 'name') {
      // What she does and for how long says who she is.
      const reserve = profile.reserveFolders ? [plain(`. ${PROFILE_WORDS[item.language].reserve}`)] : [];
      return [{ ...rendered, ref: personRef(entry.person.id) }, ...reserve];
    }
    const work = entry.person.work.trim();
    const words = work === '' ? [] : [plain('. '), ...redactor.text(`work ${entry.person.id}`, where, work)];
    const size = entry.person.groupSize === null ? [] : [plain(` (${String(entry.person.groupSize)})`)];
    return [{ ...rendered, ref: personRef(entry.person.id) }, ...size, ...words];
  });
  return items.length === 0 ? [] : [{ kind: 'list', items }];
};

const upperFirst = (text: string): string => text.slice(0, 1).toLocaleUpperCase() + text.slice(1);

/** A fact may begin with how somebody is called, such as `página «...»`. */
const startLarge = (runs: readonly RedactedRun[]): RedactedRun[] =>
  runs.map((run, at) =>
    at === 0 && (run.mark === 'name' || run.mark === 'pseudonym')
      ? { ...run, text: upperFirst(run.text) }
      : run,
  );

const facts = (where: string, { material, item, profile, redactor, annexes }: Context): AssembledBlock[] =>
  material.incidents.map((incident, at) => {
    const number = at + 1;
    const text = [incident.narrative.trim() === '' ? incident.title : incident.narrative, incident.linkToWork]
      .filter((part) => part.trim() !== '')
      .join('\n');
    const place = placeText(incident.place, incident.online, item.language, profile.placePrecision);
    const date = dateText(incident.happened, item.language, profile.datePrecision);
    return {
      kind: 'fact',
      number,
      lead: upperFirst(place === '' ? `${date}.` : `${date}, ${place}.`),
      runs: startLarge(redactor.text(`incident ${incident.id}`, `${where} ${String(number)}`, text)),
      annexes: annexes
        .filter((annex) => annex.item.incidentIds.includes(incident.id))
        .map((annex) => annex.number),
      incidentId: incident.id,
    };
  });

const involvementKinds = ({ material }: Context): string[] =>
  material.incidents.flatMap((incident) =>
    incident.acts.flatMap((act) => act.involvements.map((involvement) => involvement.kind)),
  );

const alleged = (where: string, { material, item, redactor, person }: Context): AssembledBlock[] => {
  const items = new Map<string, readonly RedactedRun[]>();
  for (const incident of material.incidents) {
    for (const act of incident.acts) {
      for (const involvement of act.involvements) {
        const rendered = involvement.personId === null ? null : person(personRef(involvement.personId));
        const kind = label(item.language, 'perpetrator', involvement.kind);
        const nobody = involvement.kind === 'unidentified';
        const who: readonly RedactedRun[] =
          rendered !== null && rendered.mark !== 'withheld'
            ? nobody
              ? [{ ...rendered, text: upperFirst(rendered.text) }]
              : [{ ...rendered, text: upperFirst(rendered.text) }, plain(`: ${kind}`)]
            : involvement.words.trim() !== ''
              ? [
                  ...redactor.text(`involvement ${involvement.id ?? ''}`, where, involvement.words),
                  plain(`: ${kind}`),
                ]
              : [plain(kind)];
        items.set(who.map((run) => run.text).join(''), who);
      }
    }
  }
  return items.size === 0 ? [] : [{ kind: 'list', items: [...items.values()] }];
};

const countTable = (
  { item, profile }: Context,
  group: 'act' | 'examinationOutcome' | 'perpetrator',
  codes: readonly string[],
): AssembledBlock[] => {
  if (codes.length === 0) return [];
  const counts = new Map<string, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  const words = PROFILE_WORDS[item.language];
  const rows = [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([code, count]) => [label(item.language, group, code), countText(count, profile, item.language)]);
  // With a small cell hidden a total would give it away again, and several of them at least their sum.
  const hidden = [...counts.values()].some((count) => count < profile.smallCells);
  const total = hidden ? [] : [[words.total, String(codes.length)]];
  const heading = {
    act: words.act,
    perpetrator: words.allegedKind,
    examinationOutcome: words.examinationOutcome,
  }[group];
  return [{ kind: 'table', header: [heading, words.count], rows: [...rows, ...total] }];
};

/** Outcomes that say something of a device; the others say only that nobody has looked to the end. */
const TOLD_OUTCOMES: ReadonlySet<string> = new Set(['confirmed', 'suspicious', 'noSignsSoFar']);

/** How many examinations ended how, with what such a figure does not say; nothing of any one of them. */
const examinationCounts = (context: Context): AssembledBlock[] => {
  const outcomes = context.devices.flatMap(({ examinations }) =>
    examinations
      .map(({ examination }) => examination.outcome)
      .filter((outcome) => TOLD_OUTCOMES.has(outcome)),
  );
  if (outcomes.length === 0) return [];
  const caution = forensicWords(context.item.language).summary.defaultLimits;
  return [
    { kind: 'paragraph', runs: [plain(caution)] },
    ...countTable(context, 'examinationOutcome', outcomes),
  ];
};
