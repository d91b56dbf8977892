import { expect, test } from 'vitest';
import en from '#resources/messages/en/cli.json' with { type: 'json' };
import es from '#resources/messages/es/cli.json' with { type: 'json' };
import { filesUnder, textOf } from './source-files.ts';

/** Stages that long work is said to be in, as the engine's sources name them. */
const stagesIn = (text: string): string[] =>
  [...text.matchAll(/\bprogress\(\s*'([a-zA-Z]+)'/gu)].map(([, stage = '']) => stage);

test('every stage of long work has words at the terminal, in both languages', () => {
  const stages = new Set(
    filesUnder('electron/core', /(?<!\.test)\.ts$/u).flatMap((path) => stagesIn(textOf(path))),
  );
  expect(stages.size).toBeGreaterThan(15);
  for (const words of [es, en] as readonly Readonly<Record<string, string>>[])
    expect([...stages].filter((stage) => words[`stage.${stage}`] === undefined)).toEqual([]);
});

test('finds a stage wherever it is named', () => {
  expect(stagesIn("task.progress('erasing', 0, 1);\ncall.task.progress(\n  'tables',\n  at)")).toEqual([
    'erasing',
    'tables',
  ]);
});
