import { compactKey, foldWords } from '#shared/rules/text-folding.ts';
import { isCommonName, isCommonWord, isPlaceWord, PARTICLES } from './lexicon.ts';
import { isPlaceholder, strengthOf, strongest, wordStrength } from './value-strength.ts';
import type { Strength, ValueKind } from './value-strength.ts';

/** One thing that must be found: what it is, whom it belongs to, and its text as recorded. */
export interface KnownValue {
  /** Whom or what it belongs to, in the words of the caller (`person:...`); never printed. */
  readonly ref: string;
  readonly kind: ValueKind;
  readonly text: string;
}

/** One way in which a known value may be written, as letters and digits of folded text. */
export interface SearchForm {
  readonly key: string;
  /** Lengths of its words, for recognising where it may be broken by spaces. */
  readonly words: readonly number[];
  readonly strength: Strength;
  readonly kind: ValueKind;
  readonly ref: string;
  /** `whole` value, `part` of a name, `order`: parts in another order or not all of them. */
  readonly relation: 'whole' | 'order' | 'part';
  /** Text that the byte encodings are made from: the value as recorded, or the words of this form. */
  readonly text: string;
}

type Push = (
  text: string,
  strength: Strength,
  relation: SearchForm['relation'],
  words?: readonly string[],
) => void;

const isWeakWord = (word: string): boolean => isCommonWord(word) || isPlaceWord(word) || isCommonName(word);

/** Two words side by side: strong as a rule, but `Campos Paz` or `Piedra Honda` alone may mean things. */
const pairStrength = (first: string, second: string): Strength => {
  const length = first.length + second.length;
  if (isWeakWord(first) && isWeakWord(second)) return length >= 6 ? 'middle' : 'weak';
  return length >= 8 ? 'strong' : 'middle';
};

const permutations = (words: readonly string[]): string[][] => {
  if (words.length <= 1) return [[...words]];
  return words.flatMap((word, at) =>
    permutations([...words.slice(0, at), ...words.slice(at + 1)]).map((rest) => [word, ...rest]),
  );
};

/** `Chayito` for Chayo, `los Olmedos`: how a village says a name. Plain words (`campos`) have no plural here. */
const bentForms = (word: string): string[] => {
  if (word.length < 4) return [];
  const vowel = /[aeiou]$/.test(word);
  const stem = word
    .replace(/i?[aeiou]$/, '')
    .replace(/c$/, 'qu')
    .replace(/g$/, 'gu')
    .replace(/z$/, 'c');
  const small = vowel && !word.endsWith('e') ? [`${stem}it`] : [`${stem}it`, `${word}cit`];
  const plural = isCommonWord(word) ? [] : [vowel ? `${word}s` : `${word}es`];
  return [...plural, ...small.flatMap((form) => [`${form}a`, `${form}o`, `${form}as`, `${form}os`])].filter(
    (form) => !isCommonWord(form),
  );
};

const nameForms = (text: string, push: Push, whole: Strength): void => {
  const words = foldWords(text);
  const bearing = words.filter((word) => !PARTICLES.has(word) && word.length > 1);
  push(text, whole, 'whole', words);
  if (bearing.length === 0) return;
  if (bearing.length > 1) {
    const orders = bearing.length <= 4 ? permutations(bearing) : [bearing, [...bearing].reverse()];
    for (const order of orders) push(order.join(' '), whole, 'order', order);
    // A name may be written with its particles or without them, and with any two of its parts.
    for (let first = 0; first < bearing.length; first += 1) {
      for (let second = 0; second < bearing.length; second += 1) {
        const [a, b] = [bearing[first] ?? '', bearing[second] ?? ''];
        if (first !== second) push(`${a} ${b}`, pairStrength(a, b), 'order', [a, b]);
      }
    }
    for (let from = 0; from < words.length; from += 1) {
      for (let to = from + 2; to <= words.length && to - from <= 4; to += 1) {
        const slice = words.slice(from, to);
        const [a, b] = [slice[0] ?? '', slice.at(-1) ?? ''];
        if (slice.length > 2 && bearing.includes(a) && bearing.includes(b)) {
          push(slice.join(' '), pairStrength(a, b), 'order', slice);
        }
      }
    }
  }
  for (const word of bearing) {
    if (word.length >= 3) push(word, wordStrength(word), 'part', [word]);
    for (const form of bentForms(word)) {
      push(form, wordStrength(word) === 'weak' ? 'weak' : 'middle', 'part', [form]);
    }
  }
};

const placeForms = (text: string, push: Push, whole: Strength): void => {
  const words = foldWords(text);
  push(text, whole, 'whole', words);
  // Longer names are cut short in speech: `Piedra Honda` for `Piedra Honda de los Encinos`.
  for (let to = 2; to < words.length; to += 1) {
    const slice = words.slice(0, to);
    const last = slice.at(-1) ?? '';
    if (PARTICLES.has(last) || PARTICLES.has(slice[0] ?? '')) continue;
    push(slice.join(' '), pairStrength(slice[0] ?? '', last), 'order', slice);
  }
  for (const word of words) {
    if (word.length >= 5 && !isWeakWord(word)) push(word, wordStrength(word), 'part', [word]);
  }
};

const phoneForms = (text: string, push: Push): void => {
  const digits = text.replace(/\D/g, '');
  if (digits.length < 5) return;
  push(digits, 'strong', 'whole');
  if (digits.length > 10) push(digits.slice(-10), 'strong', 'whole');
  // Without the area code, as neighbours write it.
  if (digits.length >= 10) push(digits.slice(-8), 'middle', 'part');
  if (digits.length >= 10) push(digits.slice(-7), 'middle', 'part');
};

const emailForms = (text: string, push: Push): void => {
  push(text, 'strong', 'whole');
  const [local = '', domain = ''] = text.split('@');
  const base = local.split('+')[0] ?? local;
  if (base !== local) push(`${base}@${domain}`, 'strong', 'whole');
  const key = compactKey(base);
  const words = foldWords(base);
  if (key.length >= 6 && !(words.length === 1 && isWeakWord(words[0] ?? ''))) {
    push(base, key.length >= 8 ? 'strong' : 'middle', 'part', words);
  }
};

const addressForms = (text: string, push: Push): void => {
  push(text, strengthOf('address', text), 'whole');
  const street = text.split(',')[0] ?? '';
  if (street !== text && /\d/.test(street) && compactKey(street).length >= 8) push(street, 'strong', 'part');
  const named = /^(.*?\p{L}{3,}.*?)[\s#]*\d/u.exec(street)?.[1] ?? '';
  if (compactKey(named).length >= 8) push(named, 'middle', 'part');
};

const MONTHS = [
  'enero',
  'febrero',
  'marzo',
  'abril',
  'mayo',
  'junio',
  'julio',
  'agosto',
  'septiembre',
  'octubre',
  'noviembre',
  'diciembre',
];

const dateForms = (text: string, push: Push): void => {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(text);
  if (match === null) {
    push(text, 'weak', 'whole');
    return;
  }
  const [, year = '', month = '', day = ''] = match;
  const name = MONTHS[Number(month) - 1] ?? '';
  const short = String(Number(day));
  for (const form of [
    `${year} ${month} ${day}`,
    `${day} ${month} ${year}`,
    `${short} ${String(Number(month))} ${year}`,
    `${short} de ${name} de ${year}`,
    `${short} ${name} ${year}`,
    `${short} de ${name}`,
    `${short} ${name.slice(0, 3)} ${year}`,
  ]) {
    push(form, 'weak', 'whole', foldWords(form));
  }
};

/**
 * Every way in which the known values may be written, one form for each key; where several values share a
 * form, the stronger reading stands. Placeholders (`sin nombre`) give nothing. Coordinates are compared
 * as numbers and initials by their own rule.
 *
 * @param allowedNames names that this text prints on purpose: forms that such a name has as well (a surname
 *   shared by mother and daughter) are left out, or the daughter's name would be refused in her own filing.
 * @param allowedPlaces places that the text prints, and names that a person chose to print: for these, forms of
 *   places are left out as well.
 */
export const searchForms = (
  values: readonly KnownValue[],
  allowedNames: readonly string[] = [],
  allowedPlaces: readonly string[] = [],
): SearchForm[] => {
  const forms = new Map<string, SearchForm>();
  for (const value of values) {
    if (
      (value.kind === 'name' || value.kind === 'alias' || value.kind === 'place') &&
      isPlaceholder(value.text)
    )
      continue;
    const push: Push = (text, strength, relation, words = foldWords(text)) => {
      const key = compactKey(text);
      if (key.length < 2) return;
      const before = forms.get(key);
      if (before !== undefined && strongest(before.strength, strength) === before.strength) return;
      forms.set(key, {
        key,
        words: words.map((word) => word.length),
        strength,
        kind: value.kind,
        ref: value.ref,
        relation,
        text,
      });
    };
    formsOf(value, push);
  }
  if (allowedNames.length === 0 && allowedPlaces.length === 0) return [...forms.values()];
  const keysOf = (names: readonly string[]): ReadonlySet<string> =>
    new Set(searchForms(names.map((text) => ({ ref: '', kind: 'name', text }))).map((form) => form.key));
  const [names, places] = [keysOf(allowedNames), keysOf(allowedPlaces)];
  // A village stays withheld although some council bears its name, unless a person chose to print the council.
  const allowed = (form: SearchForm): boolean => {
    if (form.kind === 'place') return places.has(form.key);
    return names.has(form.key) || (form.kind === 'organisation' && places.has(form.key));
  };
  return [...forms.values()].filter((form) => form.relation === 'whole' || !allowed(form));
};

const formsOf = (value: KnownValue, push: Push): void => {
  const whole = strengthOf(value.kind, value.text);
  switch (value.kind) {
    case 'name':
      return nameForms(value.text, push, whole);
    case 'alias':
      push(value.text, whole, 'whole');
      // An alias of two or more words is mostly another spelling of the name.
      if (foldWords(value.text).every((word) => !isCommonWord(word))) nameForms(value.text, push, whole);
      return;
    case 'place':
    case 'organisation':
      return placeForms(value.text, push, whole);
    case 'phone':
      return phoneForms(value.text, push);
    case 'email':
      return emailForms(value.text, push);
    case 'address':
      return addressForms(value.text, push);
    case 'date':
      return dateForms(value.text, push);
    case 'age':
      return push(`${value.text.replace(/\D/g, '')} años`, 'weak', 'whole');
    case 'coordinate':
      return;
    case 'hash':
      push(value.text, 'strong', 'whole');
      return push(value.text.slice(0, 16), 'strong', 'part');
    default:
      return push(value.text, whole, 'whole');
  }
};

/** `Rosario Guerrero Luna` as `rgl`; null for names of one word. Warned about only. */
export const initialsOf = (name: string): string | null => {
  const bearing = foldWords(name).filter((word) => !PARTICLES.has(word));
  return bearing.length < 2 ? null : bearing.map((word) => word[0] ?? '').join('');
};
