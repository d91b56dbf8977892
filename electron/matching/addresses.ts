/** An IP address as a number with its width, so that ranges are a comparison. */
export interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** Dotted form with four parts of 0 to 255 and no leading zero. */
const isIPv4 = (text: string): boolean =>
  /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/u.test(text);

/** Eight groups, or fewer around one `::`; the last two may be a dotted address. A zone (`%eth0`) is allowed. */
function isIPv6(text: string): boolean {
  const bare = text.replace(/%[^%]+$/u, '');
  const dotted = /^(.*:)(\d[\d.]*)$/u.exec(bare);
  const last = dotted?.[2] ?? '';
  const groups = last.includes('.') ? (isIPv4(last) ? `${dotted?.[1] ?? ''}0:0` : '') : bare;
  const halves = groups.split('::');
  if (groups === '' || halves.length > 2) return false;
  const parts = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  if (!parts.every((part) => /^[\da-f]{1,4}$/iu.test(part))) return false;
  return halves.length === 2 ? parts.length < 8 : parts.length === 8;
}

/** First 96 bits of version 6 addresses that stand for version 4 ones: mapped, and translated (RFC 6052). */
const V4_IN_V6: ReadonlySet<bigint> = new Set([0xffffn, 0x64_ff9bn << 64n]);
/** Longer texts are no addresses, whatever zeros stand before their numbers. */
const MAX_ADDRESS_CHARS = 4_096;

const v4 = (text: string): bigint =>
  text.split('.').reduce((sum, part) => (sum << 8n) | BigInt(Number(part)), 0n);

function v6(text: string): bigint {
  const bare = text.replace(/%.*$/u, '');
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/u.exec(bare);
  const hex =
    tail === null
      ? bare
      : `${tail[1] ?? ''}${(v4(tail[2] ?? '0.0.0.0') >> 16n).toString(16)}:${(v4(tail[2] ?? '0.0.0.0') & 0xffffn).toString(16)}`;
  const [head = '', rest] = hex.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = rest === undefined || rest === '' ? [] : rest.split(':');
  const middle = rest === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...middle, ...right].reduce(
    (sum, part) => (sum << 16n) | BigInt(Number.parseInt(part, 16)),
    0n,
  );
}

/** Reads an address in the usual notations; a version 4 address inside a version 6 one is the version 4 one. */
export function readAddress(text: string): Address | null {
  // Nearly every host is a name: no address ends in a letter beyond `f` unless a zone is named.
  if (text.length > MAX_ADDRESS_CHARS || (/[g-z]$/iu.test(text) && !text.includes('%'))) return null;
  const bare = text.replace(/^\[|\]$/gu, '');
  if (isIPv4(bare)) return { bits: 32, value: v4(bare) };
  if (!isIPv6(bare)) return null;
  const value = v6(bare);
  return V4_IN_V6.has(value >> 32n) ? { bits: 32, value: value & 0xffffffffn } : { bits: 128, value };
}

const OCTET = 256;

/** A part of a version 4 address as browsers read it: decimal, `0x` hexadecimal, or octal behind a zero. */
function numberOf(part: string): number {
  if (/^0x[\da-f]*$/iu.test(part)) return part.length === 2 ? 0 : Number.parseInt(part.slice(2), 16);
  if (/^0[0-7]+$/u.test(part)) return Number.parseInt(part, 8);
  return /^(?:0|[1-9]\d*)$/u.test(part) ? Number(part) : Number.NaN;
}

/**
 * The address that browsers go to for the host of a link (the URL standard's reading): besides the usual notations one
 * to four numbers in any base, the last of which fills all the bytes that are left. Null for names.
 */
export function readHostAddress(host: string): Address | null {
  if (host.includes(':')) return readAddress(host);
  const last = host.charCodeAt(host.lastIndexOf('.') + 1);
  // Nearly every host is a name: its last label begins with a letter.
  if (!(last >= 48 && last <= 57) || host.length > MAX_ADDRESS_CHARS) return null;
  const parts = host.split('.').map(numberOf);
  const end = parts.pop() ?? Number.NaN;
  if (parts.length > 3 || !parts.every((part) => part < OCTET)) return null;
  if (!(end < OCTET ** (4 - parts.length))) return null;
  const value = parts.reduce((sum, part, at) => sum + part * OCTET ** (3 - at), end);
  return { bits: 32, value: BigInt(value) };
}

/** An address in the one form in which it is compared as a text: dotted, or version 6 with its zeros left out. */
export function addressText({ bits, value }: Address): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join('.');
  const groups = Array.from({ length: 8 }, (_, at) =>
    ((value >> BigInt(112 - 16 * at)) & 0xffffn).toString(16),
  );
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}

const V4_OFFSET = 96;

/** One address or a range in CIDR notation. */
export interface AddressRange {
  readonly bits: 32 | 128;
  readonly prefix: bigint;
  readonly shift: bigint;
  readonly single: boolean;
}

export function readAddressRange(text: string): AddressRange | null {
  const slash = text.indexOf('/');
  const address = readAddress(slash === -1 ? text : text.slice(0, slash));
  if (address === null) return null;
  const given = slash === -1 ? address.bits : Number(text.slice(slash + 1));
  // A range of version 4 addresses in version 6 notation counts the 96 bits in front of them; all of them is no range.
  const inside = slash !== -1 && address.bits === 32 && text.includes(':');
  const length = inside ? given - V4_OFFSET : given;
  if (!Number.isInteger(length) || length < (inside ? 1 : 0) || length > address.bits) return null;
  const shift = BigInt(address.bits - length);
  return { bits: address.bits, prefix: address.value >> shift, shift, single: shift === 0n };
}

export const inRange = (address: Address, range: AddressRange): boolean =>
  address.bits === range.bits && address.value >> range.shift === range.prefix;
