/** An IP address as a number with its width, so that ranges are a comparison. */
interface Address {
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

const V4_IN_V6 = 0xffffn << 32n;

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
  const bare = text.replace(/^\[|\]$/gu, '');
  if (isIPv4(bare)) return { bits: 32, value: v4(bare) };
  if (!isIPv6(bare)) return null;
  const value = v6(bare);
  return value >> 32n === V4_IN_V6 >> 32n ? { bits: 32, value: value & 0xffffffffn } : { bits: 128, value };
}

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
  const length = slash === -1 ? address.bits : Number(text.slice(slash + 1));
  if (!Number.isInteger(length) || length < 0 || length > address.bits) return null;
  const shift = BigInt(address.bits - length);
  return { bits: address.bits, prefix: address.value >> shift, shift, single: shift === 0n };
}

export const inRange = (address: Address, range: AddressRange): boolean =>
  address.bits === range.bits && address.value >> range.shift === range.prefix;
