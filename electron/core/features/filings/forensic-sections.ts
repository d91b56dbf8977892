import en from '#resources/vocabularies/en.json' with { type: 'json' };
import es from '#resources/vocabularies/es.json' with { type: 'json' };
import type { Language } from '#shared/model/common.ts';
import { cleanText } from '#shared/model/filing-document.ts';
import { localDay } from '#shared/rules/partial-date.ts';
import { compactKey } from '#shared/rules/text-folding.ts';
import { defangUrl } from '#shared/surveillance/defang.ts';
import type { AssembledBlock } from './assembled-block.ts';
import type { AlteredOfDevice } from './digital-evidence.ts';
import { FORENSIC_SOURCES, type ForensicSource } from './forensic-sources.ts';
import type { RedactedRun } from './redaction/index.ts';
import {
  fillWords,
  forensicWords,
  type ForensicDevice,
  type ForensicFinding,
} from '../surveillance/index.ts';

/** What these sections need of the export that they are part of. */
export interface ForensicContext {
  readonly language: Language;
  /** Day of the export. */
  readonly day: string;
  /** Zone of the people who work here: instants are told by its days, as receipts tell them. */
  readonly zone: string;
  readonly devices: readonly ForensicDevice[];
  /** Altered examinations without which somebody let this export go on, where each of them is told. */
  readonly leftOut: readonly AlteredOfDevice[];
  /** Redacts a text; `key` names it inside the vault. */
  redact(key: string, text: string): readonly RedactedRun[];
  /** Whether something that this export withholds stands in a text that is printed as it is. */
  holdsWithheld(text: string): boolean;
  /** What stands in the place of such a text. */
  readonly token: string;
  /** How the owner appears here, or nothing where nobody owns it by record. */
  owner(device: ForensicDevice): readonly RedactedRun[];
}

const plain = (text: string): RedactedRun => ({ mark: 'plain', text });
const labelsOf = (language: Language): typeof es => (language === 'es' ? es : en);

const nameOf = ({ device }: ForensicDevice, language: Language): string =>
  cleanText([labelsOf(language).deviceKind[device.kind], device.make, device.model].join(' '));

/** The calendar day of an instant as people here lived it. */
const dayOf = (instant: string, { zone }: Pick<ForensicContext, 'zone'>): string =>
  localDay(Date.parse(instant), zone);

const examined = (context: ForensicContext) =>
  context.devices.flatMap((device) => device.examinations.map((one) => ({ device, ...one })));

/**
 * The fixed sentence for one examination, complete with its count, the day up to which all was compared and what of the results
 * nobody has read; a finding that a person entered later makes no comparison younger.
 */
function sentenceOf(
  { examination }: ForensicDevice['examinations'][number],
  context: ForensicContext,
): { readonly sentence: string; readonly next: string } {
  const words = forensicWords(context.language);
  const { outcome, counts, comparedAt, unread } = examination;
  const day = comparedAt === null ? context.day : dayOf(comparedAt, context);
  const count =
    outcome === 'notMatched' || outcome === 'noSignsSoFar' || outcome === 'preservedOnly'
      ? 0
      : counts[outcome];
  const gap = unread === 0 ? '' : ` ${fillWords(words.summary.unread, { count: unread })}`;
  return {
    sentence: `${fillWords(words.sentence[outcome], { day, count })}${gap}`,
    next: words.nextStep[outcome],
  };
}

/** That something is missing here, and why: whoever reads must not take the rest for all that was examined. */
const leftOutBlocks = (context: ForensicContext): AssembledBlock[] =>
  context.leftOut.map(({ device, runs }): AssembledBlock => {
    const days = [...new Set(runs.map((run) => dayOf(run.endedAt, context)))].sort();
    return {
      kind: 'paragraph',
      runs: [
        ...context.redact(`device ${device.device.id} left out`, `${nameOf(device, context.language)}. `),
        plain(` ${fillWords(forensicWords(context.language).summary.leftOut, { days: days.join(', ') })}`),
      ],
    };
  });

/** The same as a number, where nothing of any device is told. */
export const leftOutCount = (count: number, language: Language): AssembledBlock => ({
  kind: 'paragraph',
  runs: [plain(fillWords(forensicWords(language).summary.leftOutCount, { count }))],
});

/**
 * What may be said and what must not be done. It stands in every document of this kind, before anything else, and is
 * never left to whoever writes.
 */
function caution(context: ForensicContext): AssembledBlock[] {
  const { language } = context;
  const words = forensicWords(language);
  const all = examined(context);
  const missing = leftOutBlocks(context);
  if (all.length === 0)
    return missing.length > 0 ? missing : [{ kind: 'paragraph', runs: [plain(words.summary.noDevices)] }];
  const blocks = all.map((one): AssembledBlock => {
    const { sentence, next } = sentenceOf(one, context);
    return {
      kind: 'paragraph',
      runs: [
        ...context.redact(`device ${one.device.device.id} name`, `${nameOf(one.device, language)}. `),
        plain(` ${sentence} ${next}`),
      ],
    };
  });
  const hit = all.some(({ examination }) =>
    ['toReview', 'suspicious', 'confirmed'].includes(examination.outcome),
  );
  const doNot: AssembledBlock[] = hit
    ? [{ kind: 'list', items: words.doNot.map((text) => [plain(text)]) }]
    : [];
  return [...blocks, ...missing, ...doNot];
}

/** What is said of one examination. `brief`: without words of people about the ground, and no examiner by name. */
function examinationItems(
  context: ForensicContext,
  { device, examination }: Pick<ReturnType<typeof examined>[number], 'device' | 'examination'>,
  brief: boolean,
): readonly (readonly RedactedRun[])[] {
  const { language } = context;
  const words = forensicWords(language).summary.fields;
  const labels = labelsOf(language);
  const key = `examination ${examination.id}`;
  const field = (name: string, runs: readonly RedactedRun[]): readonly RedactedRun[] => [
    plain(`${name}: `),
    ...runs,
  ];
  const text = (part: string, value: string): readonly RedactedRun[] =>
    context.redact(`${key} ${part}`, value);
  const days = [examination.startedAt, examination.endedAt]
    .filter((at) => at !== null)
    .map((at) => dayOf(at, context));
  const owner = context.owner(device);
  const items: (readonly RedactedRun[])[] = [
    field(words.device, [
      ...text('device', nameOf(device, language)),
      ...(owner.length === 0 ? [] : [plain(' ('), ...owner, plain(')')]),
    ]),
  ];
  const system = [device.device.os, device.device.osVersion].join(' ').trim();
  if (system !== '') items.push(field(words.system, text('system', system)));
  items.push(
    field(words.basis, [
      plain(labels.examinationBasis[examination.basis]),
      ...(brief || examination.basisWords === ''
        ? []
        : [plain('. '), ...text('basis', examination.basisWords)]),
    ]),
    field(words.method, [plain(labels.examinationMethod[examination.method])]),
  );
  const tool = [examination.tool, examination.toolVersion].join(' ').trim();
  if (tool !== '') items.push(field(words.tool, text('tool', tool)));
  if (days.length > 0) items.push(field(words.period, [plain([...new Set(days)].join(' – '))]));
  const examiner =
    examination.organisation === '' && !brief ? examination.examiner : examination.organisation;
  if (examiner !== '') items.push(field(words.examiner, text('examiner', examiner)));
  return items;
}

const devicesBlock = (context: ForensicContext): AssembledBlock[] =>
  examined(context).map((one): AssembledBlock => ({
    kind: 'list',
    items: examinationItems(context, one, false),
  }));

/** Sets are public files: their hashes may be told, unlike those of copies that stay behind. */
function setsBlock(context: ForensicContext): AssembledBlock[] {
  const words = forensicWords(context.language).summary;
  const sets = new Map(
    examined(context)
      .flatMap(({ examination }) => [
        ...examination.runs.filter((run) => !run.withdrawn).flatMap((run) => run.sets),
        ...examination.sets,
      ])
      .map((set) => [set.sha256, set]),
  );
  if (sets.size === 0) return [{ kind: 'paragraph', runs: [plain(words.noSets)] }];
  const { name, day, version, indicators, sha256 } = words.setColumns;
  return [
    {
      kind: 'runsTable',
      header: [name, day, version, indicators, sha256],
      weights: [2.6, 1.6, 1.3, 1.9, 3.4],
      rows: [...sets.values()].map((set) => [
        context.redact(`set ${set.setId}`, set.name),
        [plain(set.day ?? '')],
        context.redact(`set ${set.setId} version`, set.version),
        [plain(String(set.indicators))],
        // In groups, so that it breaks inside a narrow column.
        [plain((set.sha256.match(/.{1,8}/gu) ?? []).join(' '))],
      ]),
    },
  ];
}

/** The day of a finding and whose clock says so, with the module that held it. */
function whenCell(context: ForensicContext, { finding }: ForensicFinding): readonly RedactedRun[] {
  const words = forensicWords(context.language).summary;
  const when =
    finding.whenKey === '' ? words.noTime : `${finding.whenKey.slice(0, 10)} (${words.clock[finding.clock]})`;
  return [plain(`${when} · `), ...context.redact(`finding ${finding.id} module`, finding.module)];
}

/** The indicators that a finding coincides with, each once; `published`: only those that a set of ours holds. */
function indicatorCell(
  context: ForensicContext,
  { finding }: ForensicFinding,
  published: boolean,
): readonly RedactedRun[] {
  const hits = new Map(
    finding.exactHits
      .filter((hit) => !published || hit.how !== 'tool')
      .map((hit) => [`${hit.type} ${hit.indicator} ${hit.set}`, hit]),
  );
  // An indicator is a published value; an address made of somebody's name, and what its publisher calls it, may still
  // name somebody of ours.
  return [...hits.values()].flatMap((hit, at) => [
    plain(at === 0 ? '' : '; '),
    ...(context.holdsWithheld(hit.indicator)
      ? [{ mark: 'withheld' as const, text: context.token }]
      : [plain(defangUrl(hit.indicator))]),
    plain(' ('),
    ...context.redact(
      `finding ${finding.id} set ${String(at)}`,
      [hit.collection, hit.set].filter((part) => part !== '').join(', '),
    ),
    plain(')'),
  ]);
}

/** What a person decided about a finding, and who confirms it or why. */
function reviewCell(
  context: ForensicContext,
  { finding, confirmedBy, reason }: ForensicFinding,
): readonly RedactedRun[] {
  const said = finding.state === 'confirmed' ? confirmedBy : reason;
  return [
    plain(labelsOf(context.language).findingState[finding.state]),
    ...(said === '' ? [] : [plain(': '), ...context.redact(`finding ${finding.id} review`, said)]),
  ];
}

/**
 * The same for readers beyond whoever examines: the state alone. Who confirmed it is named only as the organisation that
 * the examination is told to be of; reasons are words of the people here.
 */
function judgedCell(
  context: ForensicContext,
  { finding, confirmedBy }: ForensicFinding,
  organisation: string,
): readonly RedactedRun[] {
  const byIt =
    finding.state === 'confirmed' &&
    organisation !== '' &&
    compactKey(confirmedBy) === compactKey(organisation);
  return [
    plain(labelsOf(context.language).findingState[finding.state]),
    ...(byIt ? [plain(': '), ...context.redact(`finding ${finding.id} review`, organisation)] : []),
  ];
}

function findingRow(context: ForensicContext, one: ForensicFinding): readonly (readonly RedactedRun[])[] {
  const words = forensicWords(context.language).summary;
  const { finding } = one;
  const key = `finding ${finding.id}`;
  const indicators = indicatorCell(context, one, false);
  const level = labelsOf(context.language).findingLevel[finding.level];
  return [
    whenCell(context, one),
    context.redact(`${key} observed`, finding.observed),
    indicators.length === 0 ? context.redact(`${key} message`, finding.message) : indicators,
    [
      ...reviewCell(context, one),
      plain(`. ${words.columns.level}: ${level}${finding.newSinceTool ? ` (${words.newSinceTool})` : ''}`),
    ],
  ];
}

function findingsBlock(context: ForensicContext): AssembledBlock[] {
  const { language } = context;
  const words = forensicWords(language).summary;
  const { time, observed, indicator, state } = words.columns;
  return examined(context).flatMap((one): AssembledBlock[] => {
    const caution: AssembledBlock = {
      kind: 'paragraph',
      runs: [
        ...context.redact(`device ${one.device.device.id} of findings`, `${nameOf(one.device, language)}. `),
        plain(` ${sentenceOf(one, context).sentence}`),
      ],
    };
    if (one.findings.length === 0) return [caution];
    return [
      caution,
      {
        kind: 'runsTable',
        header: [time, observed, indicator, state],
        weights: [2, 3, 3, 2.6],
        rows: one.findings.map((finding) => findingRow(context, finding)),
      },
      ...(one.more === 0
        ? []
        : [{ kind: 'paragraph' as const, runs: [plain(fillWords(words.more, { count: one.more }))] }]),
    ];
  });
}

/** Steps and days; who of us held it is nobody's business outside. */
function custodyBlock(context: ForensicContext): AssembledBlock[] {
  const { language } = context;
  const labels = labelsOf(language);
  const { when, action } = forensicWords(language).summary.custodyColumns;
  return context.devices
    .filter((device) => device.custody.length > 0 && device.examinations.length > 0)
    .map((device): AssembledBlock => {
      // Make and model are typed by people: a name of somebody may stand there.
      const name = context.redact(`device ${device.device.id} in custody`, nameOf(device, language));
      return {
        kind: 'runsTable',
        header: [when, action],
        weights: [1.4, 5],
        rows: device.custody.map((step) => [
          [plain(dayOf(step.at, context))],
          [plain(`${labels.deviceCustody[step.action]} · `), ...name],
        ]),
      };
    });
}

function limitsBlock(context: ForensicContext): AssembledBlock[] {
  const own = examined(context)
    .filter(({ examination }) => examination.limits.trim() !== '')
    .map(({ examination }): AssembledBlock => ({
      kind: 'paragraph',
      runs: context.redact(`examination ${examination.id} limits`, examination.limits),
    }));
  return [
    { kind: 'paragraph', runs: [plain(forensicWords(context.language).summary.defaultLimits)] },
    ...own,
  ];
}

/**
 * Digital evidence inside a filing that others read too: what people have judged, by the published indicator that it
 * coincides with. What was observed stays out (an address made for one person names that person to whoever sent it), and
 * so do the tool's own words.
 */
function judgedBlock(context: ForensicContext): AssembledBlock[] {
  const { language } = context;
  const words = forensicWords(language);
  const labels = labelsOf(language);
  const { time, indicator, state } = words.summary.columns;
  const all = examined(context);
  if (all.length === 0) return [];
  const blocks = all.flatMap((one): AssembledBlock[] => {
    const { counts, unread } = one.examination;
    const sentences = (['confirmed', 'suspicious'] as const)
      .filter((judged) => counts[judged] > 0)
      .map((judged) => fillWords(words.judged[judged], { count: counts[judged] }));
    if (unread > 0) sentences.push(fillWords(words.summary.unread, { count: unread }));
    return [
      {
        kind: 'paragraph',
        runs: [
          ...context.redact(`device ${one.device.device.id} judged`, `${nameOf(one.device, language)}. `),
          plain(` ${sentences.join(' ')}`),
        ],
      },
      { kind: 'list', items: examinationItems(context, one, true) },
      {
        kind: 'runsTable',
        header: [time, indicator, state],
        weights: [2, 4, 3],
        rows: one.findings.map((found) => {
          const indicators = indicatorCell(context, found, true);
          return [
            whenCell(context, found),
            indicators.length === 0 ? [plain(labels.findingKind[found.finding.kind])] : indicators,
            judgedCell(context, found, one.examination.organisation),
          ];
        }),
      },
      ...(one.more === 0
        ? []
        : [
            {
              kind: 'paragraph' as const,
              runs: [plain(fillWords(words.summary.more, { count: one.more }))],
            },
          ]),
    ];
  });
  return [...blocks, ...setsBlock(context), ...limitsBlock(context)];
}

const BLOCKS: Readonly<Record<ForensicSource, (context: ForensicContext) => AssembledBlock[]>> = {
  forensicCaution: caution,
  forensicDevices: devicesBlock,
  forensicSets: setsBlock,
  forensicFindings: findingsBlock,
  forensicCustody: custodyBlock,
  forensicLimits: limitsBlock,
  forensicJudged: judgedBlock,
};

/** The blocks of one section of a forensic summary. */
export const forensicBlocks = (source: ForensicSource, context: ForensicContext): AssembledBlock[] =>
  BLOCKS[source](context);

export const isForensicSource = (source: string): source is ForensicSource =>
  (FORENSIC_SOURCES as readonly string[]).includes(source);
