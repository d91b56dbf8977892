import { expect, it } from 'vitest';
import type { LeakReport } from '#shared/contract/leak-report.ts';
import { noteHits, noteRefused } from './export-findings.ts';
import { messagesIn } from './messages.ts';
import type { Output } from './output.ts';

const hit = (id: string, verdict: 'open' | 'other') => ({
  ...{ id, file: 'peticion.pdf', where: 'p. 1', before: 'dijo ', found: 'Tlatoani', after: ' que' },
  verdict: verdict === 'open' ? null : verdict,
});
const report = {
  hits: [
    ...Array.from({ length: 32 }, (_none, at) => hit(`hit-${String(at)}`, 'open')),
    hit('kept', 'other'),
  ],
  undecoded: [{ file: 'anexo de Tlatoani.bin', where: '', reason: 'unknown' }],
  outsideAllowList: [{ file: 'peticion.pdf', where: 'p. 1', name: 'Author: Tlatoani' }],
} as unknown as LeakReport;

const noted = (
  isRead: boolean,
  note: (output: Output, report: LeakReport) => void = noteRefused,
): string[] => {
  const lines: string[] = [];
  const output: Output = {
    messages: messagesIn('en'),
    json: false,
    isRead,
    result: () => undefined,
    note: (text) => lines.push(text),
  };
  note(output, report);
  return lines;
};

it('shows who reads it what was found and where', () => {
  const lines = noted(true);
  expect(lines[0]).toBe('  hit-0  peticion.pdf (p. 1): …dijo [Tlatoani] que…');
  expect(lines.slice(0, 30).every((line) => line.includes('[Tlatoani]'))).toBe(true);
  expect(lines[30]).toContain('2');
  expect(lines.slice(31)).toHaveLength(2);
});

it('gives a log ids and numbers, none of what was found', () => {
  const lines = noted(false);
  expect(lines.join('\n')).not.toContain('Tlatoani');
  expect(lines.join('\n')).not.toContain('dijo');
  expect(lines.slice(0, 30)).toEqual(Array.from({ length: 30 }, (_none, at) => `  hit-${String(at)}`));
  expect(lines[31]).toMatch(/: 2$/u);
  expect(lines).toHaveLength(33);
});

it('shows who signs everything that somebody kept, however much that is', () => {
  const lines = noted(true, (output, { hits }) => noteHits(output, hits));
  expect(lines).toHaveLength(33);
  expect(lines.every((line) => line.includes('[Tlatoani]'))).toBe(true);
});
