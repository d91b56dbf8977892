import { defangUrl } from '#shared/surveillance/defang.ts';

/** A piece of a text: plain words, or a link made harmless. */
export interface TextPart {
  readonly text: string;
  readonly link: boolean;
}

/** Links with a scheme, also one already written `hxxp`, and names that begin with `www.` or go on with a path. */
const LINK =
  /h(?:tt|xx)ps?(?:\[:\/\/\]|\[?:\]?\/\/)[^\s<>"'«»]+|\bwww(?:\[\.\]|\.)[^\s<>"'«»]+|\b(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\[\.\]|\.))+[a-z]{2,24}(?::\d{1,5})?\/[^\s<>"'«»]*/giu;
/** Closing marks that belong to the sentence, not to the link. */
const TAIL = /[.,;:!?)\]}…]+$/u;

/** A link as one shows it: no program that reads this text can open it. Doing it twice changes nothing. */
export const defangLink = (link: string): string =>
  defangUrl(link.replace(/^h(?:tt|xx)p(s?)(?:\[:\/\/\]|\[?:\]?\/\/)/iu, 'hxxp$1://'));

/** Cuts a text into words and links, the links made harmless. */
export function partsOf(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    const raw = found[0];
    const tail = TAIL.exec(raw)?.[0] ?? '';
    // A bracket that closes one inside the link is the link's own.
    const link = /[([{]/u.test(raw.replaceAll('[.]', '')) ? raw : raw.slice(0, raw.length - tail.length);
    if (link === '') continue;
    if (found.index > from) parts.push({ text: text.slice(from, found.index), link: false });
    parts.push({ text: defangLink(link), link: true });
    from = found.index + link.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), link: false });
  return parts;
}
