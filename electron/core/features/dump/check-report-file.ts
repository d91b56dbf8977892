import { basename, dirname } from 'node:path';
import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { cleanText, type FilingDocument } from '#shared/model/filing-document.ts';
import { localDay } from '#shared/rules/partial-date.ts';
import type { OpenCall, TaskHandle } from '../../context.ts';
import { renderPdf, writeOutput } from '../filings/index.ts';
import {
  checkVault,
  OpenVault,
  reportJson,
  reportSections,
  reportText,
  reportTitle,
  type CheckFacts,
} from '../vault/index.ts';

type Checking = OpenCall & { readonly task: TaskHandle };

/** Longest line that a paragraph of the writer takes; a list of damaged pages can be longer. */
const LINE = 4_000;

const documentOf = (
  facts: CheckFacts,
  language: HandlerInput<'vault.checkReport'>['language'],
  day: string,
) => {
  const document: FilingDocument = {
    language,
    title: reportTitle(language),
    folio: `R-${facts.vaultId.slice(0, 8).toUpperCase()}`,
    day,
    addressee: [],
    head: [],
    sections: reportSections(facts, language).map(({ id, heading, lines }) => ({
      id,
      heading,
      blocks: [
        {
          kind: 'list' as const,
          ordered: false,
          // 500 items a list is what the writer takes: more findings than a person reads.
          items: lines
            .slice(0, 500)
            .map((line) => [{ kind: 'text' as const, text: cleanText(line).slice(0, LINE) }]),
        },
      ],
    })),
    closing: [],
    annexes: [],
  };
  return document;
};

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield await Promise.resolve(bytes);
}

/**
 * Checks the vault and writes what was found to the chosen file. The report names objects and rows by id only, and
 * nobody of any case.
 *
 * @throws AppError `evidence.targetUnknown`, `disk.targetExists`, `disk.*`, `call.cancelled`
 */
export async function writeCheckReport(
  call: Checking,
  input: HandlerInput<'vault.checkReport'>,
): Promise<CallOutput<'vault.checkReport'>> {
  const { session, core, task } = call;
  const grant = core.grants.need(input.target);
  if (grant.kind !== 'targetFile' || !(session instanceof OpenVault))
    throw new AppError('evidence.targetUnknown');
  const verdict = await checkVault(session, {
    objects: input.objects,
    signal: task.signal,
    progress: (stage, done, total) => {
      task.progress(stage, done, total, 'items');
    },
  });
  const { clock } = core.ports;
  const day = localDay(clock.now(), clock.zone());
  const facts: CheckFacts = {
    format: 'resguardo-check',
    version: 1,
    at: new Date(clock.now()).toISOString(),
    vaultId: session.vaultId.toString('hex'),
    use: session.use,
    program: core.ports.platform.version,
    depth: input.objects,
    readOnlyBecause: session.db.readOnlyBecause,
    ok: verdict.ok,
    checked: verdict.checked,
    findings: verdict.findings,
  };
  const bytes =
    input.format === 'pdf'
      ? (
          await renderPdf(documentOf(facts, input.language, day), {
            random: core.ports.random,
            loadFonts: core.ports.loadFonts,
          })
        ).bytes
      : Buffer.from(input.format === 'json' ? reportJson(facts) : reportText(facts, input.language));
  const written = await writeOutput(
    core.ports.disk,
    dirname(grant.path),
    basename(grant.path),
    once(bytes),
    day,
    task.signal,
  );
  return {
    ok: verdict.ok,
    findings: verdict.findings.length,
    sizeBytes: written.bytes,
    sha256: written.sha256,
  };
}
