const SIGNS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const CHECKSUM_SIGNS = 6;
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const;

/**
 * Whether a text in lower case is Bech32 (BIP 173) without its limit of length: a name, `1`, five bits a sign, six signs
 * of checksum, and nothing in the bits that are left over behind the last whole byte. For keys that people copy by hand.
 */
export const isBech32 = (text: string): boolean => {
  const border = text.lastIndexOf('1');
  const name = text.slice(0, border);
  const values = [...text.slice(border + 1)].map((sign) => SIGNS.indexOf(sign));
  if (border < 1 || values.length < CHECKSUM_SIGNS || values.includes(-1)) return false;
  const codes = [...name].map((sign) => sign.charCodeAt(0));
  const all = [...codes.map((code) => code >>> 5), 0, ...codes.map((code) => code & 31), ...values];
  return checksum(all) === 1 && isPadded(values.slice(0, -CHECKSUM_SIGNS));
};

const checksum = (values: readonly number[]): number => {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    GENERATOR.forEach((one, bit) => {
      if (((top >>> bit) & 1) === 1) sum ^= one;
    });
  }
  return sum;
};

const isPadded = (values: readonly number[]): boolean => {
  const left = (values.length * 5) % 8;
  const last = values.at(-1) ?? 0;
  return left < 5 && (last & ((1 << left) - 1)) === 0;
};
