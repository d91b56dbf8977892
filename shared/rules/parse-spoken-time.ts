/** Wall-clock time as said; `untilTime` when two were given. */
export interface SpokenTime {
  time: string;
  untilTime?: string;
  approximate?: true;
}

const NEAR =
  '(?:(?:como|aprox(?:imadamente)?|alrededor de|cerca de|a eso de|hacia|tipo|mas o menos|about|around|near) )?';
const AT = '(?:(?:a |desde )?las? |at |from )?';
const CLOCK = '(\\d{1,2})(?:[:h](\\d{2}))?(?: ?(am|pm|hrs?|horas|h)\\b)?';
const PART =
  '(?: (?:de|en|por) la (manana|tarde|noche|madrugada)| in the (morning|afternoon|evening)| (at night))?';
const EDGE = '(?![\\d/:.-])';

const RANGE = new RegExp(
  `(?<![\\d/.-])(?:entre |de |between |from )?${NEAR}${AT}${CLOCK}(?: ?[-–] ?| y | a | and | to )${AT}${CLOCK}${PART}${EDGE}`,
);
const SINGLE = new RegExp(`(?<![\\d/.-])(${NEAR})(${AT})(${NEAR})${CLOCK}${PART}${EDGE}`, 'g');
const NAMED: readonly [RegExp, string][] = [
  [/\b(?:(?:a |al )?mediodia|(?:at )?noon)\b/, '12:00'],
  [/\b(?:(?:a )?(?:la )?medianoche|(?:at )?midnight)\b/, '00:00'],
];

const pad = (n: number): string => String(n).padStart(2, '0');

/** Turns hour, minute, `pm` and `de la tarde` into `HH:MM`; null when no clock shows it. */
function clock(
  hour: string,
  minute: string | undefined,
  suffix: string | undefined,
  part: string | undefined,
): string | null {
  let h = Number(hour);
  const min = Number(minute ?? '0');
  if (h > 23 || min > 59) return null;
  if (suffix === 'pm' || suffix === 'am') {
    if (h < 1 || h > 12) return suffix === 'pm' && h > 12 ? `${pad(h)}:${pad(min)}` : null;
    h = (h % 12) + (suffix === 'pm' ? 12 : 0);
  } else if (part !== undefined && h <= 12) {
    if (/^(tarde|afternoon|evening)$/.test(part)) h = (h % 12) + 12;
    else if (/^(noche|at night)$/.test(part)) h = h === 12 ? 0 : h >= 6 ? h + 12 : h;
    else h %= 12;
  }
  return `${pad(h)}:${pad(min)}`;
}

/** Takes a time of day out of a folded text; `rest` is what remains. A bare number is never a time. */
export function extractTime(text: string): { time: SpokenTime | null; rest: string } {
  const range = RANGE.exec(text);
  if (range) {
    const [whole, h1 = '', m1, s1, h2 = '', m2, s2, p1, p2, p3] = range;
    const part = p1 ?? p2 ?? p3;
    if (
      (m2 !== undefined || s2 !== undefined || part !== undefined) &&
      (m1 !== undefined || s1 !== undefined || m2 === undefined)
    ) {
      const from = clock(h1, m1, s1 ?? s2, part);
      const to = clock(h2, m2, s2, part);
      if (from && to) return { time: { time: from, untilTime: to }, rest: text.replace(whole, ' ') };
    }
  }
  for (const single of text.matchAll(SINGLE)) {
    const [whole, near1 = '', said = '', near2 = '', hour = '', minute, suffix, p1, p2, p3] = single;
    const part = p1 ?? p2 ?? p3;
    if (minute === undefined && suffix === undefined && part === undefined && !/las? |at /.test(said))
      continue;
    const time = clock(hour, minute, suffix, part);
    if (!time) continue;
    const approximate = near1 !== '' || near2 !== '';
    return { time: approximate ? { time, approximate: true } : { time }, rest: text.replace(whole, ' ') };
  }
  for (const [shape, time] of NAMED)
    if (shape.test(text)) return { time: { time }, rest: text.replace(shape, ' ') };
  return { time: null, rest: text };
}
