import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CallInput } from '#shared/contract/index.ts';
import type { ExportView, ProfileId } from '#shared/contract/exports.ts';
import type { LeakReport } from '#shared/contract/leak-report.ts';
import { isAppError } from '#shared/errors.ts';
import type { ExportId } from '#shared/model/ids.ts';
import type { Client } from '../client.ts';
import type { LoadedCase } from './load-case.ts';
import type { Truth } from './truth.ts';

export interface Released {
  readonly folder: string;
  readonly files: readonly string[];
  readonly publicKey: string | null;
}

interface Wanted {
  readonly profile: ProfileId;
  readonly recipient: string;
  readonly folder: string;
}

type Decisions = CallInput<'exports.decide'>['decisions'];

/** What a careful person decides: a known person becomes a key, everything else that is marked goes. */
const careful = (view: ExportView): Decisions =>
  view.suggestions
    .filter((suggestion) => suggestion.decision === null)
    .map((suggestion) => {
      const action =
        suggestion.personId !== null && suggestion.actions.includes('pseudonym')
          ? 'pseudonym'
          : suggestion.actions.includes('withhold')
            ? 'withhold'
            : (suggestion.actions[0] ?? 'withhold');
      return { suggestionId: suggestion.id, action, reason: 'demostración' };
    });

const refusal = async (work: () => Promise<unknown>): Promise<string> => {
  try {
    await work();
    return 'salió';
  } catch (thrown) {
    if (isAppError(thrown)) return thrown.code;
    throw thrown;
  }
};

/** Decides until nothing is pending: one decision can bring another mention to light. */
const decideAll = async (client: Client, id: ExportId): Promise<number> => {
  let decided = 0;
  for (let round = 0; round < 5; round += 1) {
    const decisions = careful(await client.call('exports.view', { id }));
    if (decisions.length === 0) break;
    await client.call('exports.decide', { id, decisions });
    decided += decisions.length;
  }
  return decided;
};

type ConsentResult = ExportView['consents'][number]['result'];

const CONSENT_WORDS: Readonly<Record<ConsentResult, string>> = {
  allowed: 'consintió',
  allowedByImpediment: 'no pudo darlo',
  pseudonymOnly: 'solo con seudónimo',
  excluded: 'no aparece',
  blocked: 'lo retiró o venció',
  missing: 'falta preguntar',
};

/** People for whom the answer is no, or none at all, are kept out by hand: the program only says who they are. */
const treatPeople = async (truth: Truth, client: Client, id: ExportId): Promise<void> => {
  const view = await client.call('exports.view', { id });
  const kept = view.consents.filter(
    (finding) =>
      finding.result === 'blocked' ||
      (finding.treatment === 'name' && ['missing', 'excluded'].includes(finding.result)),
  );
  for (const finding of kept) {
    /* Who took her consent back does not appear at all. */
    const treatment = finding.result === 'blocked' ? 'withhold' : 'pseudonym';
    await client.call('exports.treatPerson', { id, personId: finding.personId, treatment });
  }
  const told = Object.entries(CONSENT_WORDS).map(([result, words]) => {
    const many = view.consents.filter((finding) => finding.result === result).length;
    return many === 0 ? [] : [`${words}: ${many}`];
  });
  truth.tell(`consentimientos: ${told.flat().join('; ')}`);
};

/** Annexes: pictures drawn anew, PDFs redacted as pictures; what cannot be redacted stays out. */
const treatAnnexes = async (truth: Truth, client: Client, id: ExportId): Promise<void> => {
  const { annexes } = await client.call('exports.view', { id });
  let included = 0;
  for (const annex of annexes) {
    const treatment =
      annex.allowedTreatments.includes('reencode') && annex.mime.startsWith('image/jpeg')
        ? 'reencode'
        : 'leaveOut';
    await client.call('exports.treatAnnex', { id, evidenceId: annex.evidenceId, treatment });
    if (treatment !== 'leaveOut') included += 1;
  }
  truth.tell(`anexos: ${included} de ${annexes.length}`);
};

/** Kinds of institution that the filing names in general, and that are also the beginning of a proper name. */
const GENERAL_WORDS: readonly string[] = ['policía municipal'];

/** Looks at every hit as a second pair of eyes would. Words that mean something else here are said to. */
const adjudicate = async (truth: Truth, client: Client, id: ExportId, report: LeakReport): Promise<void> => {
  const open = report.hits.filter((hit) => hit.verdict === null);
  for (const hit of open) {
    const general = hit.strength === 'weak' || GENERAL_WORDS.includes(hit.found.toLowerCase());
    const verdict = hit.adjudicable && general ? 'other' : 'same';
    if (verdict === 'same') truth.tell(`coincidencia: «${hit.found}» en ${hit.file} (${hit.where})`);
    if (hit.adjudicable) await client.call('exports.adjudicate', { id, hitId: hit.id, verdict });
  }
  truth.tell(`coincidencias: ${report.hits.length}, juzgadas una por una: ${open.length}`);
};

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

/** One export from preparation to release, by the calls that the screens make, refusals included. */
export const exportFor = async (
  truth: Truth,
  client: Client,
  loaded: LoadedCase,
  wanted: Wanted,
): Promise<Released> => {
  mkdirSync(wanted.folder, { recursive: true });
  const { id } = await client.call('exports.prepare', {
    caseId: loaded.id,
    profile: wanted.profile,
    recipient: wanted.recipient,
    purpose: 'Demostración con un caso ficticio',
    language: 'es',
  });
  const release = (): Promise<unknown> =>
    client.call('exports.release', {
      id,
      form: 'package',
      target: client.grantTarget(wanted.folder, 'targetFolder'),
      ageRecipients: [],
      emergencyReason: 'Demostración: una sola persona',
    });
  const early = await refusal(release);
  truth.claim(
    `antes de decidir y revisar no sale nada (${early})`,
    early !== 'salió' && filesIn(wanted.folder).length === 0,
  );

  await treatPeople(truth, client, id);
  await treatAnnexes(truth, client, id);
  truth.tell(`menciones decididas: ${await decideAll(client, id)}`);
  const view = await client.call('exports.view', { id });
  truth.claim(
    'no queda nada por decidir',
    view.suggestions.every((suggestion) => suggestion.decision !== null),
  );

  const first = await client.call('exports.check', { id, form: 'package' });
  await adjudicate(truth, client, id, first.report);
  for (const part of first.report.undecoded)
    truth.tell(`sin leer: ${part.file} (${part.where}): ${part.reason}`);
  for (const part of first.report.outsideAllowList)
    truth.tell(`fuera de lista: ${part.file} (${part.where}): ${part.name}`);
  await client.call('exports.confirmInventory', { id });
  truth.tell(
    `lectura humana: ${first.report.inventory.length} nombres, números, lugares y fechas quedan en el paquete`,
  );

  const released = await client.call('exports.release', {
    id,
    form: 'package',
    target: client.grantTarget(wanted.folder, 'targetFolder'),
    ageRecipients: [],
    emergencyReason: 'Demostración: una sola persona',
  });
  const files = filesIn(wanted.folder);
  truth.claim(
    `salió: ${released.files.map((file) => file.name).join(', ')}`,
    files.length > 0 && existsSync(wanted.folder),
  );
  return { folder: wanted.folder, files, publicKey: released.publicKey };
};
