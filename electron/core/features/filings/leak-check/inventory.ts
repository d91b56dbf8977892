import { foldKey, foldWords } from '#shared/rules/text-folding.ts';
import { findPatterns, isCommonName, isCommonWord, isOfficialWord, isPlaceWord } from '../redaction/index.ts';

export type InventoryKind =
  'word' | 'number' | 'email' | 'url' | 'handle' | 'date' | 'coordinate' | 'plate' | 'picture';

export interface InventoryEntry {
  readonly kind: InventoryKind;
  readonly text: string;
  readonly count: number;
  readonly places: readonly string[];
}

const MAX_PLACES = 20;
const DATES =
  /\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b|\b\d{1,2}\s+de\s+\p{L}+(?:\s+(?:de|del)\s+\d{4})?|\b\d{1,2}\s+(?:ene|feb|mar|abr|may|jun|jul|ago|sep|oct|nov|dic)\p{L}*\.?\s+\d{4}/giu;
const LONG_NUMBER = /\d(?:[\d.,\s-]?\d){3,}/g;
const WORD = /\p{L}[\p{L}\p{M}'’]*(?:\.(?=\p{L}))?/gu;

/**
 * Collects everything in a finished package that a person should look at besides what was searched: words
 * that look like names, numbers, addresses, dates, points, plates, pictures. What is no name in its place
 * (a dictionary word at the beginning of a sentence, an official word, a word of the template) is left out.
 */
export class Inventory {
  readonly #entries = new Map<
    string,
    { kind: InventoryKind; text: string; count: number; places: Set<string> }
  >();
  readonly #allowed: ReadonlySet<string>;

  /** @param allowedWords folded words of headings and fixed phrases of the profile. */
  constructor(allowedWords: ReadonlySet<string>) {
    this.#allowed = allowedWords;
  }

  #add(kind: InventoryKind, text: string, place: string): void {
    const key = `${kind}|${foldKey(text)}`;
    const entry = this.#entries.get(key) ?? { kind, text, count: 0, places: new Set<string>() };
    entry.count += 1;
    if (entry.places.size < MAX_PLACES) entry.places.add(place);
    this.#entries.set(key, entry);
  }

  picture(place: string): void {
    this.#add('picture', place, place);
  }

  text(content: string, place: string): void {
    const taken: { start: number; end: number }[] = [];
    const free = (start: number, end: number): boolean =>
      !taken.some((span) => span.start < end && start < span.end);
    for (const match of findPatterns(content)) {
      taken.push(match);
      switch (match.kind) {
        case 'email':
        case 'url':
        case 'handle':
        case 'coordinate':
        case 'plate':
          this.#add(match.kind, match.text, place);
          break;
        case 'ip':
          this.#add('url', match.text, place);
          break;
        default:
          this.#add('number', match.text, place);
      }
    }
    for (const match of content.matchAll(DATES)) {
      const end = match.index + match[0].length;
      if (!free(match.index, end)) continue;
      taken.push({ start: match.index, end });
      this.#add('date', match[0], place);
    }
    for (const match of content.matchAll(LONG_NUMBER)) {
      const end = match.index + match[0].length;
      if (free(match.index, end) && match[0].replace(/\D/g, '').length >= 4)
        this.#add('number', match[0], place);
    }
    for (const match of content.matchAll(WORD)) {
      if (
        free(match.index, match.index + match[0].length) &&
        this.#nameLike(match[0], content, match.index)
      ) {
        this.#add('word', match[0], place);
      }
    }
  }

  #nameLike(word: string, content: string, at: number): boolean {
    if (!/\p{Lu}|\p{Lt}/u.test(word) || word.length < 2) return false;
    const folded = foldWords(word).join('');
    if (folded.length < 2 || this.#allowed.has(folded)) return false;
    const name = isCommonName(folded) || isPlaceWord(folded);
    if (isOfficialWord(folded) && !name) return false;
    const lower = word.slice(1) === word.slice(1).toLowerCase();
    // All capitals as in a heading, or capitals within: a dictionary word there is no name by its case.
    const byPosition = lower ? startsSentence(content, at) : word === word.toUpperCase();
    return !(byPosition && isCommonWord(folded) && !name);
  }

  /** Everything found, names first, the rarest first: what stands once is what a reader overlooks. */
  entries(): InventoryEntry[] {
    const order: readonly InventoryKind[] = [
      'word',
      'email',
      'handle',
      'number',
      'coordinate',
      'plate',
      'url',
      'date',
      'picture',
    ];
    return [...this.#entries.values()]
      .map((entry) => ({ ...entry, places: [...entry.places] }))
      .sort(
        (a, b) =>
          order.indexOf(a.kind) - order.indexOf(b.kind) || a.count - b.count || (a.text < b.text ? -1 : 1),
      );
  }
}

const startsSentence = (content: string, at: number): boolean => {
  const before = content.slice(Math.max(0, at - 12), at);
  return before.trim() === '' || /(?:[.!?:;…»"”)\]•–—\n\r\t|>]|\d\.)\s*[¿¡"“«(*•–—-]*\s*$/u.test(before);
};
