/** How many frames of a stack are worth a line in the log. */
const MAX_FRAMES = 8;

/**
 * The places in our own files that a thrown error passed through, as `file:line`. The message is never read:
 * messages of foreign errors quote content and paths.
 */
export function ownFrames(thrown: unknown): string[] {
  if (!(thrown instanceof Error) || typeof thrown.stack !== 'string') return [];
  const frames: string[] = [];
  for (const line of thrown.stack.split('\n')) {
    if (!/^\s+at /.test(line) || line.includes('node_modules') || line.includes('node:')) continue;
    const place = /([\w.-]+\.(?:ts|js|mjs|cjs)):(\d+):\d+\)?$/.exec(line);
    if (place?.[1] !== undefined && place[2] !== undefined) frames.push(`${place[1]}:${place[2]}`);
    if (frames.length === MAX_FRAMES) break;
  }
  return frames;
}
