/** Structured values as JSON text, with the two kinds that JSON lacks: bytes and undefined. */
export const encode = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) => {
    if (inner instanceof Uint8Array) return { $bytes: Buffer.from(inner).toString('base64') };
    if (isBufferJson(inner)) return { $bytes: Buffer.from(inner.data).toString('base64') };
    return inner;
  }) ?? '{"$undefined":true}';

const isBufferJson = (value: unknown): value is { type: 'Buffer'; data: number[] } =>
  typeof value === 'object' &&
  value !== null &&
  (value as { type?: unknown }).type === 'Buffer' &&
  'data' in value;

export const decode = (text: string): unknown =>
  JSON.parse(text, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null) return inner;
    if ('$bytes' in inner) return new Uint8Array(Buffer.from(String(inner.$bytes), 'base64'));
    return '$undefined' in inner ? undefined : inner;
  });
