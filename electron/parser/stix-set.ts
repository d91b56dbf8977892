import type { ParserAnswer, ParserParams } from '#shared/parser/jobs.ts';
import {
  SET_LIMITS,
  type SetMember,
  type SetRefusal,
  type SkipReason,
} from '#shared/surveillance/indicator-set.ts';
import type { Indicator } from '#shared/surveillance/indicators.ts';
import { readStixBundle } from '#shared/surveillance/stix-bundle.ts';
import { readList } from './indicator-list.ts';
import { boundedJson } from './json-bounds.ts';
import { isWellFormed, wellFormed } from './parts.ts';
import { Refusal } from './refusal.ts';
import { decodeBytes } from './text-decode.ts';
import { looksLikeZip, readZip, unpackEntry, type ZipEntry } from './zip-reader.ts';

const cut = (text: string): string => wellFormed(text.slice(0, SET_LIMITS.nameChars));
const baseName = (path: string): string => cut(path.slice(path.lastIndexOf('/') + 1));

/** Indicators that all members of a set may still give. */
interface Budget {
  left: number;
}

type Skipped = { readonly id: string; readonly what: string; readonly reason: SkipReason };

const nothing = (name: string, form: SetMember['form'], refused: SetRefusal): SetMember => ({
  name,
  form,
  refused,
  indicators: [],
  mvtIndicators: [],
  collections: [],
  skipped: [],
  skippedCounts: {},
  revoked: 0,
  expired: 0,
  reference: 'passesOver',
});

function summary(skipped: readonly Skipped[]): Pick<SetMember, 'skipped' | 'skippedCounts'> {
  const skippedCounts: SetMember['skippedCounts'] = {};
  for (const { reason } of skipped) skippedCounts[reason] = (skippedCounts[reason] ?? 0) + 1;
  return {
    skipped: skipped
      .slice(0, SET_LIMITS.listed)
      .map(({ id, what, reason }) => ({ id: cut(id), what: cut(what), reason })),
    skippedCounts,
  };
}

const usable = ({ value }: Indicator): boolean =>
  value.length <= SET_LIMITS.valueChars && isWellFormed(value);

const bare = ({ value, type, collection, state }: Indicator): SetMember['indicators'][number] => ({
  value,
  type,
  collection: cut(collection),
  ...(state === undefined ? {} : { state }),
});

/** @param plain the bytes are UTF-8 without a mark, the only form that the reference reads. */
function readStix(text: string, name: string, today: string, plain: boolean, budget: Budget): SetMember {
  const bounded = boundedJson(text);
  if ('refused' in bounded) return nothing(name, 'stix', bounded.refused);
  let content: unknown;
  try {
    content = JSON.parse(bounded.text);
  } catch {
    return nothing(name, 'stix', 'notJson');
  }
  const isBundle =
    typeof content === 'object' &&
    content !== null &&
    (Array.isArray(content) || Array.isArray((content as { objects?: unknown }).objects));
  if (!isBundle) return nothing(name, 'stix', 'notASet');
  const read = readStixBundle(content, name, today);
  if (read.indicators.length + read.mvtIndicators.length > budget.left * 2)
    return nothing(name, 'stix', 'tooLarge');
  budget.left -= read.indicators.length;
  const tooLong = read.indicators
    .filter((indicator) => !usable(indicator))
    .map(({ value, collection }): Skipped => ({ id: collection, what: value, reason: 'valueTooLong' }));
  return {
    name,
    form: 'stix',
    refused: null,
    indicators: read.indicators.filter(usable).map(bare),
    mvtIndicators: plain ? read.mvtIndicators.filter(usable).map(bare) : [],
    collections: [...new Set(read.collections.map(cut))].slice(0, SET_LIMITS.indicators),
    ...summary([
      ...read.skipped.map(({ id, pattern, reason }): Skipped => ({ id, what: pattern, reason })),
      ...tooLong,
    ]),
    revoked: read.revoked.length,
    expired: read.expired.length,
    reference: !plain ? 'passesOver' : read.reference.loads ? 'loads' : read.reference.error,
  };
}

function readOne(bytes: Uint8Array, name: string, today: string, budget: Budget): SetMember {
  if (bytes.length === 0) return nothing(name, 'stix', 'empty');
  const decoded = decodeBytes(bytes);
  if (decoded === null) return nothing(name, 'stix', 'notText');
  const marked = decoded.text.startsWith('\uFEFF');
  const text = marked ? decoded.text.slice(1) : decoded.text;
  const start = /\S/u.exec(text)?.[0];
  if (start === undefined) return nothing(name, 'stix', 'empty');
  const isTable = /\.(?:csv|tsv|txt|list|lst)$/iu.test(name);
  if (start === '{' || (start === '[' && !isTable) || (!isTable && /\.(?:stix2?|json)$/iu.test(name))) {
    const plain = !marked && decoded.encoding.toLowerCase() === 'utf-8' && bytes[0] !== 0xef;
    return readStix(text, name, today, plain, budget);
  }
  const read = readList(text, (count) => count <= budget.left);
  if (read === null) return nothing(name, 'list', 'tooLarge');
  budget.left -= read.indicators.length;
  return {
    ...nothing(name, 'list', 'empty'),
    refused: null,
    indicators: read.indicators,
    collections: [...new Set(read.indicators.map(({ collection }) => collection))],
    ...summary(read.skipped),
  };
}

const READABLE = /\.(?:stix2?|json|csv|tsv|txt|list|lst)$/iu;

function readMember(
  entry: ZipEntry,
  today: string,
  budget: Budget,
  bytesLeft: number,
): { member: SetMember; used: number } {
  const name = baseName(entry.name);
  const refuse = (refused: SetRefusal): { member: SetMember; used: number } => ({
    member: nothing(name, 'stix', refused),
    used: 0,
  });
  if (entry.encrypted) return refuse('encrypted');
  if (entry.size > bytesLeft) return refuse('tooLarge');
  const unpacked = unpackEntry(entry, bytesLeft);
  if (unpacked === null) return refuse('damaged');
  const used = unpacked.bytes.length;
  if (looksLikeZip(unpacked.bytes)) return { member: nothing(name, 'stix', 'nestedArchive'), used };
  if (!READABLE.test(name)) return { member: nothing(name, 'stix', 'otherKind'), used };
  return { member: readOne(unpacked.bytes, name, today, budget), used };
}

/**
 * Reads a set tolerantly. What is refused is the whole job only where nothing can be said about it: more bytes
 * than any set has (`parser.tooLarge`), or an archive without a directory (`parser.damagedFile`).
 */
export const indicatorsRead = ({
  bytes,
  name,
  today,
}: ParserParams<'indicators.read'>): ParserAnswer<'indicators.read'> => {
  if (bytes.length > SET_LIMITS.bytes) throw new Refusal('parser.tooLarge');
  const budget: Budget = { left: SET_LIMITS.indicators };
  if (!looksLikeZip(bytes)) return { members: [readOne(bytes, baseName(name), today, budget)] };
  const entries = readZip(bytes).entries.filter(
    (entry) => !entry.name.endsWith('/') && !/(?:^|\/)(?:__MACOSX\/|\._|\.DS_Store$)/u.test(entry.name),
  );
  if (entries.length > SET_LIMITS.members) throw new Refusal('parser.tooLarge');
  let bytesLeft: number = SET_LIMITS.bytes;
  const members = entries.map((entry) => {
    const { member, used } = readMember(entry, today, budget, bytesLeft);
    bytesLeft -= used;
    return member;
  });
  return { members };
};
