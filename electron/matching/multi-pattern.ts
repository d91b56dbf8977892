/**
 * Finds many words in one pass over a text (Aho and Corasick, 1975). Built once for a filing, used on
 * every decoded part; time does not grow with the number of words.
 */
export interface MultiPattern {
  /** Calls `onMatch(pattern, end)` for each occurrence; `end` is the offset after its last unit. */
  scan(text: string, onMatch: (pattern: number, end: number) => void): void;
  readonly size: number;
}

/** Takes non-empty patterns; equal patterns are reported under the first one's index only. */
export const multiPattern = (patterns: readonly string[]): MultiPattern => {
  const classOf = new Uint16Array(65_536);
  let classes = 1;
  let length = 0;
  for (const pattern of patterns) {
    length += pattern.length;
    for (let at = 0; at < pattern.length; at += 1) {
      const unit = pattern.charCodeAt(at);
      if (classOf[unit] === 0) {
        classOf[unit] = classes;
        classes += 1;
      }
    }
  }
  const width = classes;
  const next = new Int32Array((length + 1) * width);
  const output = new Int32Array(length + 1).fill(-1);
  let states = 1;
  patterns.forEach((pattern, index) => {
    let state = 0;
    for (let at = 0; at < pattern.length; at += 1) {
      const cell = state * width + (classOf[pattern.charCodeAt(at)] ?? 0);
      if (next[cell] === 0) {
        next[cell] = states;
        states += 1;
      }
      state = next[cell] ?? 0;
    }
    if (state !== 0 && output[state] === -1) output[state] = index;
  });
  const fail = new Int32Array(states);
  const shorter = new Int32Array(states).fill(-1);
  const queue: number[] = [];
  for (let unit = 1; unit < width; unit += 1) if (next[unit] !== 0) queue.push(next[unit] ?? 0);
  for (let head = 0; head < queue.length; head += 1) {
    const state = queue[head] ?? 0;
    const back = fail[state] ?? 0;
    shorter[state] = output[back] === -1 ? (shorter[back] ?? -1) : back;
    for (let unit = 1; unit < width; unit += 1) {
      const cell = state * width + unit;
      const to = next[cell] ?? 0;
      const other = next[back * width + unit] ?? 0;
      if (to === 0) next[cell] = other;
      else {
        fail[to] = other;
        queue.push(to);
      }
    }
  }
  return {
    size: patterns.length,
    scan(text, onMatch) {
      let state = 0;
      for (let at = 0; at < text.length; at += 1) {
        state = next[state * width + (classOf[text.charCodeAt(at)] ?? 0)] ?? 0;
        if (state === 0) continue;
        if (output[state] !== -1) onMatch(output[state] ?? 0, at + 1);
        for (let link = shorter[state] ?? -1; link > 0; link = shorter[link] ?? -1) {
          if (output[link] !== -1) onMatch(output[link] ?? 0, at + 1);
        }
      }
    },
  };
};
