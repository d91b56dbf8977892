import { spawn, type ChildProcess } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { residentBytes, watchMemory } from './memory-watch.ts';

const MIB = 1024 * 1024;
const children: ChildProcess[] = [];
const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A process that keeps `megabytes` outside of Node's heap. */
const holding = async (megabytes: number): Promise<number> => {
  const program = `const kept=Buffer.alloc(${megabytes * MIB},1);process.stdout.write('.');setInterval(()=>kept[0],1000)`;
  const child = spawn(process.execPath, ['--max-old-space-size=64', '-e', program]);
  children.push(child);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child.pid ?? 0;
};

describe.skipIf(process.platform !== 'linux')('memory of a parser that the shell started (Linux)', () => {
  it('above the limit is noticed once, below it never', async () => {
    const [large, small] = await Promise.all([holding(300), holding(1)]);
    let noticed = 0;
    let falsely = 0;
    stops.push(
      watchMemory(
        () => residentBytes(large),
        200 * MIB,
        () => (noticed += 1),
      ),
    );
    stops.push(
      watchMemory(
        () => residentBytes(small),
        200 * MIB,
        () => (falsely += 1),
      ),
    );
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect([noticed, falsely]).toEqual([1, 0]);
  });

  it('of a process that is gone is nothing', () => {
    expect(residentBytes(2 ** 30)).toBeNull();
  });
});
