import { normalTail } from './link-path.ts';
import { hostsOfSentence } from './sentence-hosts.ts';
import { behindSlashes, readServer, takeApart, type LinkText, type Server } from './strict-url.ts';
import { withoutEnd } from './trim-ends.ts';

/** A link that stands in an observed text: the text itself, or a link inside its user, path, query or fragment. */
export interface SeenLink {
  readonly host: string;
  readonly nested: boolean;
  /** The forms in which the whole link is compared, see `StrictUrl.normal`. Costs time: asked for few hosts. */
  readonly normals: (maxChars: number) => readonly string[];
}

/** Where a link can begin inside another: a scheme, made harmless or not, or two slashes as the value of a name. */
const START = /h(?:tt|xx|\*\*|__)ps?:|\b(?:wss?|ftp):(?=[/\\])|=(?=[/\\]{2})/giu;
/** What ends a link inside another, as in a text. */
const ENDS = /[\s"'<>]/u;
/** What ends it in a list, a call or a table, and stands in few links itself. */
const TAIL_ENDS = /[&;,)\]|}`]/u;
/** The same where the link is no value of a query. */
const OWN_TAIL_ENDS = /[;,)\]|}`]/u;
/** Marks beyond ASCII: an ellipsis, a dash, an emoji. Links hold few of them in clear. */
const TAIL_MARKS = /(?!\p{ASCII})[\p{P}\p{S}]/u;
const SERVER_ENDS = /[/?#\\\s"'<>]/gu;
const QUOTED_ENDS = /[/?#\\\s]/gu;
/**
 * What follows a host in a list, a call, a table, a sentence or the query of another link: every sign but letters, digits,
 * what belongs to a host, a port or a user, and signs that nobody sees. Browsers take many of these for parts of a host,
 * so a host is read both up to the first of them and beyond it.
 */
const HOST_SIGNS = String.raw`\p{L}\p{M}\p{N}\p{Cf}._:%@[\u3002\uFF0E\uFF61\-`;
const HOST_ENDS = new RegExp(`[^${HOST_SIGNS}]|(?<=[\\p{L}\\p{M}\\p{N}.])\\[`, 'u');
/** Those of a list, a call, a table or a query alone: before one of them may stand a label with an emoji. */
const LIST_ENDS = /[&;,()\]{}|!$*+=~^`«»‘’“”]/u;
/** What may stand before a host as it may behind one. */
const LEADING = new RegExp(`^[^${HOST_SIGNS}]+`, 'u');
/** Two colons among hexadecimal digits. */
const BARE_V6 = /^[\da-f.]*:[\da-f.]*:[\da-f.:]*$/iu;
/** Borders between the values of a query. */
const VALUE_ENDS = /[&;]/u;
/** Turns of percent-decoding that are looked at one by one; what is encoded more often is looked at in clear. */
const MAX_DECODINGS = 3;
/** Room for escapes and doubled signs, when a whole link inside another is compared with the longest indicator. */
const ROOM_TIMES = 4;
const ROOM_CHARS = 512;
/** Signs of whole links inside a text that are brought into one form: so many, and so many for each sign of the text. */
const FORM_CHARS = 1 << 20;
const FORM_TIMES = 8;

/** What is left of them for one text: whoever names the host of a long indicator many times must not stop the look. */
interface Left {
  chars: number;
}

/**
 * Every link that an observed text is or carries. Linear in the length of the text: whoever writes it chooses how many
 * links stand in it and how often they are encoded, so neither number is bounded.
 */
export function* seenLinks(observed: string): Generator<SeenLink> {
  const link = takeApart(observed);
  yield* ownLinks(link);
  const text = link.from === -1 ? link.text : link.text.slice(link.named ? link.from : 0);
  const left: Left = { chars: FORM_CHARS + FORM_TIMES * text.length };
  for (const stage of stages(text)) yield* nestedIn(stage, left);
  if (VALUE_ENDS.test(text)) for (const stage of valueStages(text)) yield* nestedIn(stage, left);
}

/** The link that the text is. A space ends its host for some programs and not for others: all its parts count. */
function* ownLinks({ text, scheme, named, from, end }: LinkText): Generator<SeenLink> {
  if (from === -1) return;
  const location = text.slice(from, end);
  const whole = location.slice(location.lastIndexOf('@') + 1);
  const server = readServer(whole, scheme, named);
  const normals = ({ host, port }: Server) =>
    ownTails(text.slice(end)).map((tail) => `${host}${port}${tail}`);
  if (server !== null) {
    yield { host: server.host, nested: false, normals: () => normals(server) };
    if (named) yield* cutLinks([whole], scheme, false);
    else yield* sentenceLinks(whole, scheme, false, false);
  } else if (named) {
    const parts = whole.split(/\s+/u);
    for (const [at, part] of parts.entries()) {
      const found = readServer(part, scheme, true);
      if (found !== null) {
        const isLast = at === parts.length - 1;
        yield {
          host: found.host,
          nested: false,
          normals: () => (isLast ? normals(found) : [`${found.host}${found.port}/`]),
        };
      }
      yield* cutLinks([part], scheme, false);
    }
  }
}

/**
 * What comes behind the host of a link that is no part of another: all of it, and up to where a text or a list ends it. A
 * further name of its query makes it another link.
 */
function ownTails(tail: string): string[] {
  const cuts = new Set([ENDS, OWN_TAIL_ENDS, TAIL_MARKS].map((ends) => tail.search(ends)));
  cuts.delete(-1);
  return [normalTail(tail), ...[...cuts].map((cut) => normalTail(tail.slice(0, cut)))];
}

/** Hosts up to each place where one may end, if they do not end there anyway: links without anything behind. */
function* cutLinks(servers: Iterable<string>, scheme: string, nested: boolean): Generator<SeenLink> {
  for (const given of servers) {
    const plain = decodeWide(given);
    const server = plain.replace(LEADING, '');
    const cuts = [cutAt(server, HOST_ENDS), cutAt(server, LIST_ENDS)];
    // No label ends with a hyphen: one behind the last of them is a dash of the sentence.
    for (const shown of new Set(cuts.map((cut) => withoutEnd(cut, '-')))) {
      yield* sentenceLinks(shown, scheme, true, nested);
      const found = shown === given ? null : readServer(shown, scheme, true);
      if (found !== null) yield { host: found.host, nested, normals: () => [`${found.host}${found.port}/`] };
    }
  }
}

function* sentenceLinks(
  server: string,
  scheme: string,
  named: boolean,
  nested: boolean,
): Generator<SeenLink> {
  for (const name of hostsOfSentence(server, named)) {
    const found = readServer(name, scheme, true);
    if (found !== null) yield { host: found.host, nested, normals: () => [`${found.host}${found.port}/`] };
  }
}

/**
 * A server up to the first sign that may end its host. A colon with no number behind it ends one too; brackets around an
 * address do not, nor do the colons of one.
 */
function cutAt(server: string, ends: RegExp): string {
  const from = server.startsWith('[') ? server.indexOf(']') + 1 : 0;
  const sign = server.slice(from).search(ends);
  const end = sign === -1 ? server.length : from + sign;
  const colon = server.slice(from, end).search(/:(?!\d*$)/u);
  if (colon !== -1 && !BARE_V6.test(server.slice(from, end))) return server.slice(0, from + colon);
  return server.slice(0, end);
}

/** The text itself and what percent-decoding makes of it, up to where nothing is left to decode. */
function* stages(text: string): Generator<string> {
  yield text;
  let stage = text;
  for (let turn = 0; turn < MAX_DECODINGS && stage.includes('%'); turn += 1) {
    const next = decodeAscii(stage);
    if (next === stage) return;
    yield next;
    stage = next;
  }
  const last = decodeFully(stage);
  if (last !== stage) yield last;
}

/**
 * The same text with every value of its query ended, before and after each turn of decoding: a sign that was encoded
 * belongs to a value, and the same sign in clear stands between two of them.
 */
function* valueStages(text: string): Generator<string> {
  let stage = text;
  for (let turn = 0; turn <= MAX_DECODINGS; turn += 1) {
    if (turn > 0) yield stage;
    if (VALUE_ENDS.test(stage)) {
      stage = stage.replaceAll(/[&;]/gu, ' ');
      yield stage;
    }
    const next = stage.includes('%') ? decodeAscii(stage) : stage;
    if (next === stage) return;
    stage = next;
  }
}

const isLineSign = (unit: number): boolean => unit === 9 || unit === 10 || unit === 13;

/** ASCII alone: what lies beyond it begins no link, and one wrong byte of it must not keep its neighbours hidden. */
const decodeAscii = (text: string): string =>
  text.replaceAll(/%([0-7][\da-f])/giu, (_, hex: string) => {
    const unit = Number.parseInt(hex, 16);
    return isLineSign(unit) ? '' : String.fromCharCode(unit);
  });

/** Beyond ASCII alone, where the host before it is to be found; what is no text there becomes a sign that is none. */
const decodeWide = (server: string): string =>
  server.includes('%')
    ? server.replaceAll(/(?:%[89a-f][\da-f])+/giu, (run) =>
        Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
      )
    : server;

const PERCENT = 37;

const hexOf = (unit: number): number => {
  if (unit >= 48 && unit <= 57) return unit - 48;
  const lower = unit | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
};

/** The same as often as it changes anything, in one pass: whatever an escape leaves may end another one. */
function decodeFully(text: string): string {
  if (!text.includes('%')) return text;
  const units = new Uint16Array(text.length);
  let top = 0;
  for (let at = 0; at < text.length; at += 1) {
    units[top] = text.charCodeAt(at);
    top += 1;
    while (top >= 3 && units[top - 3] === PERCENT) {
      const high = hexOf(units[top - 2] ?? 0);
      const low = hexOf(units[top - 1] ?? 0);
      if (high < 0 || high > 7 || low < 0) break;
      const unit = high * 16 + low;
      top -= 3;
      if (isLineSign(unit)) break;
      units[top] = unit;
      top += 1;
    }
  }
  return Buffer.from(units.buffer, 0, top * 2).toString('utf16le');
}

const nextOf = (ends: RegExp, text: string, from: number): number => {
  ends.lastIndex = from;
  return ends.exec(text)?.index ?? text.length;
};

interface Beginning {
  readonly scheme: string;
  readonly from: number;
  readonly end: number;
}

/** Links inside a text. Of several beginnings with one end the last alone can have a host before it. */
function* nestedIn(text: string, left: Left): Generator<SeenLink> {
  let held: Beginning | null = null;
  let quotedEnd = -1;
  for (const start of text.matchAll(START)) {
    const from = behindSlashes(text, start.index + start[0].length);
    const end: number = held !== null && from <= held.end ? held.end : nextOf(SERVER_ENDS, text, from);
    if (held !== null && held.end !== end) yield* nestedAt(text, held, left);
    const scheme = /^h..p:/iu.test(start[0]) ? 'http' : 'https';
    held = { scheme, from, end };
    // Browsers go on over a quotation mark, up to the end of a user.
    if (end <= quotedEnd || !`"'<>`.includes(text[end] ?? ' ')) continue;
    quotedEnd = nextOf(QUOTED_ENDS, text, end);
    const user = text.slice(end, quotedEnd).lastIndexOf('@');
    const host = end + user + 1;
    if (user !== -1)
      yield* nestedAt(text, { scheme, from: host, end: nextOf(SERVER_ENDS, text, host) }, left);
  }
  if (held !== null) yield* nestedAt(text, held, left);
}

function* nestedAt(text: string, { scheme, from, end }: Beginning, left: Left): Generator<SeenLink> {
  const location = text.slice(from, end);
  const whole = location.slice(location.lastIndexOf('@') + 1);
  const server = readServer(whole, scheme, true);
  if (server !== null)
    yield {
      host: server.host,
      nested: true,
      normals: (maxChars) =>
        nestedNormals(text.slice(end, end + maxChars * ROOM_TIMES + ROOM_CHARS), server, maxChars, left),
    };
  const servers = new Set([whole]);
  for (const ends of [HOST_ENDS, LIST_ENDS]) {
    const first = location.search(ends);
    // A user may hold such a sign, and what stands behind the host a user's: cut before and behind the user.
    if (whole !== location && first !== -1) {
      const before = location.slice(0, first + 1);
      servers.add(before.slice(before.lastIndexOf('@') + 1));
    }
  }
  yield* cutLinks(servers, scheme, true);
}

/**
 * The whole link up to where a text ends it, and up to the next name of the query or the end of the list around it.
 * Once too much was brought into one form, links are compared as they stand.
 */
function nestedNormals(near: string, { host, port }: Server, maxChars: number, left: Left): string[] {
  const isSpent = left.chars <= 0;
  const seen = isSpent ? near.slice(0, maxChars + 1) : near;
  const stop = seen.search(ENDS);
  const tail = stop === -1 ? seen : seen.slice(0, stop);
  left.chars -= tail.length;
  const cuts = new Set([tail.length, tail.indexOf('&'), tail.search(TAIL_ENDS), tail.search(TAIL_MARKS)]);
  cuts.delete(-1);
  return [...cuts].map((cut) => {
    const one = tail.slice(0, cut);
    return `${host}${port}${isSpent ? withSlash(one) : normalTail(one)}`;
  });
}

const withSlash = (tail: string): string => (tail.startsWith('/') ? tail : `/${tail}`);
