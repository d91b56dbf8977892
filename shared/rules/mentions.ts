/** A mention in a narrative: what is shown, and which record it stands for. */
export interface Mention {
  readonly label: string;
  readonly kind: string;
  readonly id: string;
}

export type NarrativePart = { readonly text: string } | { readonly mention: Mention };

/**
 * `@[label](kind:id)`. The label holds no brackets or line breaks; `\` before `[`, `]` or `\` in a label is
 * not needed because the writer never puts them there (`writeMention` removes them).
 */
const MENTION = /@\[([^[\]\n]{1,200})\]\(([a-z]{1,20}):([0-9a-f-]{1,40})\)/gu;

/** Splits a narrative into plain text and mentions, in order. Joined again it is the same text. */
export function parseNarrative(narrative: string): NarrativePart[] {
  const parts: NarrativePart[] = [];
  let last = 0;
  for (const match of narrative.matchAll(MENTION)) {
    const [whole, label = '', kind = '', id = ''] = match;
    if (match.index > last) parts.push({ text: narrative.slice(last, match.index) });
    parts.push({ mention: { label, kind, id } });
    last = match.index + whole.length;
  }
  if (last < narrative.length) parts.push({ text: narrative.slice(last) });
  return parts;
}

/** The narrative as people read it: every mention as its label. */
export const plainNarrative = (narrative: string): string =>
  parseNarrative(narrative)
    .map((part) => ('mention' in part ? part.mention.label : part.text))
    .join('');

/** The text of one mention. Brackets and line breaks are taken out of the label. */
export const writeMention = (mention: Mention): string =>
  `@[${mention.label
    .replaceAll(/[[\]\n]/g, ' ')
    .trim()
    .slice(0, 200)}](${mention.kind}:${mention.id})`;

/** Ids of the mentioned records of one kind, each once, in order of first mention. */
export const mentionedIds = (narrative: string, kind: string): string[] => [
  ...new Set(
    parseNarrative(narrative).flatMap((part) =>
      'mention' in part && part.mention.kind === kind ? [part.mention.id] : [],
    ),
  ),
];
