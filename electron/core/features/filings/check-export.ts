import type { LeakHit, LeakReport } from '#shared/contract/leak-report.ts';
import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { foldWords } from '#shared/rules/text-folding.ts';
import type { OpenCall, TaskHandle } from '../../context.ts';
import { read, write } from '../../db/index.ts';
import { buildExport, prepareBagOutput } from './build-export.ts';
import type { BuiltExport, BuiltFile } from './build-export.ts';
import { needExport, rememberedPatterns, updateReport } from './export-repo.ts';
import type { StoredDecision, StoredExport, StoredReport } from './export-repo.ts';
import { machineValues } from './known-values.ts';
import { label } from './labels.ts';
import { checkPackage, checkZip, idSearch } from './leak-check/index.ts';
import type { FinishedFile, LeakCheckResult, LeakFinding } from './leak-check/index.ts';
import { zipBytes, entryOfBytes } from './package/index.ts';
import { ensurePseudonyms, loadPlan, today } from './plan.ts';
import type { Plan } from './plan.ts';
import { planHash } from './plan-hash.ts';
import { tellExportsChanged } from './prepare-export.ts';
import { PROFILE_WORDS } from './profiles.ts';
import type { RecipientProfile } from './profiles.ts';
import { isCommonName } from './redaction/index.ts';
import { filingWords, groupHex, textSha256 } from './render/index.ts';
import { seriesKeyOf } from './series-key.ts';
import { allIds } from './vault-ids.ts';

type Checking = OpenCall & { readonly task: TaskHandle };

const stringsIn = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : Array.isArray(value)
      ? value.flatMap(stringsIn)
      : typeof value === 'object' && value !== null
        ? Object.values(value).flatMap(stringsIn)
        : [];

/** Words of the template itself: a reader need not look at each of them. Names stay on the list. */
const templateWords = (profile: RecipientProfile, language: StoredExport['language']): Set<string> => {
  const texts = [
    ...profile.sections.map((section) => section.heading[language]),
    profile.title[language],
    profile.basis?.[language] ?? '',
    ...profile.addressee[language],
    ...stringsIn(filingWords(language)),
    ...stringsIn(PROFILE_WORDS[language]),
  ];
  return new Set(texts.flatMap(foldWords).filter((word) => !isCommonName(word)));
};

/** What this filing prints of itself: where and when each fact was, kinds of act, evidence and institution. */
const ownPhrases = ({ assembly, material, item }: Plan): string[] => [
  ...assembly.sections.flatMap((section) =>
    section.blocks.flatMap((block) =>
      block.kind === 'fact' ? [block.lead] : block.kind === 'table' ? block.rows.flat() : [],
    ),
  ),
  ...assembly.annexes.map((annex) => annex.kindLabel),
  ...material.incidents.flatMap((incident) =>
    incident.acts.flatMap((act) =>
      act.involvements.map((involvement) => label(item.language, 'perpetrator', involvement.kind)),
    ),
  ),
];

/** The hash of the text as the pages and the sheets print it. */
const textHashes = (document: BuiltExport['document']): string[] => {
  const hash = textSha256(document);
  return [hash, groupHex(hash), groupHex(hash.slice(0, 16))];
};

/** Hashes and ids that the package writes of itself, and those of published sets, as they are printed. */
const ownTokens = ({ assembly }: Plan, built: BuiltExport): string[] => [
  ...built.files.map((file) => file.sha256),
  ...built.ownIds,
  ...built.commitments,
  ...textHashes(built.document),
  ...assembly.devices.flatMap(({ examinations }) =>
    examinations.flatMap(({ examination }) =>
      [...examination.sets, ...examination.runs.flatMap((run) => run.sets)].map((set) =>
        (set.sha256.match(/.{1,8}/gu) ?? []).join(' '),
      ),
    ),
  ),
];

const finished = async (file: BuiltFile): Promise<FinishedFile> => ({
  name: file.path,
  format: file.format,
  origin: file.origin,
  sizeBytes: file.sizeBytes,
  read: (start, end) => file.read(start, end),
  controlWord: file.controlWord,
  ...(await file.decodings()),
});

const tagFile = (path: string, bytes: Buffer): FinishedFile => ({
  name: path,
  format: 'text',
  origin: 'made',
  sizeBytes: bytes.length,
  read: (start, end) => Promise.resolve(new Uint8Array(bytes.subarray(start, end))),
  controlWord: null,
  inkPages: [],
  // Fixed words of ours and lists of names: searched as they stand, nothing for a person to read.
  decodings: [],
});

/** The archive's own structure: names, times, attributes, as the writer lays them out. */
const archiveProblems = async (files: readonly BuiltFile[]): Promise<LeakReport['outsideAllowList']> => {
  const shell = await zipBytes(
    files.map((file) => entryOfBytes(`paquete/data/${file.path}`, new Uint8Array(0))),
  );
  return checkZip(shell, { docx: false, sorted: true }).map((problem) => ({ file: 'zip', ...problem }));
};

/** Lets lock, cancel and other calls through between two parts of a long search. */
const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Builds the finished bytes of an export and searches them as an adversary would, with other engines than
 * those that made them. The report stays with the export; a release afterwards writes these bytes or none.
 *
 * @throws AppError `export.pendingDecisions`, `finding.altered`, `export.annexTooLarge`, `export.glyphMissing`, `parser.*`,
 *   `call.cancelled`
 */
export async function checkExport(
  call: Checking,
  input: HandlerInput<'exports.check'>,
): Promise<CallOutput<'exports.check'>> {
  const { task } = call;
  const day = today(call);
  lettersForAll(call, input.id);
  const plan = loadPlan(call, input.id, day);
  if (plan.item.state === 'released') throw new AppError('export.changedSinceCheck');
  if (plan.assembly.pending > 0)
    throw new AppError('export.pendingDecisions', { params: { count: plan.assembly.pending } });
  task.describe(plan.item.recipient);
  const built = await buildExport(call, plan, input.form, day, task.signal, (done, total) => {
    task.progress('building', done, total, 'items');
  });
  try {
    const result = await search(call, plan, built, input.form, day);
    const stored = storedReport(call, plan, built, result, input.form, day);
    const state = stateOf(stored, plan.decisions);
    write(call, (tx) => {
      const now = needExport(tx, input.id);
      // Somebody changed the export while it was searched: this report is about something else.
      if (now.version !== plan.item.version) throw new AppError('record.changedMeanwhile');
      updateReport(tx, input.id, state, planHash(stored), stored, call.core.ports.clock.now());
      tx.journal({
        table: 'export',
        id: input.id,
        payload: { checked: input.form, state, hits: stored.report.hits.length },
      });
      tellExportsChanged(call, tx, plan.item.caseId);
    });
    return { state, report: reportFor(stored, plan.decisions) };
  } finally {
    await built.close();
  }
}

/** People added since the export was begun get their letters before anything is rendered. */
const lettersForAll = (call: Checking, id: StoredExport['id']): void => {
  const missing = read(call, () => {
    const { material } = loadPlan(call, id);
    return material.persons.some(
      (entry) => !material.pseudonyms.some((one) => one.personId === entry.person.id),
    );
  });
  if (!missing) return;
  write(call, (tx) => {
    ensurePseudonyms(call, tx, needExport(tx, id));
    tx.journal({ table: 'export', id, payload: { letters: 'added' }, children: ['pseudonym'] });
  });
};

const search = async (
  call: Checking,
  plan: Plan,
  built: BuiltExport,
  form: 'filing' | 'package',
  day: string,
): Promise<LeakCheckResult> => {
  const { task } = call;
  const { assembly, material, item, profile } = plan;
  const files: FinishedFile[] = [];
  for (const file of built.files) {
    task.progress('decoding', files.length, built.files.length, 'items');
    files.push(await finished(file));
  }
  const archive: LeakReport['outsideAllowList'] = [];
  if (form === 'package') {
    const key = profile.signedByDefault ? seriesKeyOf(call, item.seriesId) : null;
    try {
      const { tagFiles } = await prepareBagOutput(call, built, day, `paquete-${day}`, key);
      files.push(...tagFiles.map((tag) => tagFile(tag.path, tag.bytes)));
    } finally {
      if (key !== null) call.core.ports.crypto.zero(key.secretKey);
    }
    archive.push(...(await archiveProblems(built.files)));
  }
  const result = await checkPackage({
    files,
    values: [
      ...assembly.withheld.values,
      ...machineValues(material, item.settings, [
        ...call.core.ports.platform.localNames,
        call.session.folder,
      ]),
    ],
    allowedNames: assembly.withheld.allowedNames,
    allowedPlaces: assembly.withheld.allowedPlaces,
    points: assembly.withheld.points,
    initials: assembly.withheld.initials,
    ids: idSearch(read(call, allIds), built.ownIds),
    rawIds: [
      call.session.vaultId.toString('hex'),
      ...material.evidence.map((one) => one.objectId.toString('hex')),
    ],
    allowedWords: templateWords(profile, item.language),
    ownPhrases: ownPhrases(plan),
    ownTokens: ownTokens(plan, built),
    pause,
    signal: task.signal,
    onProgress: (done, total) => {
      task.progress('checking', done, total, 'bytes');
    },
  });
  return { ...result, outsideAllowList: [...result.outsideAllowList, ...archive] };
};

const hitOf = (finding: LeakFinding, remembered: ReadonlySet<string>): LeakHit => ({
  id: finding.id,
  kind: finding.kind,
  strength: finding.strength === 'warn' ? 'weak' : finding.strength,
  file: finding.file,
  where: finding.where,
  encoding: finding.encoding,
  before: finding.before,
  found: finding.found,
  after: finding.after,
  adjudicable: finding.outcome !== 'final',
  verdict:
    finding.outcome !== 'final' &&
    (finding.outcome === 'warn' || finding.otherMeaning || remembered.has(finding.patternHash))
      ? 'other'
      : null,
});

const storedReport = (
  call: Checking,
  plan: Plan,
  built: BuiltExport,
  result: LeakCheckResult,
  form: 'filing' | 'package',
  day: string,
): StoredReport => {
  const remembered = read(call, (db) => rememberedPatterns(db, plan.item.caseId));
  const hits = result.findings.map((finding) => hitOf(finding, remembered));
  return {
    form,
    day,
    checkedBy: call.session.actor.slotId,
    report: {
      checkedAt: new Date(call.core.ports.clock.now()).toISOString(),
      filesChecked: result.filesChecked,
      bytesChecked: result.bytesChecked,
      valuesSearched: { ...result.valuesSearched },
      decoders: [...result.decoders],
      hits,
      undecoded: [...result.undecoded],
      outsideAllowList: [...result.outsideAllowList],
      inventory: result.inventory.map((entry) => ({ ...entry, places: [...entry.places] })),
      inventoryConfirmed: false,
      notExamined: [
        ...result.notExamined,
        ...(result.unreadInWhole.length > 0 ? (['filesDeliveredWhole'] as const) : []),
      ],
    },
    mustJudge: hits.filter((hit) => hit.adjudicable).map((hit) => hit.id),
    finalHits: hits.filter((hit) => !hit.adjudicable).map((hit) => hit.id),
    patterns: Object.fromEntries(result.findings.map((finding) => [finding.id, finding.patternHash])),
    files: built.files.map((file) => ({ name: file.path, sha256: file.sha256, bytes: file.sizeBytes })),
  };
};

/** The report with the judgements made since. */
export const reportFor = (stored: StoredReport, decisions: readonly StoredDecision[]): LeakReport => {
  const judged = new Map(
    decisions
      .filter((one) => one.kind === 'hit')
      .map((one) => [one.subject, one.verdict === 'other' ? ('other' as const) : ('same' as const)]),
  );
  // One sentence stands in the PDF, the DOCX and the plain text: judged once, it is judged in all of them.
  const patterns = new Set(
    [...judged].flatMap(([hit, verdict]) => (verdict === 'other' ? [stored.patterns[hit] ?? ''] : [])),
  );
  const confirmed = decisions.some(
    (one) => one.kind === 'inventory' && one.subject === planHash(stored).toString('hex'),
  );
  return {
    ...stored.report,
    hits: stored.report.hits.map((hit) => ({
      ...hit,
      verdict: hit.adjudicable
        ? (judged.get(hit.id) ??
          hit.verdict ??
          (patterns.has(stored.patterns[hit.id] ?? '-') ? 'other' : null))
        : null,
    })),
    inventoryConfirmed: confirmed,
  };
};

/** `checked` where nothing stands in the way any more, apart from the reading of the inventory. */
export const stateOf = (
  stored: StoredReport,
  decisions: readonly StoredDecision[],
): 'checked' | 'blocked' => {
  const report = reportFor(stored, decisions);
  const open = report.hits.some((hit) => hit.verdict !== 'other');
  return open || report.undecoded.length > 0 || report.outsideAllowList.length > 0 ? 'blocked' : 'checked';
};
