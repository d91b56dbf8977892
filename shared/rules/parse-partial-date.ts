import type { PartialDate } from '../model/partial-date.ts';
import { addDays, addMonths, isRealDay, lastDayOfMonth, mondayOf, weekdayOf } from './calendar-days.ts';
import { extractTime, type SpokenTime } from './parse-spoken-time.ts';
import { fold, MONTHS, NUMBER_WORDS, WEEKDAYS } from './spoken-words.ts';

/** A calendar piece as said: any of the three may be missing. */
interface Piece {
  y?: number;
  m?: number;
  d?: number;
}
type Bare =
  | { kind: 'day'; day: string; approximate?: true }
  | { kind: 'month'; month: string }
  | { kind: 'year'; year: number }
  | { kind: 'range'; from: string; to: string };

const pad = (n: number): string => String(n).padStart(2, '0');
const dayText = (y: number, m: number, d: number): string =>
  `${String(y).padStart(4, '0')}-${pad(m)}-${pad(d)}`;
const monthText = (y: number, m: number): string => `${String(y).padStart(4, '0')}-${pad(m)}`;

const MONTH = `(?:${Object.keys(MONTHS).join('|')})`;
const WEEKDAY = `(?:${Object.keys(WEEKDAYS).join('|')})`;
const NUMBER = `(?:\\d{1,3}|${Object.keys(NUMBER_WORDS).join('|')})`;
const FILLER =
  /\b(?:el|la|las|los|en|por|de|del|al|a|an|on|the|in|of|at|dia|fecha|fue|mes|ano|month|year|and|y)\b/g;
const APPROXIMATE =
  /\b(?:como|aprox|aproximadamente|alrededor|cerca|mas o menos|a eso|hacia|sobre|quiza|tal vez|creo|about|around|circa|roughly|approximately|maybe|near)\b/g;
const DAY_PART =
  /\b(?:temprano|tarde|noche|madrugada|manana|mediodia|medianoche|early|morning|afternoon|evening|night|noon|midnight)\b/g;

const squeeze = (text: string): string => text.replace(/[,;]/g, ' ').replace(/\s+/g, ' ').trim();
const two = (year: number): number => (year < 100 ? (year > 60 ? 1900 + year : 2000 + year) : year);
const count = (word: string | undefined): number =>
  word === undefined ? 1 : (NUMBER_WORDS[word] ?? Number(word));

/** `12/03/2024`, `12 mar 2024`, `marzo 12`, `marzo 2024`, `2024`, `12`. Day before month, as in Mexico. */
function readPiece(text: string): Piece | null {
  const t = squeeze(text.replace(new RegExp(`\\b${WEEKDAY}\\b(?=.*\\d)`), ' ').replace(FILLER, ' ')).replace(
    /(\d)(?:o|er|ero|st|nd|rd|th)\b/g,
    '$1',
  );
  let m = /^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?$/.exec(t);
  if (m)
    return m[3]
      ? { y: Number(m[1]), m: Number(m[2]), d: Number(m[3]) }
      : { y: Number(m[1]), m: Number(m[2]) };
  m = /^(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{2}|\d{4}))?$/.exec(t);
  if (m) {
    const [first, second] = [Number(m[1]), Number(m[2])];
    const piece: Piece = second > 12 && first <= 12 ? { m: first, d: second } : { m: second, d: first };
    return m[3] ? { ...piece, y: two(Number(m[3])) } : piece;
  }
  m = /^(\d{1,2})[/.-](\d{4})$/.exec(t);
  if (m) return { m: Number(m[1]), y: Number(m[2]) };
  m = new RegExp(`^(\\d{1,2})[ /.-]?(${MONTH})\\.?(?:[ /.-]?(\\d{4}|\\d{2}))?$`).exec(t);
  if (m) {
    const piece: Piece = { d: Number(m[1]), m: MONTHS[m[2] ?? ''] ?? 0 };
    return m[3] ? { ...piece, y: two(Number(m[3])) } : piece;
  }
  m = new RegExp(`^(${MONTH})\\.? (\\d{1,2})(?: (\\d{4}))?$`).exec(t);
  if (m) {
    const piece: Piece = { m: MONTHS[m[1] ?? ''] ?? 0, d: Number(m[2]) };
    return m[3] ? { ...piece, y: Number(m[3]) } : piece;
  }
  m = new RegExp(`^(${MONTH})\\.?(?:[ /.-]?(\\d{4}))?$`).exec(t);
  if (m) {
    const piece: Piece = { m: MONTHS[m[1] ?? ''] ?? 0 };
    return m[2] ? { ...piece, y: Number(m[2]) } : piece;
  }
  m = /^(\d{4})$/.exec(t);
  if (m) return { y: Number(m[1]) };
  m = /^(\d{1,2})$/.exec(t);
  return m ? { d: Number(m[1]) } : null;
}

/** Day and month, or a day alone, as the next that is still to come; today counts. */
function settleAhead(month: number | undefined, d: number, today: string): Bare | null {
  const [ty = 0] = today.split('-').map(Number);
  // Twelve months hold every day of a month; nine years hold a 29 February.
  for (let on = 0; on < (month === undefined ? 12 : 9); on += 1) {
    const start = month === undefined ? addMonths(today.slice(0, 7), on) : monthText(ty + on, month);
    const day = `${start}-${pad(d)}`;
    if (isRealDay(day) && day >= today) return { kind: 'day', day };
  }
  return null;
}

/**
 * Fills what was left unsaid with the most recent past that fits: testimony is about what happened. With `ahead`
 * a day is filled with the next one instead; a year that was said stays in both.
 */
function settle(piece: Piece, today: string, ahead = false): Bare | null {
  const [ty = 0, tm = 0] = today.split('-').map(Number);
  if (piece.m !== undefined && (piece.m < 1 || piece.m > 12)) return null;
  if (piece.y !== undefined && (piece.y < 1900 || piece.y > 2200)) return null;
  if (piece.d !== undefined) {
    if (ahead && piece.y === undefined) return settleAhead(piece.m, piece.d, today);
    if (piece.m === undefined) {
      if (piece.y !== undefined) return null;
      for (let back = 0; back < 12; back += 1) {
        const [y = 0, m = 0] = addMonths(monthText(ty, tm), -back).split('-').map(Number);
        const day = dayText(y, m, piece.d);
        if (isRealDay(day) && day <= today) return { kind: 'day', day };
      }
      return null;
    }
    if (piece.y !== undefined) {
      const day = dayText(piece.y, piece.m, piece.d);
      return isRealDay(day) ? { kind: 'day', day } : null;
    }
    for (let y = ty; y > ty - 9; y -= 1) {
      const day = dayText(y, piece.m, piece.d);
      if (isRealDay(day) && day <= today) return { kind: 'day', day };
    }
    return null;
  }
  if (piece.m !== undefined) {
    const y = piece.y ?? (piece.m <= tm ? ty : ty - 1);
    return { kind: 'month', month: monthText(y, piece.m) };
  }
  return piece.y === undefined ? null : { kind: 'year', year: piece.y };
}

const first = (bare: Bare): string =>
  bare.kind === 'day'
    ? bare.day
    : bare.kind === 'month'
      ? `${bare.month}-01`
      : bare.kind === 'year'
        ? `${bare.year}-01-01`
        : bare.from;
const last = (bare: Bare): string =>
  bare.kind === 'day'
    ? bare.day
    : bare.kind === 'month'
      ? lastDayOfMonth(bare.month)
      : bare.kind === 'year'
        ? `${bare.year}-12-31`
        : bare.to;

/** `entre el 4 y el 22 de agosto de 2025`: the left side borrows month and year from the right. */
function readRange(text: string, today: string): Bare | null {
  const shapes = [
    /^(?:entre|between) (.+?) (?:y|e|and) (.+)$/,
    /^(?:desde|del|de|from) (.+?) (?:al|a|hasta|to|until) (.+)$/,
    /^(.+?) (?:al|hasta|to|until|through) (.+)$/,
    /^(.+?) ?[–—] ?(.+)$/,
    /^(.*\b\d{1,2}) ?- ?(\d{1,2}\b(?! ?[-/.]).*[a-z].*)$/,
    /^(.*[a-z] \d{1,2}) ?- ?(\d{1,2}(?: \d{4})?)$/,
  ];
  for (const shape of shapes) {
    const m = shape.exec(text);
    if (!m) continue;
    const left = readPiece(m[1] ?? '');
    if (!left) continue;
    // `August 4-22, 2025`: the month was said on the left only.
    const dayAndYear = left.m === undefined ? null : /^(\d{1,2})(?: (\d{4}))?$/.exec(squeeze(m[2] ?? ''));
    const right: Piece | null = dayAndYear
      ? {
          d: Number(dayAndYear[1]),
          ...(left.m === undefined ? {} : { m: left.m }),
          ...(dayAndYear[2] ? { y: Number(dayAndYear[2]) } : left.y === undefined ? {} : { y: left.y }),
        }
      : readPiece(m[2] ?? '');
    if (!right) continue;
    const to = settle(right, today);
    if (!to) continue;
    const [ey = 0, em = 0] = last(to).split('-').map(Number);
    const start: Piece = { ...left };
    if (start.m === undefined && start.d !== undefined) start.m = em;
    if (start.y === undefined && (start.m !== undefined || start.d !== undefined)) {
      start.y = (start.m ?? em) > em ? ey - 1 : ey;
    }
    const from = settle(start, today);
    if (from && first(from) <= last(to)) return { kind: 'range', from: first(from), to: last(to) };
  }
  return null;
}

/** `a mediados de marzo`: thirds of a month. */
function readThird(text: string, today: string): Bare | null {
  const m =
    /^(?:a )?(principios|inicios|comienzos|mediados|finales|fines|early|mid|late|beginning|middle|end)[ -](?:de |del |of )?(.+)$/.exec(
      text,
    );
  if (!m) return null;
  const piece = readPiece(m[2] ?? '');
  const bare = piece && settle(piece, today);
  if (!bare || bare.kind !== 'month') return null;
  const word = m[1] ?? '';
  if (/^(principios|inicios|comienzos|early|beginning)$/.test(word)) {
    return { kind: 'range', from: `${bare.month}-01`, to: `${bare.month}-10` };
  }
  if (/^(mediados|mid|middle)$/.test(word)) {
    return { kind: 'range', from: `${bare.month}-11`, to: `${bare.month}-20` };
  }
  return { kind: 'range', from: `${bare.month}-21`, to: lastDayOfMonth(bare.month) };
}

function ago(amount: number, unit: string, today: string): Bare | null {
  if (!Number.isFinite(amount) || amount > 400) return null;
  if (/^(minuto|minute)/.test(unit)) return { kind: 'day', day: today };
  if (/^(dia|day)/.test(unit)) return { kind: 'day', day: addDays(today, -amount) };
  if (/^(semana|week)/.test(unit))
    return { kind: 'day', day: addDays(today, -7 * amount), approximate: true };
  if (/^(mes|month)/.test(unit)) return { kind: 'month', month: addMonths(today.slice(0, 7), -amount) };
  const year = Number(today.slice(0, 4)) - amount;
  return year >= 1900 ? { kind: 'year', year } : null;
}

/** Days, weeks, months counted from today: `ayer`, `hace dos semanas`, `last Monday`. */
function readRelative(text: string, today: string, ahead: boolean): Bare | null {
  const t = squeeze(text.replace(/\b(?:el|la|en|por|de|the|on|in)\b/g, ' '));
  const plain = squeeze(t.replace(DAY_PART, ' '));
  if (/^(?:hoy|ahora|ahorita|hace rato|recien|today|now|just now|esta|this|tonight)$/.test(plain)) {
    return { kind: 'day', day: today };
  }
  if (/^(?:antier|anteayer|antes ayer|day before yesterday|antenoche|anteanoche)$/.test(plain)) {
    return { kind: 'day', day: addDays(today, -2) };
  }
  if (/^(?:ayer|yesterday|anoche)$/.test(plain) || /^last night$/.test(t)) {
    return { kind: 'day', day: addDays(today, -1) };
  }
  const unit = 'minutos?|dias?|semanas?|mes|meses|anos?|minutes?|days?|weeks?|months?|years?';
  let m =
    new RegExp(`^hace (${NUMBER}) (${unit})$`).exec(t) ??
    new RegExp(`^(?:a |an )?(${NUMBER}) (${unit}) (?:atras|ago)$`).exec(t);
  if (m) return ago(count(m[1]), m[2] ?? '', today);
  m = /^(?:an? )?(day|week|month|year) ago$/.exec(t);
  if (m) return ago(1, m[1] ?? '', today);
  if (/^(?:semana pasada|last week)$/.test(t)) {
    const monday = addDays(mondayOf(today), -7);
    return { kind: 'range', from: monday, to: addDays(monday, 6) };
  }
  if (/^(?:esta semana|this week)$/.test(t)) return { kind: 'range', from: mondayOf(today), to: today };
  if (/^(?:mes pasado|last month)$/.test(t))
    return { kind: 'month', month: addMonths(today.slice(0, 7), -1) };
  if (/^(?:este mes|this month)$/.test(t)) return { kind: 'month', month: today.slice(0, 7) };
  if (/^(?:ano pasado|last year)$/.test(t)) return { kind: 'year', year: Number(today.slice(0, 4)) - 1 };
  if (/^(?:este ano|this year)$/.test(t)) return { kind: 'year', year: Number(today.slice(0, 4)) };
  m = new RegExp(`^(?:(?:este|pasado|last|this|past) )?(${WEEKDAY})(?: pasado)?$`).exec(plain);
  if (m) {
    if (ahead && !/\b(?:pasado|last|past)\b/.test(plain)) {
      const on = ((WEEKDAYS[m[1] ?? ''] ?? 0) - weekdayOf(today) + 7) % 7;
      return { kind: 'day', day: addDays(today, on === 0 ? 7 : on) };
    }
    // The nearest such day before today; `el lunes` said on a Monday means a week ago.
    const back = (weekdayOf(today) - (WEEKDAYS[m[1] ?? ''] ?? 0) + 7) % 7;
    return { kind: 'day', day: addDays(today, -(back === 0 ? 7 : back)) };
  }
  return null;
}

function readDate(text: string, today: string, ahead: boolean): Bare | null {
  const found = readRelative(text, today, ahead) ?? readRange(text, today) ?? readThird(text, today);
  if (found) return found;
  const piece = readPiece(squeeze(text.replace(DAY_PART, ' ')));
  return piece && settle(piece, today, ahead);
}

const withTime = (bare: Bare, time: SpokenTime | null, lastNight: boolean): Bare & Partial<SpokenTime> => {
  if (bare.kind !== 'day' || time === null) return bare;
  // `anoche a las 2 am` is already today.
  const early = lastNight && time.time < '06:00';
  return { ...bare, day: early ? addDays(bare.day, 1) : bare.day, ...time };
};

/**
 * Reads a date the way people say it, in Spanish or English, against `now` (local wall clock,
 * `YYYY-MM-DDTHH:MM`). Numbers are day/month/year. What lacks a year is taken as the most recent past.
 * Gives null when any word is left over that it does not understand: a wrong date is worse than none.
 * `words` keeps what was typed. With `ahead` a day without its year, a day of the month and a weekday mean the
 * next one: an end that is agreed on lies ahead. What was counted from today, or said with its year, never moves.
 */
export function parsePartialDate(typed: string, now: string, ahead = false): PartialDate | null {
  const words = typed.trim().slice(0, 300);
  const text = fold(words);
  if (text === '') return null;
  if (
    /^(?:\?+|no (?:se )?sabe|no se|no sabemos|desconocid[ao]|sin fecha|unknown|not known|no date|no idea)$/.test(
      text,
    )
  ) {
    return { kind: 'unknown', words };
  }
  const today = now.slice(0, 10);
  const spoken = extractTime(text);
  const rest = squeeze(spoken.rest);
  const dated = squeeze(rest.replace(APPROXIMATE, ' '));
  const approximate = dated !== rest;
  const lastNight = /\b(?:anoche|last night)\b/.test(text);

  if (squeeze(dated.replace(FILLER, ' ').replace(DAY_PART, ' ')) === '' && spoken.time) {
    // Only an hour: the last time the clock showed it.
    const day = spoken.time.time <= now.slice(11, 16) ? today : addDays(today, -1);
    return { kind: 'day', day, ...spoken.time, words };
  }
  const bare = readDate(dated, today, ahead);
  if (!bare || (spoken.time && bare.kind !== 'day')) return null;
  const full = withTime(bare, spoken.time, lastNight);
  return full.kind === 'day' && approximate ? { ...full, approximate: true, words } : { ...full, words };
}
