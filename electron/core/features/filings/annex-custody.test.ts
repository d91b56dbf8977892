import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { annexCustody } from './annex-custody.ts';
import type { AnnexFile } from './annex-files.ts';
import { opensCommitment } from './package/commitment.ts';
import type { Plan } from './plan.ts';

const HASH = createHash('sha256').update('original').digest();
const at = (day: string): number => Date.parse(`2026-05-${day}T03:00:00.000Z`);
const custody = [
  { action: 'received', at: at('28') },
  { action: 'exported', at: at('29') },
  { action: 'copied', at: at('29') },
  { action: 'verified', at: at('30') },
  { action: 'returned', at: at('31') },
];

const made = (treatment: string, seed = 'a') => {
  const item = { id: 'one', sha256: HASH };
  const plan = {
    item: { language: 'es', settings: { seed: seed.repeat(64) } },
    material: { evidence: [{ ...item, custody }] },
    until: at('30'),
  } as unknown as Plan;
  const annexes = [{ plan: { number: 4, setting: { treatment }, item } }] as unknown as AnnexFile[];
  return annexCustody(plan, annexes, { day: '2026-06-02', zone: 'America/Mexico_City' });
};

test('steps by day, nobody by name, nothing of other recipients, nothing after the check', () => {
  const { steps } = made('reencode');
  expect(steps.map(({ step, day, event }) => [step, day, event])).toEqual([
    [1, '2026-05-27', 'Recibida'],
    [2, '2026-05-29', 'Verificada'],
    [3, '2026-06-02', 'Incluida en una salida'],
  ]);
  expect(new Set(steps.map(({ who }) => who))).toEqual(new Set(['la organización que documenta']));
});

test('a derived copy has a commitment to its original that opens; two packages cannot be joined by it', () => {
  const { steps, openings } = made('reencode');
  const [commitment = ''] = steps.flatMap(({ originalCommitment }) => originalCommitment ?? []);
  expect(openings.map(({ number }) => number)).toEqual([4]);
  expect(opensCommitment(commitment, Buffer.from(openings[0]?.opening ?? '', 'hex'), HASH)).toBe(true);
  expect(JSON.stringify(steps)).not.toContain(HASH.toString('hex'));
  expect(made('reencode')).toEqual({ steps, openings });
  expect(JSON.stringify(made('reencode', 'b').steps)).not.toContain(commitment);
});

test('what goes whole needs no commitment', () => {
  const { steps, openings } = made('whole');
  expect(openings).toEqual([]);
  expect(steps.every(({ originalCommitment }) => originalCommitment === null)).toBe(true);
  expect(steps.at(-1)?.note).toContain('tal como se recibió');
});
