import { MAX_LINK_CHARS } from '#shared/contract/suspicious-messages.ts';
import { foldKey } from '#shared/rules/text-folding.ts';
import { looseLinks } from '../../../../matching/modules/links.ts';
import { LINK_SHORTENERS } from '../../../../matching/matcher-of.ts';
import { readStrictUrl } from '../../../../matching/strict-url.ts';

/** Links of a message: those in its text and those given besides, each once, exactly as they stand. */
export function linksOfMessage(text: string, given: readonly string[]): string[] {
  const found = looseLinks('text', text).flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
  return [...new Set([...found, ...given.map((link) => link.trim())])].filter(
    (link) => link !== '' && link.length <= MAX_LINK_CHARS,
  );
}

/** Shorter texts say too little to be called the same message. */
const MIN_TEXT_KEY = 16;

/**
 * A text by which two copies of one message are equal although names of people, amounts, times and links differ in
 * them: folded, links taken out, digits made one sign. Empty where too little is left to compare.
 */
export function textKey(text: string, links: readonly string[]): string {
  let plain = text;
  for (const link of [...links].sort((a, b) => b.length - a.length)) plain = plain.replaceAll(link, ' ');
  const key = foldKey(plain)
    .replace(/\d+/gu, '0')
    .replace(/[^\p{L}\d]+/gu, ' ')
    .trim();
  return key.length < MIN_TEXT_KEY ? '' : key.slice(0, 4_000);
}

/** Number, code or handle in one form: digits of a phone number without signs, else folded. */
export function senderKey(sender: string): string {
  const digits = sender.replace(/[\s()+.-]/gu, '');
  if (/^\d{3,}$/u.test(digits)) return digits.length > 10 ? digits.slice(-10) : digits;
  return foldKey(sender);
}

export interface LinkKeys {
  /** The whole link in one form; equal for the same link however it was written. */
  readonly url: string;
  readonly host: string;
  /** Path with its changing parts taken out: `/1234567s` and `/7654321s` are the same form. */
  readonly form: string;
}

/** A part of a path that changes from message to message: it holds a digit or mixes cases. */
const shapeOf = (part: string): string => {
  const changing = /\d/u.test(part) || (/[a-z]/u.test(part) && /[A-Z]/u.test(part));
  return changing ? `*${part.length}` : part.toLowerCase();
};

/** Keys for finding a link again; null where no host can be made out. */
export function linkKeys(link: string): LinkKeys | null {
  const read = readStrictUrl(link);
  if (read === null) return null;
  const host = read.host.replace(/^www\./u, '');
  const tail = read.normal.slice(
    read.normal.indexOf('/') === -1 ? read.normal.length : read.normal.indexOf('/'),
  );
  const [path = '', query = ''] = tail.split('?', 2);
  const names = query
    .split('&')
    .map((pair) => pair.split('=', 1)[0] ?? '')
    .filter((name) => name !== '')
    .sort();
  const form = path.split('/').map(shapeOf).join('/') + (names.length === 0 ? '' : `?${names.join('&')}`);
  return { url: `${host}${tail}`, host, form };
}

/** The shortener that a link goes over, whatever way it is written, or null. */
export function shortenerOf(link: string): string | null {
  const host = linkKeys(link)?.host ?? '';
  return LINK_SHORTENERS.has(host) ? host : null;
}
