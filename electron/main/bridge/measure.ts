export interface Room {
  /** Characters of text, keys and structure, about as many as the JSON would have. */
  readonly chars: number;
  /** Bytes of memory behind byte arrays. */
  readonly bytes: number;
}

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/**
 * Whether a message from a window is plain data (text, numbers, flags, lists, records, `Uint8Array`) and small
 * enough to be copied on to the engine. What a structured clone can carry besides (maps, sets, dates, buffers,
 * other views) is nothing that a method takes, and would be a way past the measuring. A byte array counts with the
 * whole buffer behind it, since that is what is copied. Ends early on lists with a made-up length, cycles and the
 * same part named a million times: everything that is visited costs room.
 */
export const fits = (message: unknown, room: Room): boolean => {
  let { chars, bytes } = room;
  const rest: unknown[] = [message];
  while (rest.length > 0) {
    const value = rest.pop();
    chars -= 1;
    if (typeof value === 'string') chars -= value.length;
    else if (typeof value === 'number') chars -= 8;
    else if (value instanceof Uint8Array) bytes -= Math.max(value.length, value.buffer.byteLength);
    else if (Array.isArray(value)) {
      chars -= value.length;
      if (chars < 0) return false;
      for (const item of value as unknown[]) rest.push(item);
    } else if (typeof value === 'object' && value !== null) {
      if (!isPlain(value)) return false;
      for (const [key, member] of Object.entries(value)) {
        chars -= key.length + 3;
        rest.push(member);
      }
    } else if (value !== null && value !== undefined && typeof value !== 'boolean') return false;
    if (chars < 0 || bytes < 0) return false;
  }
  return true;
};
