import { createHash } from 'node:crypto';
import { foldWords } from '#shared/rules/text-folding.ts';
import type { Outcome, Strength } from '../redaction/index.ts';

/** One place in the finished bytes where something to be withheld stands. */
export interface LeakFinding {
  /** Same value, same place, same surroundings: same id, so that a judgement finds its hit again. */
  readonly id: string;
  readonly file: string;
  readonly where: string;
  /** How it was written: `text`, `base64 > utf-16le`, `bytes`. */
  readonly encoding: string;
  /** Kind of the value: `name`, `phone`, `id`, `hash` ... */
  readonly kind: string;
  readonly ref: string | null;
  readonly strength: Exclude<Strength, 'warn'> | 'warn';
  readonly outcome: Outcome;
  readonly otherMeaning: boolean;
  readonly before: string;
  readonly found: string;
  readonly after: string;
  /** Of the surroundings: a judgement counts only as long as the text around stays the same. */
  readonly contextHash: string;
  /** Of the value and three words on each side: what a remembered judgement is offered for again. */
  readonly patternHash: string;
  readonly engines: readonly string[];
}

const sha256 = (parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');

export interface FindingPlace {
  readonly file: string;
  readonly where: string;
  readonly encoding: string;
  readonly engine: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface FindingValue {
  readonly key: string;
  readonly kind: string;
  readonly ref: string | null;
  readonly strength: Strength;
  readonly outcome: Outcome;
  readonly otherMeaning: boolean;
}

const MAX_FINDINGS = 5_000;
const AROUND = 60;
const visible = (text: string): string => text.replace(/[\p{C}\uFFFD]+/gu, ' ');
/** Far enough back to find three words between the tags of an XML part. */
const FAR = 600;
/** The words around a place as a reader sees them: one sentence is the same in every form of the filing. */
const wordsBefore = (text: string, start: number): string[] =>
  foldWords(
    visible(text.slice(Math.max(0, start - FAR), start))
      .replace(/^[^<>]*>/, ' ')
      .replace(/<[^<>]*>/g, ' '),
  ).slice(-3);
const wordsAfter = (text: string, end: number): string[] =>
  foldWords(
    visible(text.slice(end, end + FAR))
      .replace(/<[^<>]*>/g, ' ')
      .replace(/<[^<>]*$/, ' '),
  ).slice(0, 3);

/** Gathers findings; the same words in the same surroundings reported by several engines become one. */
export class Findings {
  readonly #list = new Map<string, LeakFinding>();
  /** Value behind each finding, for telling repeats apart; never given out. */
  readonly #keys = new Map<string, string>();
  /** More were found than are kept; the check blocks anyway. */
  overflow = false;
  /** How often something was reported, repeats included. */
  calls = 0;

  add(value: FindingValue, place: FindingPlace): void {
    this.calls += 1;
    const before = visible(place.text.slice(Math.max(0, place.start - AROUND), place.start));
    const found = visible(place.text.slice(place.start, Math.min(place.end, place.start + 200)));
    const after = visible(place.text.slice(place.end, place.end + AROUND));
    const left = foldWords(before);
    const right = foldWords(after);
    const contextHash = sha256([value.key, left.slice(-5).join(' '), right.slice(0, 5).join(' ')]);
    const patternHash = sha256([
      value.key,
      wordsBefore(place.text, place.start).join(' '),
      wordsAfter(place.text, place.end).join(' '),
    ]);
    const id = sha256([place.file, place.where, value.kind, value.key, contextHash]).slice(0, 32);
    const known = this.#list.get(id);
    if (known !== undefined) {
      const engines = known.engines.includes(place.engine) ? known.engines : [...known.engines, place.engine];
      const plainer = place.encoding === '' ? 'text' : known.encoding;
      this.#list.set(id, { ...known, engines, encoding: plainer });
      return;
    }
    if (this.#list.size >= MAX_FINDINGS) {
      this.overflow = true;
      return;
    }
    this.#keys.set(id, `${place.file} ${value.kind} ${value.key}`);
    this.#list.set(id, {
      id,
      file: place.file,
      where: place.where,
      encoding: place.encoding === '' ? 'text' : place.encoding,
      kind: value.kind,
      ref: value.ref,
      strength: value.strength,
      outcome: value.outcome,
      otherMeaning: value.otherMeaning,
      before,
      found,
      after,
      contextHash,
      patternHash,
      engines: [place.engine],
    });
  }

  list(): LeakFinding[] {
    const rank = { final: 0, blocks: 1, listed: 2, warn: 3 } as const;
    // What stands in plain words need not be shown again as it reads in six tables of letters.
    const plain = new Set(
      [...this.#list.values()]
        .filter((finding) => finding.encoding === 'text')
        .map((finding) => this.#keys.get(finding.id)),
    );
    const shown = [...this.#list.values()].filter(
      (finding) => finding.encoding === 'text' || !plain.has(this.#keys.get(finding.id)),
    );
    return shown.sort(
      (a, b) =>
        rank[a.outcome] - rank[b.outcome] ||
        (a.file < b.file ? -1 : a.file > b.file ? 1 : a.where < b.where ? -1 : 1),
    );
  }
}
