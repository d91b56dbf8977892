import { AppError } from '#shared/errors.ts';
import type { Run as ViewRun } from '#shared/contract/exports.ts';
import type { z } from 'zod';
import type { viewSectionSchema } from '#shared/contract/exports.ts';
import { cleanText } from '#shared/model/filing-document.ts';
import { annexReference } from '#shared/model/filing-text.ts';
import type { Annex, Block, FilingDocument, Run } from '#shared/model/filing-document.ts';
import type { AssembledBlock, AssembledSection, Assembly } from './assemble.ts';
import type { StoredExport } from './export-repo.ts';
import { PROFILE_WORDS } from './profiles.ts';
import type { RecipientProfile } from './profiles.ts';
import { cleanRuns } from './redaction/index.ts';
import type { RedactedRun } from './redaction/index.ts';

type ViewSection = z.infer<typeof viewSectionSchema>;

/** Runs for the screen: pending ones included. */
const viewRuns = (runs: readonly RedactedRun[]): ViewRun[] =>
  runs.map((run) => ({
    text: run.text,
    mark: run.mark,
    ...(run.suggestionId === undefined ? {} : { suggestionId: run.suggestionId }),
  }));

/** The sections as the redaction workspace shows them. */
export const viewSections = (sections: readonly AssembledSection[]): ViewSection[] =>
  sections.map((section) => ({
    id: section.id,
    heading: section.heading,
    article: section.article,
    blocks: section.blocks.map((block): ViewSection['blocks'][number] => {
      switch (block.kind) {
        case 'paragraph':
          return { kind: 'paragraph', runs: viewRuns(block.runs) };
        case 'fact':
          return {
            kind: 'fact',
            number: block.number,
            runs: [
              { text: `${block.lead} `, mark: 'strong' },
              ...viewRuns(block.runs),
              ...(block.annexes.length === 0
                ? []
                : [{ text: ` ${annexReference(block.annexes)}`, mark: 'annex' as const }]),
            ],
          };
        case 'list':
          return { kind: 'list', items: block.items.map(viewRuns) };
        case 'table':
          return {
            kind: 'table',
            header: [...block.header],
            rows: block.rows.map((row) => row.map((text): ViewRun[] => [{ text, mark: 'plain' }])),
          };
        case 'runsTable':
          return {
            kind: 'table',
            header: [...block.header],
            rows: block.rows.map((row) => row.map(viewRuns)),
          };
      }
    }),
  }));

/** Runs for a renderer. Throws `export.pendingDecisions` where something is still to be decided. */
export const filingRuns = (runs: readonly RedactedRun[]): Run[] =>
  cleanRuns(runs).map((run): Run => {
    switch (run.mark) {
      case 'plain':
      case 'name':
        return { kind: 'text', text: run.text };
      case 'pseudonym':
        return { kind: 'pseudonym', text: run.text };
      case 'withheld':
        return { kind: 'withheld', text: run.text };
      case 'pending':
        throw new AppError('export.pendingDecisions', { params: { count: 1 } });
    }
  });

const blockOf = (block: AssembledBlock): Block | null => {
  switch (block.kind) {
    case 'paragraph': {
      const runs = filingRuns(block.runs);
      return runs.length === 0 ? null : { kind: 'paragraph', runs };
    }
    case 'fact':
      return {
        kind: 'fact',
        number: block.number,
        runs: [{ kind: 'strong', text: `${cleanText(block.lead)} ` }, ...filingRuns(block.runs)],
        sources: block.annexes.map((annex) => ({ annex })),
      };
    case 'list': {
      const items = block.items.map(filingRuns).filter((runs) => runs.length > 0);
      return items.length === 0 ? null : { kind: 'list', ordered: false, items };
    }
    case 'table':
      return {
        kind: 'table',
        columns: block.header.map((heading, at) => ({
          heading,
          weight: at === 0 ? 4 : 1,
          align: at === 0 ? 'start' : 'end',
        })),
        rows: block.rows.map((row) => row.map((text): Run[] => [{ kind: 'text', text }])),
      };
    case 'runsTable':
      return {
        kind: 'table',
        columns: block.header.map((heading, at) => ({
          heading,
          weight: block.weights[at] ?? 1,
          align: 'start',
        })),
        rows: block.rows.map((row) => row.map(filingRuns)),
      };
  }
};

/** The content model that the renderers get. `annexes` are those that are delivered, with their final hashes. */
export const filingDocument = (
  assembly: Assembly,
  item: StoredExport,
  profile: RecipientProfile,
  day: string,
  annexes: readonly Annex[],
): FilingDocument => {
  const { language, settings } = item;
  const addressee = profile.addressee[language];
  const basis = profile.basis?.[language];
  const sections = assembly.sections.map((section) => ({
    id: section.id,
    heading: cleanText(section.heading),
    ...(section.article === '' ? {} : { reference: section.article }),
    blocks: section.blocks.map(blockOf).filter((block) => block !== null),
  }));
  return {
    language,
    title: profile.title[language],
    ...(basis === undefined ? {} : { basis }),
    folio: settings.folio,
    day,
    addressee: [...addressee],
    head: [],
    sections,
    closing: [],
    annexes: [...annexes],
    ...(addressee.length === 0
      ? {}
      : {
          signatures: { signers: [{ role: PROFILE_WORDS[language].signatureRole, how: 'hand' as const }] },
          receipt: { addressee: addressee[0] ?? '', sheets: null, annexes: annexes.length },
        }),
  };
};
