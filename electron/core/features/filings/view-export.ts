import type { ExportView } from '#shared/contract/exports.ts';
import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { partialDateDays } from '#shared/rules/partial-date.ts';
import type { OpenCall } from '../../context.ts';
import { read } from '../../db/index.ts';
import { annexViews } from './annex-plan.ts';
import { reportFor } from './check-export.ts';
import { everybodyAnswered } from './consent-gate.ts';
import { digitalChoice, withheldDevices } from './digital-evidence.ts';
import { viewSections } from './filing-content.ts';
import { loadPlan, today } from './plan.ts';
import type { Plan } from './plan.ts';
import { unionView } from './quasi-view.ts';
import { parseNarrative } from './redaction/index.ts';

const met = (plan: Plan, rule: string, day: string): boolean => {
  const { material, item, assembly } = plan;
  if (rule.startsWith('section:')) return (item.settings.sections[rule.slice(8)] ?? '').trim() !== '';
  switch (rule) {
    case 'beneficiaries':
      return material.persons.some((entry) => entry.roles.includes('beneficiary'));
    case 'facts':
      return material.incidents.length > 0;
    case 'recentFacts': {
      const yearAgo = `${String(Number(day.slice(0, 4)) - 1)}${day.slice(4)}`;
      return material.incidents.some((incident) => (partialDateDays(incident.happened)?.to ?? '') >= yearAgo);
    }
    case 'consents':
      // With nobody recorded there is no answer of anybody. Whoever is named has said yes, or is not to be asked.
      return (
        assembly.findings.length > 0 &&
        assembly.findings.every(({ result, treatment }) => treatment !== 'name' || result === 'allowed')
      );
    case 'consentAnswers':
      // A body that asks for the person's own answer is not answered by a pseudonym.
      return everybodyAnswered(material, assembly.findings, plan.profile, day);
    case 'annexes':
      return assembly.annexes.length > 0;
    case 'forensic':
      return material.forensic.some(({ examinations }) => examinations.length > 0);
    case 'forensicReviewed':
      return material.forensic.every(({ examinations }) =>
        examinations.every(({ examination }) => examination.counts.toReview === 0),
      );
    default:
      return false;
  }
};

/** Sections to be written stand in the view even while they are empty, so that there is where to write. */
const sectionsOf = (plan: Plan): ExportView['sections'] => {
  const filled = new Map(viewSections(plan.assembly.sections).map((section) => [section.id, section]));
  const { language, settings } = plan.item;
  return plan.profile.sections.map((section) => ({
    id: section.id,
    heading: section.heading[language],
    article: section.article,
    blocks: filled.get(section.id)?.blocks ?? [],
    ...(section.source === 'text' ? { written: settings.sections[section.id] ?? '' } : {}),
  }));
};

/** What an incident without a title is called on the screen. */
const firstWords = (narrative: string): string =>
  parseNarrative(narrative)
    .map((part) => (part.kind === 'text' ? part.text : part.label))
    .join('')
    .slice(0, 80);

/** The whole workspace of one export. @throws AppError `record.notFound`, `export.profileUnknown` */
export function viewExport(call: OpenCall, input: HandlerInput<'exports.view'>): CallOutput<'exports.view'> {
  const day = today(call);
  const plan = loadPlan(call, input.id, day);
  const { item, profile, material, assembly, decisions } = plan;
  const union = read(call, (db) => unionView(db, material, item, profile, assembly));
  return {
    id: item.id,
    caseId: item.caseId,
    caseCode: material.case.code,
    profile: item.profile,
    recipient: item.recipient,
    purpose: item.purpose,
    language: item.language,
    state: item.state,
    version: item.version,
    title: profile.title[item.language],
    sections: sectionsOf(plan),
    suggestions: [...assembly.suggestions],
    completeness: profile.completeness.map(({ id, article, rule }) => ({
      id,
      article,
      met: met(plan, rule, day),
    })),
    consents: [...assembly.findings],
    annexes: annexViews(material, item.settings, profile, assembly.annexes, assembly.redactor.matcher),
    verySensitive: material.allIncidents
      .filter((incident) => incident.verySensitive)
      .map((incident) => ({
        incidentId: incident.id,
        title: incident.title === '' ? firstWords(incident.narrative) : incident.title,
        included: item.settings.incidents.includes(incident.id),
      })),
    digital: {
      ...digitalChoice(item.settings, profile),
      indicatorsOffered: profile.digital.indicators !== 'never',
      devices: assembly.devices.length,
      withheld: withheldDevices(material.forensic, assembly.findings, profile),
      altered: assembly.altered.map(({ device, examination, runs }) => ({
        examinationId: examination.id,
        device: examination.device,
        deviceKind: device.device.kind,
        comparedAt: runs.map((run) => run.endedAt),
        findings: examination.counts.total,
        leftOut: item.settings.leftOut.includes(examination.id),
      })),
    },
    ...union,
    report: item.report === null ? null : reportFor(item.report, decisions),
  };
}
