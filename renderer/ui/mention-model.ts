/**
 * Text with mentions while it is being typed: the words on screen, and which stretches of them stand for a
 * record. Saved as `@[label](person:<id>)`, so that a pseudonym later replaces exactly the mention.
 */
export interface Mention {
  readonly start: number;
  readonly end: number;
  readonly id: string;
}
export interface MentionText {
  readonly text: string;
  readonly mentions: readonly Mention[];
}

const STORED = /@\[([^\]\n]*)\]\(person:([0-9a-f-]{36})\)/g;

/** Stored form to what is shown: `@[María](person:…)` becomes `@María`. */
export function fromStored(stored: string): MentionText {
  const mentions: Mention[] = [];
  let text = '';
  let at = 0;
  for (const match of stored.matchAll(STORED)) {
    text += stored.slice(at, match.index);
    const start = text.length;
    text += `@${match[1] ?? ''}`;
    mentions.push({ start, end: text.length, id: match[2] ?? '' });
    at = match.index + match[0].length;
  }
  return { text: text + stored.slice(at), mentions };
}

/** What is shown to the stored form. Brackets inside a label would end it early, so they become round ones. */
export function toStored({ text, mentions }: MentionText): string {
  let stored = '';
  let at = 0;
  for (const mention of mentions) {
    const label = text
      .slice(mention.start + 1, mention.end)
      .replaceAll('[', '(')
      .replaceAll(']', ')')
      .replaceAll('\n', ' ');
    stored += `${text.slice(at, mention.start)}@[${label}](person:${mention.id})`;
    at = mention.end;
  }
  return stored + text.slice(at);
}

/**
 * Follows an edit. What stands before the edit stays, what stands after it moves; a mention that the edit
 * touched inside is no mention any more, because its words may no longer be that person's.
 */
export function afterEdit(before: MentionText, text: string): MentionText {
  const old = before.text;
  const most = Math.min(old.length, text.length);
  let head = 0;
  while (head < most && old[head] === text[head]) head += 1;
  let tail = 0;
  while (tail < most - head && old[old.length - 1 - tail] === text[text.length - 1 - tail]) tail += 1;
  const editEnd = old.length - tail;
  const shift = text.length - old.length;
  const mentions = before.mentions.flatMap((mention) => {
    if (mention.end <= head) return [mention];
    if (mention.start >= editEnd)
      return [{ ...mention, start: mention.start + shift, end: mention.end + shift }];
    return [];
  });
  return { text, mentions };
}

/** Puts a mention where `from`..`to` stands now; gives the caret after it and a space. */
export function withMention(
  current: MentionText,
  from: number,
  to: number,
  label: string,
  id: string,
): MentionText & { caret: number } {
  const words = `@${label.replaceAll('\n', ' ')}`;
  const next = current.text.slice(to).startsWith(' ') ? '' : ' ';
  const text = `${current.text.slice(0, from)}${words}${next}${current.text.slice(to)}`;
  const moved = afterEdit(current, text).mentions.filter(
    (mention) => mention.end <= from || mention.start >= from + words.length,
  );
  const mentions = [...moved, { start: from, end: from + words.length, id }].sort(
    (a, b) => a.start - b.start,
  );
  return { text, mentions, caret: from + words.length + 1 };
}

/** The unfinished mention at the caret: `@Mar|`. Null inside an existing one or when no `@` opens a word. */
export function openMention(current: MentionText, caret: number): { from: number; typed: string } | null {
  const upTo = current.text.slice(0, caret);
  const match = /(?:^|[\s(«"'¿¡])@([^\s@][^@\n]{0,39})?$/u.exec(upTo);
  if (!match) return null;
  const from = upTo.lastIndexOf('@');
  if (current.mentions.some((mention) => from >= mention.start && from < mention.end)) return null;
  return { from, typed: match[1] ?? '' };
}

/** Stored text for reading: mentions as their labels without the sign. */
export const readable = (stored: string): string => stored.replace(STORED, (_all, label: string) => label);

/** Stored text in parts, so that mentions can be shown as such. */
export function parts(stored: string): { text: string; id: string | null }[] {
  const out: { text: string; id: string | null }[] = [];
  let at = 0;
  for (const match of stored.matchAll(STORED)) {
    if (match.index > at) out.push({ text: stored.slice(at, match.index), id: null });
    out.push({ text: match[1] ?? '', id: match[2] ?? '' });
    at = match.index + match[0].length;
  }
  if (at < stored.length) out.push({ text: stored.slice(at), id: null });
  return out;
}
