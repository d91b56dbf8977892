/** `count` bytes that go up by one from `first`, as the vectors of the formats use them. */
export const sequence = (first: number, count: number): Buffer =>
  Buffer.from(Uint8Array.from({ length: count }, (_, i) => (first + i) & 0xff));
