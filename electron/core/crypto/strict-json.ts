import { hasLoneSurrogate } from './surrogates.ts';

/**
 * Reads the small part of JSON that vault headers use: objects, arrays, strings, whole numbers. It exists
 * because `JSON.parse` takes the last of two equal keys and knows a magic `__proto__`, so that two readers
 * can see two different headers in one text, and because its error messages quote the text.
 */
export type StrictJson = string | number | readonly StrictJson[] | StrictObject;
export type StrictObject = ReadonlyMap<string, StrictJson>;

/** Thrown for everything that is not strict; holds nothing of the text. */
export class StrictJsonError extends Error {
  constructor() {
    super('not strict JSON');
    this.name = 'StrictJsonError';
  }
}

const MAX_DEPTH = 8;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const STRING = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const NUMBER = /(?:0|[1-9][0-9]{0,15})(?![0-9.eE])/uy;
const SPACE = /[ \t\n\r]*/uy;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): StrictJson {
    const value = this.#value(0);
    if (this.#at !== this.#text.length) throw new StrictJsonError();
    return value;
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return null;
    this.#at = pattern.lastIndex;
    return found[0];
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    this.#match(SPACE);
    return true;
  }

  #expect(character: string): void {
    if (!this.#take(character)) throw new StrictJsonError();
  }

  #string(): string {
    const token = this.#match(STRING);
    if (token === null) throw new StrictJsonError();
    this.#match(SPACE);
    const value = JSON.parse(token) as string;
    if (hasLoneSurrogate(value)) throw new StrictJsonError();
    return value;
  }

  #value(depth: number): StrictJson {
    if (depth > MAX_DEPTH) throw new StrictJsonError();
    this.#match(SPACE);
    const next = this.#text[this.#at];
    if (next === '{') return this.#object(depth);
    if (next === '[') return this.#array(depth);
    if (next === '"') return this.#string();
    const token = this.#match(NUMBER);
    if (token === null) throw new StrictJsonError();
    this.#match(SPACE);
    const number = Number(token);
    if (!Number.isSafeInteger(number)) throw new StrictJsonError();
    return number;
  }

  #object(depth: number): StrictObject {
    const members = new Map<string, StrictJson>();
    this.#expect('{');
    if (this.#take('}')) return members;
    do {
      const key = this.#string();
      if (members.has(key) || FORBIDDEN_KEYS.has(key)) throw new StrictJsonError();
      this.#expect(':');
      members.set(key, this.#value(depth + 1));
    } while (this.#take(','));
    this.#expect('}');
    return members;
  }

  #array(depth: number): StrictJson[] {
    const items: StrictJson[] = [];
    this.#expect('[');
    if (this.#take(']')) return items;
    do items.push(this.#value(depth + 1));
    while (this.#take(','));
    this.#expect(']');
    return items;
  }
}

/** Takes UTF-8 without a byte order mark. Throws `StrictJsonError`. */
export const parseStrictJson = (bytes: Uint8Array): StrictJson => {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new StrictJsonError();
  }
  return new Reader(text).document();
};

/** The value as an object with exactly these keys, in any order. Throws `StrictJsonError`. */
export const exactObject = <K extends string>(
  value: StrictJson | undefined,
  keys: readonly K[],
): Record<K, StrictJson> => {
  if (!(value instanceof Map) || value.size !== keys.length) throw new StrictJsonError();
  const out = Object.create(null) as Record<K, StrictJson>;
  for (const key of keys) {
    const member = value.get(key) as StrictJson | undefined;
    if (member === undefined) throw new StrictJsonError();
    out[key] = member;
  }
  return out;
};
