import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PersonId } from '#shared/model/ids.ts';
import { codeOf, freshBench, openCase } from './backup-bench.ts';
import { PASSPHRASE, type Bench } from './harness.ts';
import { addPerson, becomes, passphraseOf } from './people.ts';

const MARTA = 'Marta Sol';
const grounds = { reason: 'se pidió', legalBasis: 'Oposición' };
let bench: Bench;
let hidden: PersonId;
let shared: PersonId;
let sealed: string;

/** A sealed case that Marta, a coordinator, does not see: one person is in it alone, another in an open one too. */
beforeEach(async () => {
  bench = await freshBench();
  await addPerson(bench, MARTA, 'coordination');
  const { id: open } = await openCase('V-1');
  const { id: closed } = await openCase('V-2');
  sealed = closed;
  ({ id: hidden } = await bench.call('persons.record', { name: 'Persona Oculta', caseId: closed }));
  ({ id: shared } = await bench.call('persons.record', { name: 'Persona Compartida', caseId: closed }));
  await bench.call('cases.addPerson', { caseId: open, personId: shared, roles: ['beneficiary'] });
  const { rows } = await bench.call('access.people', {});
  await bench.call('access.setCase', {
    caseId: open,
    visibility: 'open',
    people: rows.map((one) => one.slotId),
    responsible: rows[0]?.slotId ?? '',
  });
  const { responsible } = await bench.call('access.ofCase', { caseId: closed });
  const own = responsible?.slotId ?? '';
  await bench.call('access.setCase', {
    caseId: closed,
    visibility: 'sealed',
    people: [own],
    responsible: own,
  });
});
afterEach(async () => {
  await bench.end();
});

const holdOf = async (personId: PersonId): Promise<string> =>
  (await bench.call('erasure.held', {})).rows.find((row) => row.personId === personId)?.hold ?? 'none';
const order = (personId: PersonId) => ({ personId, requestId: null, ...grounds });

test('somebody known from hidden cases only can be neither held back nor released, nor is she listed', async () => {
  await becomes(bench, passphraseOf(MARTA));
  for (const method of ['erasure.restrict', 'erasure.block'] as const)
    expect(await codeOf(bench.call(method, order(hidden)))).toBe('record.notFound');
  const release = () => bench.call('erasure.release', { personId: hidden, reason: 'x' });
  expect(await codeOf(release())).toBe('record.notFound');
  await becomes(bench, PASSPHRASE);
  expect(await holdOf(hidden)).toBe('none');
  await bench.call('erasure.block', order(hidden));
  await bench.call('erasure.restrict', order(shared));
  await becomes(bench, passphraseOf(MARTA));
  // The list goes on for those whom she may know of.
  const { rows } = await bench.call('erasure.held', {});
  expect(rows.map((row) => row.personId)).toEqual([shared]);
  expect(await codeOf(release())).toBe('record.notFound');
  await becomes(bench, PASSPHRASE);
  expect(await holdOf(hidden)).toBe('blocked');
});

test('what is being prepared in a case out of sight is not touched: all of it is in sight, or nothing is done', async () => {
  await becomes(bench, passphraseOf(MARTA));
  // Nothing of hers is under way anywhere: she is in sight, so she can be held back.
  await bench.call('erasure.restrict', order(shared));
  await bench.call('erasure.release', { personId: shared, reason: 'x' });
  await becomes(bench, PASSPHRASE);
  await bench.call('exports.prepare', {
    caseId: sealed as never,
    profile: 'iachr-precautionary',
    recipient: 'Mecanismo',
    purpose: 'Prueba',
    language: 'es',
  });
  await becomes(bench, passphraseOf(MARTA));
  for (const method of ['erasure.restrict', 'erasure.block'] as const)
    expect(await codeOf(bench.call(method, order(shared)))).toBe('erasure.holdOutOfSight');
  expect(await holdOf(shared)).toBe('none');
  await becomes(bench, PASSPHRASE);
  await bench.call('erasure.block', order(shared));
  expect(await holdOf(shared)).toBe('blocked');
  await becomes(bench, passphraseOf(MARTA));
  expect(await codeOf(bench.call('erasure.release', { personId: shared, reason: 'x' }))).toBe(
    'erasure.holdOutOfSight',
  );
  expect(await holdOf(shared)).toBe('blocked');
});
