import { isListedTop } from '../python-url.ts';
import { withoutEnd } from '../trim-ends.ts';
import { isDigit, isLetter } from '../quiet-links.ts';
import { asList, members, type IsQuiet, type Observed } from './rule.ts';

/** Spaces of Python's regular expressions, which are not those of JavaScript. */
const LINK =
  // eslint-disable-next-line no-control-regex -- the separators U+001C to U+001F are spaces in Python
  /https?:\/\/[^\t-\r\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/giu;

/** Links in a text as the reference finds them: a scheme, then everything up to the next space. */
export const linksIn = (text: unknown): string[] =>
  typeof text === 'string' && /http/iu.test(text) ? [...text.matchAll(LINK)].map(([link]) => link) : [];

/**
 * Marks that close a sentence or a quotation and are not part of a link that stands before them. Others, as an emoji, are
 * left to the mode `strict`, which reads links up to them too: the reference keeps them, and one link is told of once.
 */
const TRAILING = '\t\n\r "\'<>.,;:!?)]}»”’*_';

/** What stands between two labels of a name: a full stop of any script, or one made harmless. */
const BORDER = String.raw`(?:[.\u3002\uFF0E\uFF61]|\[(?:\.|dot)\]|\((?:\.|dot)\)|\{(?:\.|dot)\})`;
/** A link with a scheme, in clear or made harmless, behind as many slashes as browsers allow. */
const NAMED = String.raw`(?:h(?:tt|xx|\*\*|__)ps?|ftp|\bwss?)(?:(?::|\[:\])[/\\]+|\[:?\/\/\])[^\s"'<>/\\][^\s"'<>]*`;
/**
 * Labels of ASCII with borders between them, as many as there are. It begins where a label does: whatever stands before
 * it is looked at once, and not once for each of its signs.
 */
const LABELS = String.raw`\b(?=[a-z0-9_])(?<![a-z0-9_]-+)([a-z0-9_][a-z0-9_-]*(?:${BORDER}[a-z0-9_][a-z0-9_-]*)+)`;
const LOOSE = new RegExp(`${NAMED}|${LABELS}`, 'giu');
/** A top level of letters, or of another script in its ASCII form; underscores behind it decorate the name. */
const TOP = new RegExp(
  String.raw`${BORDER}(xn--[a-z0-9-]{0,58}[a-z0-9]|[a-z]{2,24})(?![a-z0-9]|_+[a-z0-9-])`,
  'giu',
);
const HARMLESS_BORDER = /[[({](?:\.|dot)[\])}]/giu;
const PATH = /(?:\/[^\s"'<>]*)?/uy;
/** The longest beginning of a link with a scheme that can be the end of a run of labels. */
const MAX_SCHEME = 5;
/** A scheme at the end of a run of labels, and what makes it one. */
const SCHEME_END = /(?:h(?:tt|xx|__)ps?|ftp|(?<![a-z0-9_])wss?)$/iu;
const GLUED = new RegExp(NAMED, 'iuy');
const HOST = new RegExp(LABELS, 'iuy');
const BEHIND_SCHEME = /(?::|\[:\])[/\\]+|\[:?\/\/\]/uy;
/** One of these is in every text with a link: a full stop, slashes behind a colon, or a sign that stands for one. */
const MAY_HOLD_LINK = /[.[({\u3002\uFF0E\uFF61]|:[/\\]/u;

/** What a person would take for a link in a text: all of them, in time that grows with the text and not faster. */
export const looseLinks = (field: string, text: unknown, isQuiet?: IsQuiet): Observed[] => {
  if (typeof text !== 'string' || !MAY_HOLD_LINK.test(text) || isQuiet?.(text) === true) return [];
  return looseIn(text).map((link) => ({ field, value: withoutEnd(link, TRAILING) }));
};

function looseIn(text: string): string[] {
  const links: string[] = [];
  /** End of the last link that began at the end of a run of labels: those inside it are read with it. */
  let gluedEnd = 0;
  LOOSE.lastIndex = 0;
  for (let found = LOOSE.exec(text); found !== null; found = LOOSE.exec(text)) {
    const [whole, labels] = found;
    if (labels === undefined) {
      links.push(whole);
      continue;
    }
    const end = LOOSE.lastIndex;
    const name = nameOf(labels);
    // Where the name is all of the labels it may have taken in the scheme of a link.
    const scheme = name.length === labels.length ? schemeLength(text, labels, end) : 0;
    const shown = scheme === 0 ? name : nameOf(labels.slice(0, -scheme));
    const behind = takeBare(text, found.index, shown, end, links);
    LOOSE.lastIndex = scheme === 0 ? behind : end;
    if (scheme === 0 || end < gluedEnd) continue;
    const link = linkAt(text, end - scheme);
    if (link !== '') links.push(link);
    gluedEnd = end - scheme + link.length;
  }
  return links;
}

/** Length of the scheme of a link that begins at the end of a run of labels (`Aviso.http://192.0.2.1/`), or 0. */
function schemeLength(text: string, labels: string, end: number): number {
  BEHIND_SCHEME.lastIndex = end;
  if (!BEHIND_SCHEME.test(text)) return 0;
  return SCHEME_END.exec(labels.slice(-MAX_SCHEME - 1))?.[0].length ?? 0;
}

/**
 * The link whose scheme stands at the end of a run of labels and was just looked at. Nothing where its host begins with a
 * name of its own: that one is come upon next, with what stands behind it.
 */
function linkAt(text: string, from: number): string {
  HOST.lastIndex = BEHIND_SCHEME.lastIndex;
  if (nameOf(HOST.exec(text)?.[1] ?? '') !== '') return '';
  GLUED.lastIndex = from;
  return GLUED.exec(text)?.[0] ?? '';
}

/** Takes in the links of a bare name, and gives the place from which to look on. */
function takeBare(text: string, at: number, name: string, labelsEnd: number, links: string[]): number {
  const end = at + name.length;
  let path = '';
  if (name !== '') {
    PATH.lastIndex = end;
    path = PATH.exec(text)?.[0] ?? '';
    links.push(...bareLinks(name, path));
  }
  // A scheme may stand at the end of the labels.
  return Math.max(end + path.length, labelsEnd - MAX_SCHEME, at + 1);
}

/** The labels up to the last one that can be a top level; nothing where there is none. */
function nameOf(labels: string): string {
  let end = 0;
  for (const { index, 0: top } of labels.matchAll(TOP)) end = index + top.length;
  return labels.slice(0, end);
}

/**
 * A bare name with what stands behind it. Where its top level is unknown, a border that was made harmless may belong to a
 * sentence: then the name before it is one too.
 */
function* bareLinks(name: string, path: string): Generator<string> {
  const from = /[^_-]/u.exec(name)?.index ?? 0;
  yield `${name.slice(from)}${path}`;
  if (isListedTop(lastLabel(name))) return;
  for (const { index } of name.matchAll(HARMLESS_BORDER)) {
    const before = name.slice(from, index);
    const top = lastLabel(before);
    if (top.length === before.length || !isListedTop(top)) continue;
    yield before;
    return;
  }
}

function lastLabel(name: string): string {
  let from = name.length;
  while (from > 0 && isLabelUnit(name.charCodeAt(from - 1))) from -= 1;
  return name.slice(from).toLowerCase();
}

const HYPHEN = 45;
const isLabelUnit = (unit: number): boolean =>
  unit === HYPHEN || isDigit(unit) || (unit < 128 && isLetter(unit));

/** Members of a list of links, and what the texts beside it hold. */
export const listedLinks = (key: string, list: unknown): Observed[] => members(key, asList(list));
