/** A narrative is text with references: `@[label](person:0190...)`. */
export type NarrativePart =
  | { readonly kind: 'text'; readonly text: string; readonly start: number; readonly end: number }
  | {
      readonly kind: 'mention';
      /** The words shown while writing. They may be a name: never printed by an export. */
      readonly label: string;
      readonly target: string;
      readonly id: string;
      readonly start: number;
      readonly end: number;
    };

const MENTION = /@\[([^\]\n]{0,500})\]\(([a-z]{2,20}):([A-Za-z0-9-]{1,80})\)/g;

/** Takes a stored narrative apart. Offsets are of the stored text; what is no whole mention stays text. */
export const parseNarrative = (narrative: string): NarrativePart[] => {
  const parts: NarrativePart[] = [];
  let at = 0;
  for (const match of narrative.matchAll(MENTION)) {
    if (match.index > at) {
      parts.push({ kind: 'text', text: narrative.slice(at, match.index), start: at, end: match.index });
    }
    const end = match.index + match[0].length;
    parts.push({
      kind: 'mention',
      label: match[1] ?? '',
      target: match[2] ?? '',
      id: match[3] ?? '',
      start: match.index,
      end,
    });
    at = end;
  }
  if (at < narrative.length) {
    parts.push({ kind: 'text', text: narrative.slice(at), start: at, end: narrative.length });
  }
  return parts;
};
