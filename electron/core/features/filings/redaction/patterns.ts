/** Things that look like an identifier whoever they belong to. */
export const PATTERN_KINDS = [
  'curp',
  'rfc',
  'ine',
  'phone',
  'clabe',
  'plate',
  'coordinate',
  'email',
  'url',
  'handle',
  'uuid',
  'ip',
] as const;
export type PatternKind = (typeof PATTERN_KINDS)[number];

export interface PatternMatch {
  readonly kind: PatternKind;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const CLABE_WEIGHTS = [3, 7, 1] as const;

/** Check digit of a CLABE (18 digits, the last one is the check): weights 3, 7, 1, each product mod 10. */
export const isClabe = (digits: string): boolean => {
  if (!/^\d{18}$/.test(digits)) return false;
  let sum = 0;
  for (let at = 0; at < 17; at += 1) sum += (Number(digits[at]) * (CLABE_WEIGHTS[at % 3] ?? 0)) % 10;
  return (10 - (sum % 10)) % 10 === Number(digits[17]);
};

interface Rule {
  readonly kind: PatternKind;
  readonly pattern: RegExp;
  readonly accept?: (text: string) => boolean;
}

const NOT_WORD_BEFORE = '(?<![\\p{L}\\p{N}])';
const NOT_WORD_AFTER = '(?![\\p{L}\\p{N}])';
const bounded = (body: string): RegExp => new RegExp(`${NOT_WORD_BEFORE}(?:${body})${NOT_WORD_AFTER}`, 'giu');

const RULES: readonly Rule[] = [
  { kind: 'email', pattern: /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/giu },
  {
    kind: 'url',
    pattern:
      /\b(?:https?|hxxps?|ftp):\/\/[^\s<>"'«»]+|\bwww\.[^\s<>"'«»]+|(?<![@\p{L}\p{N}.-])[a-z0-9-]+(?:\[?\.\]?[a-z0-9-]+)*\[?\.\]?(?:mx|com|org|net|info|gob|edu|example|onion|link|app|xyz|site|online)(?:\/[^\s<>"'«»]*)?(?![\p{L}\p{N}])/giu,
  },
  { kind: 'uuid', pattern: bounded('[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}') },
  // CURP: 4 letters, birth date, sex, state, 3 consonants, 2 characters (DOF 18 October 2021, annex).
  { kind: 'curp', pattern: bounded('[A-ZÑX]{4}\\d{6}[HMX][A-Z]{2}[A-Z]{3}[A-Z0-9]\\d') },
  // Voter card: 6 consonants, birth date, state, sex, 3 digits.
  { kind: 'ine', pattern: bounded('[A-Z]{6}\\d{8}[HM]\\d{3}|IDMEX\\d{8,13}') },
  { kind: 'rfc', pattern: bounded('[A-ZÑ&]{3,4}\\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])[A-Z0-9]{3}') },
  {
    kind: 'clabe',
    pattern: bounded('\\d{3}[ -]?\\d{3}[ -]?\\d{11}[ -]?\\d'),
    accept: (text) => isClabe(text.replace(/\D/g, '')),
  },
  {
    kind: 'coordinate',
    pattern:
      /(?<![\d.])[-+]?\d{1,3}[.,]\d{3,12}\s*°?\s*[NS]?\s*[,;\s]\s*[-+]?\d{1,3}[.,]\d{3,12}(?!\d)|\d{1,3}\s*[°º]\s*\d{1,2}\s*['’′](?:\s*\d{1,2}(?:[.,]\d+)?\s*(?:"|”|″|''))?\s*[NSEOW]?/giu,
  },
  // Ten digits in any grouping, with or without +52 / 521.
  {
    kind: 'phone',
    pattern:
      /(?<![\p{L}\p{N}.,-])(?:\+?\s?52[\s.-]?1?[\s.-]?)?(?:\(\s?\d{2,3}\s?\)|\d{2,3})[\s.-]?\d{2,4}[\s.-]?\d{2,4}(?:[\s.-]?\d{2,4})?(?![\p{L}\p{N}])/giu,
    accept: (text) => {
      const digits = text.replace(/\D/g, '');
      return digits.length >= 10 && digits.length <= 13 && !/^\d{4}[-. ]\d{2}[-. ]\d{2}/.test(text);
    },
  },
  // Mexican plates: ABC-12-34, ABC-123-A, AB-12-345, 12-ABC-3 and the like, with or without dashes.
  {
    kind: 'plate',
    pattern: new RegExp(
      `${NOT_WORD_BEFORE}(?:[A-Z]{3}[- ]?\\d{2}[- ]?\\d{2}|[A-Z]{3}[- ]?\\d{3}[- ]?[A-Z]|[A-Z]{2}[- ]?\\d{2}[- ]?\\d{3}|[A-Z]{2}[- ]?\\d{4,5}[- ]?[A-Z]?|\\d{2,3}[- ]?[A-Z]{3}|\\d{2}[- ][A-Z]{2}[- ]\\d{2})${NOT_WORD_AFTER}`,
      'gu',
    ),
  },
  { kind: 'handle', pattern: /(?<![\p{L}\p{N}._%+-])@[\p{L}\p{N}_.]{3,}/giu },
  {
    kind: 'ip',
    pattern: /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/g,
    accept: (text) => text.split('.').every((part) => Number(part) <= 255),
  },
];

/** Everything in a text that has the form of an identifier; overlapping finds keep the first, longest one. */
export const findPatterns = (text: string): PatternMatch[] => {
  const found: PatternMatch[] = [];
  for (const rule of RULES) {
    for (const match of text.matchAll(rule.pattern)) {
      const written = match[0];
      if (rule.accept !== undefined && !rule.accept(written)) continue;
      const start = match.index;
      const end = start + written.length;
      if (found.some((other) => other.start < end && start < other.end)) continue;
      found.push({ kind: rule.kind, start, end, text: written });
    }
  }
  return found.sort((a, b) => a.start - b.start);
};
