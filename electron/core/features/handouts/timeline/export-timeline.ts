import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { localDay } from '#shared/rules/partial-date.ts';
import type { OpenCall, TaskHandle } from '../../../context.ts';
import { read } from '../../../db/index.ts';
import { newFolio } from '../../../folio.ts';
import { csvBytes, renderPdf } from '../../filings/index.ts';
import { writeHandout } from '../write-handout.ts';
import { timelineDocument } from './timeline-document.ts';
import { timelineWords, type SheetRow } from './timeline-rows.ts';
import { sheetOf, type Sheet } from './timeline-sheet.ts';
import { timelineSvg } from './timeline-svg.ts';

type Input = HandlerInput<'timeline.export'>;

/** The table: a row each, the fixed sentence beside whatever quotes an examination, nothing that a program would run. */
function tableOf(sheet: Sheet, input: Input): Buffer {
  const { csv, caution } = timelineWords(input.language);
  const cells = (row: SheetRow): string[] => [
    row.when,
    row.until,
    row.kind,
    row.what,
    row.state,
    ...(input.titles ? [row.title] : []),
    row.quotesFindings ? caution : '',
  ];
  const heading = [
    csv.when,
    csv.until,
    csv.kind,
    csv.what,
    csv.state,
    ...(input.titles ? [csv.title] : []),
    csv.caution,
  ];
  if (sheet.patterns === null) return csvBytes(heading, sheet.rows.map(cells));
  return csvBytes(
    [
      csv.anchorWhen,
      csv.anchorKind,
      csv.anchorWhat,
      ...(input.titles ? [csv.anchorTitle] : []),
      csv.days,
      ...heading,
    ],
    sheet.patterns.flatMap(({ anchor, near }) =>
      near.map(({ row, days }) => [
        anchor.when,
        anchor.kind,
        anchor.what,
        ...(input.titles ? [anchor.title] : []),
        days,
        ...cells(row),
      ]),
    ),
  );
}

/** Words of a drawing: what stands between its shapes and in the label of the whole. */
const drawnWords = (svg: string): string =>
  [...svg.matchAll(/aria-label="([^"]*)"|>([^<]+)</gu)]
    .map(([, label = '', text = '']) => label + text)
    .join('\n')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');

/** Names of parts and settings of a document, which no reader sees. */
const UNPRINTED: ReadonlySet<string> = new Set(['kind', 'align', 'weight', 'language', 'folio', 'id']);

/** Everything that a document prints, its head and its closing as well. */
const printedWords = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => (UNPRINTED.has(key) ? [] : printedWords(part)));
};

/** Days and minutes that the sheet itself wrote: their digits are nobody's number. */
const OWN_TIMES = /\b\d{4}-\d{2}(?:-\d{2}(?: \d{2}:\d{2})?)?\b/gu;

/**
 * Refuses a sheet in whose words something stands that may not be told. What the fixed words of every sheet hold too (a
 * make that is also the name of a provider) says nothing of anybody.
 *
 * @throws AppError `export.leakFound`
 */
function requireNameless(sheet: Sheet, words: string, input: Input): void {
  const certain = (text: string): readonly string[] =>
    sheet.matcher
      .find(text.replaceAll(OWN_TIMES, ' | '))
      .filter(({ outcome }) => outcome === 'final' || outcome === 'blocks')
      .map(({ form }) => form.key);
  const fixed = new Set(
    certain(
      [
        ...printedWords(timelineWords(input.language)),
        ...sheet.notes,
        ...new Set(sheet.rows.flatMap(({ kind, what, state }) => [kind, what, state])),
      ].join('\n'),
    ),
  );
  if (certain(words).some((key) => !fixed.has(key))) throw new AppError('export.leakFound');
}

/** The finished file and the words in it, which are searched once more before it leaves. */
async function madeOf(
  call: OpenCall,
  sheet: Sheet,
  input: Input,
  day: string,
): Promise<{ readonly bytes: Buffer; readonly words: string }> {
  if (input.format === 'csv') {
    const bytes = tableOf(sheet, input);
    return { bytes, words: bytes.toString('utf8') };
  }
  if (input.format === 'svg') {
    const bytes = timelineSvg(unique(sheet.rows), {
      title: sheet.title,
      subtitle: [sheet.device, sheet.range].filter((part) => part !== '').join(' · '),
      notes: sheet.notes,
      language: input.language,
      ...(sheet.patterns === null || input.of.view !== 'patterns'
        ? {}
        : {
            shaded: {
              days: sheet.patterns.map(({ anchor }) => anchor.when.slice(0, 10)),
              within: input.of.days,
            },
          }),
    });
    return { bytes, words: drawnWords(bytes.toString('utf8')) };
  }
  const { random, loadFonts } = call.core.ports;
  const document = timelineDocument(sheet, {
    language: input.language,
    titles: input.titles,
    folio: newFolio(random),
    day,
  });
  return {
    bytes: Buffer.from((await renderPdf(document, { random, loadFonts })).bytes),
    words: printedWords(document).join('\n'),
  };
}

/** What stands near several anchors is drawn once. */
const unique = (rows: readonly SheetRow[]): SheetRow[] => [
  ...new Map(
    rows.map((row) => [JSON.stringify([row.entry.whenKey, row.kind, row.what, row.state, row.title]), row]),
  ).values(),
];

/**
 * Writes a timeline in clear to a chosen place. What it names nobody by is decided before it is written, and the
 * finished words are searched once more.
 *
 * @throws AppError `record.notFound`, `finding.altered`, `export.leakFound`, `export.cloudFolder`, `export.glyphMissing`,
 *   `evidence.targetUnknown`, `disk.*`
 */
export async function exportTimeline(
  call: OpenCall & { readonly task: TaskHandle },
  input: Input,
): Promise<CallOutput<'timeline.export'>> {
  const { clock } = call.core.ports;
  const zone = clock.zone();
  const day = localDay(clock.now(), zone);
  const sheet = read(call, (db) => sheetOf(db, input, zone));
  call.session.reads.note(call.method, input.of.view === 'device' ? 'device' : 'case_file', sheet.subjectId);
  const { bytes, words } = await madeOf(call, sheet, input, day);
  requireNameless(sheet, words, input);
  const name = timelineWords(input.language).fileName[input.of.view];
  const written = await writeHandout(
    call,
    input.target,
    {
      kind: 'timeline',
      subjectId: sheet.subjectId,
      caseId: sheet.caseId,
      recipient: input.recipient,
      settings: {
        view: input.of.view,
        format: input.format,
        titles: input.titles,
        kinds: input.kinds ?? null,
        fromDay: input.fromDay ?? null,
        toDay: input.toDay ?? null,
        entries: sheet.rows.length,
        withheld: sheet.withheld,
      },
      fileName: `${name}-${day}.${input.format}`,
    },
    bytes,
  );
  return { entries: sheet.rows.length, withheld: sheet.withheld, ...written };
}
