import {
  clustersOf,
  placeIn,
  spanOf,
  ticksOf,
  type Mark,
  type Span,
  type Tick,
} from '#shared/rules/timeline-lanes.ts';
import type { Language } from '#shared/model/common.ts';
import { fillWords } from '../../surveillance/index.ts';
import { LANE_OF, LANES, timelineWords, type LaneName, type SheetRow } from './timeline-rows.ts';

const WIDTH = 1_200;
const LEFT = 150;
const RIGHT = 40;
const TOP = 92;
const LANE = 52;
const INK = '#1d2624';
const MUTED = '#5d6a67';
const LINE = '#c9c3b8';

/** Each line has a form of its own besides its colour: the drawing is read in black and white too. */
const LOOKS: Readonly<Record<LaneName, { readonly fill: string; readonly shape: string }>> = {
  attacks: { fill: '#a23a2c', shape: '0,-10 10,0 0,10 -10,0' },
  surveillance: { fill: '#33528c', shape: '-8,-8 8,-8 8,8 -8,8' },
  custody: { fill: '#5d6a67', shape: '-9,-5 0,-10 9,-5 9,5 0,10 -9,5' },
  dates: { fill: '#9a6200', shape: '0,-10 10,8 -10,8' },
  evidence: { fill: '#6b3f73', shape: '0,10 10,-8 -10,-8' },
  exports: { fill: '#0b5d5e', shape: '-10,-5 10,-5 10,5 -10,5' },
};

const FORBIDDEN = /[\p{Cc}\p{Cs}\u{fffe}\u{ffff}]/gu;

/** Text of an XML document: signs that would end it, and those that XML does not know, are taken out of the way. */
export const xmlText = (text: string): string =>
  text
    .replace(FORBIDDEN, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');

/** The first of its day on one clock for the whole drawing, or null where not even the day is known. */
const timeOf = (row: SheetRow): number | null => {
  const key = row.entry.whenKey;
  if (key.length < 10) return null;
  const at = new Date(key.length === 10 ? `${key}T12:00` : key).getTime();
  return Number.isNaN(at) ? null : at;
};

function tickWords(tick: Tick, language: Language): string {
  const at = new Date(tick.atMs);
  if (tick.unit === 'year') return String(at.getFullYear());
  const locale = language === 'es' ? 'es-MX' : 'en-GB';
  return new Intl.DateTimeFormat(
    locale,
    tick.unit === 'month' ? { month: 'short', year: 'numeric' } : { day: 'numeric', month: 'short' },
  ).format(at);
}

const text = (x: number, y: number, words: string, look: string): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${look}>${xmlText(words)}</text>`;

/** Breaks words into lines of about this many characters. */
function wrapped(words: string, chars: number): string[] {
  const lines: string[] = [''];
  for (const word of words.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + word.length >= chars) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}

/**
 * A timeline as a drawing that stands alone: no script, no link, nothing loaded from elsewhere. Only what is known to
 * the day is drawn; the rest is counted below.
 *
 * @param rows in any order.
 * @param shaded days, `YYYY-MM-DD`, around which a stretch of `within` days each way is shaded.
 * @param notes sentences that stand below.
 */
export function timelineSvg(
  rows: readonly SheetRow[],
  sheet: {
    readonly title: string;
    readonly subtitle: string;
    readonly notes: readonly string[];
    readonly language: Language;
    readonly shaded?: { readonly days: readonly string[]; readonly within: number };
  },
): Buffer {
  const words = timelineWords(sheet.language);
  const placed = rows.flatMap((row) => {
    const atMs = timeOf(row);
    return atMs === null ? [] : [{ row, atMs }];
  });
  const span = spanOf(placed.map(({ atMs }) => atMs));
  const lanes = LANES.filter((lane) => placed.some(({ row }) => LANE_OF[row.entry.kind] === lane));
  const bottom = TOP + Math.max(1, lanes.length) * LANE;
  const notes = sheet.notes.flatMap((note) => wrapped(note, 150));
  const height = bottom + 56 + notes.length * 19;
  const place = (at: number): number => LEFT + at * (WIDTH - LEFT - RIGHT);
  const out: string[] = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(WIDTH)}" height="${String(height)}" viewBox="0 0 ${String(WIDTH)} ${String(height)}" role="img" aria-label="${xmlText(sheet.title)}" lang="${sheet.language}" font-family="'Source Sans 3', 'Segoe UI', Helvetica, Arial, sans-serif">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    text(24, 40, sheet.title, `font-size="24" font-weight="600" fill="${INK}"`),
    text(24, 66, sheet.subtitle, `font-size="15" fill="${MUTED}"`),
  ];
  if (span === null) out.push(text(24, TOP + 28, words.empty, `font-size="15" fill="${INK}"`));
  else {
    out.push(...shades(span, sheet.shaded, place, bottom));
    lanes.forEach((lane, at) => {
      const y = TOP + at * LANE + LANE / 2;
      out.push(
        text(24, y + 5, words.lane[lane], `font-size="15" fill="${INK}"`),
        `<line x1="${String(LEFT)}" y1="${String(y)}" x2="${String(WIDTH - RIGHT)}" y2="${String(y)}" stroke="${LINE}" stroke-width="2"/>`,
        ...marksOf(
          placed.filter(({ row }) => LANE_OF[row.entry.kind] === lane),
          span,
          { lane, y, place, language: sheet.language },
        ),
      );
    });
    for (const tick of ticksOf(span)) {
      const x = place(tick.at);
      out.push(
        `<line x1="${x.toFixed(1)}" y1="${String(bottom)}" x2="${x.toFixed(1)}" y2="${String(bottom + 6)}" stroke="${MUTED}"/>`,
        text(
          x,
          bottom + 23,
          tickWords(tick, sheet.language),
          `font-size="14" fill="${MUTED}" text-anchor="middle"`,
        ),
      );
    }
  }
  notes.forEach((line, at) =>
    out.push(text(24, bottom + 52 + at * 19, line, `font-size="14" fill="${MUTED}"`)),
  );
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${out.join('\n')}\n</svg>\n`, 'utf8');
}

const DAY = 86_400_000;

function shades(
  span: Span,
  shaded: { readonly days: readonly string[]; readonly within: number } | undefined,
  place: (at: number) => number,
  bottom: number,
): string[] {
  return (shaded?.days ?? []).map((day) => {
    const at = new Date(`${day}T12:00`).getTime();
    const from = place(placeIn(span, at - ((shaded?.within ?? 0) + 0.5) * DAY));
    const to = place(placeIn(span, at + ((shaded?.within ?? 0) + 0.5) * DAY));
    return `<rect x="${from.toFixed(1)}" y="${String(TOP)}" width="${Math.max(2, to - from).toFixed(1)}" height="${String(bottom - TOP)}" fill="#e6ecf7"/>`;
  });
}

function marksOf(
  placed: readonly { readonly row: SheetRow; readonly atMs: number }[],
  span: Span,
  how: {
    readonly lane: LaneName;
    readonly y: number;
    readonly place: (at: number) => number;
    readonly language: Language;
  },
): string[] {
  const words = timelineWords(how.language);
  const rows = new Map(placed.map(({ row }, at) => [String(at), row]));
  const marks = placed.map(({ row, atMs }, at): Mark => ({ key: String(at), atMs, title: row.title }));
  return clustersOf(span, marks, 0.02).map((cluster) => {
    const [first] = cluster.marks;
    const row = first === undefined ? undefined : rows.get(first.key);
    if (row === undefined) return '';
    const told =
      cluster.marks.length === 1
        ? fillWords(words.entry, {
            when: row.whenWords,
            what: [row.kind, row.what, row.title].filter((part) => part !== '').join(' · '),
          })
        : fillWords(words.cluster, { when: row.whenWords, count: cluster.marks.length });
    const look = LOOKS[how.lane];
    const many = cluster.marks.length > 1;
    return `<g transform="translate(${how.place(cluster.at).toFixed(1)} ${String(how.y)})"><title>${xmlText(told)}</title><polygon points="${look.shape}"${many ? ' transform="scale(1.35)"' : ''} fill="${look.fill}" stroke="#ffffff" stroke-width="1.5"/>${many ? `<text y="5" font-size="13" font-weight="600" fill="#ffffff" text-anchor="middle">${String(cluster.marks.length)}</text>` : ''}</g>`;
  });
}
