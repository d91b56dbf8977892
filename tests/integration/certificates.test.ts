import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PersonId } from '#shared/model/ids.ts';
import { back, codeOf, freshBench, loseVault, openCase, restoreInput } from './backup-bench.ts';
import type { Bench } from './harness.ts';
import { addPerson, becomes, passphraseOf, takeOut } from './people.ts';

/** Sheets to be signed: what was closed, read back out of the PDF by another program. */
let bench: Bench;
beforeEach(async () => {
  bench = await freshBench();
});
afterEach(async () => {
  await bench.end();
});
const place = (name: string): string => join(bench.folder, name);
const textOf = (path: string): string =>
  execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' }).replace(/\s+/gu, ' ');
const shaOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

test('the certificate of closing says what is closed, what was collected and what still opens; both sign', async () => {
  const marta = await addPerson(bench, 'Marta Sol', 'team');
  await back('memoria-azul');
  const ask = (name: string, language: 'es' | 'en' = 'es') =>
    bench.call('leaving.certificate', {
      slotId: marta,
      collected: ['usb', 'elsewhere'],
      target: bench.outTarget('targetFile', place(name)),
      language,
    });
  // While she can get in there is nothing to certify.
  expect(await codeOf(ask('antes.pdf'))).toBe('leaving.stillOpen');
  await takeOut(bench, [marta]);
  const { journalPosition, journalHead } = await bench.call('leaving.of', { slotId: marta });
  const written = await ask('cierre.pdf');
  expect(shaOf(place('cierre.pdf'))).toBe(written.sha256);
  const text = textOf(place('cierre.pdf'));
  for (const words of [
    'Constancia de cierre de acceso',
    'Marta Sol',
    'Julia Bermejo Anaya',
    'Quien sale',
    'Quien cierra',
    'Devolvió memorias y respaldos.',
    'Se cerraron sus cuentas fuera de la bóveda.',
    'memoria-azul',
    `entrada ${String(journalPosition)}`,
  ])
    expect(text).toContain(words);
  expect(text.replace(/\s/gu, '')).toContain(journalHead);
  expect(text).not.toContain('Devolvió su hoja');
  // Never over what is there; and in the other language, too.
  expect(await codeOf(ask('cierre.pdf'))).toBe('disk.targetExists');
  await ask('closing.pdf', 'en');
  expect(textOf(place('closing.pdf'))).toContain('Certificate that access was closed');
  expect((await bench.call('vault.check', { objects: 'content' })).findings).toEqual([]);
});

test('the certificate of erasure bears the code, and nothing by which she is known', async () => {
  const { id: personId } = await bench.call('persons.record', {
    name: 'Ximena Altamirano Cruz',
    aliases: ['La Calandria'],
  });
  writeFileSync(place('nota.txt'), 'x');
  await bench.call('evidence.take', { source: bench.fileTarget(place('nota.txt')), fromPersonId: personId });
  const ask = (name: string) =>
    bench.call('erasure.certificate', {
      personId,
      target: bench.outTarget('targetFile', place(name)),
      language: 'es',
    });
  await back('memoria-roja');
  const basis = { personId, requestId: null, reason: 'lo pidió ella', legalBasis: 'LFPDPPP, cancelación' };
  expect(await codeOf(ask('antes.pdf'))).toBe('erasure.notErased');
  await bench.call('erasure.block', basis);
  expect(await codeOf(ask('antes.pdf'))).toBe('erasure.notErased');
  const { evidence, mentions } = await bench.call('erasure.preview', { personId });
  const { code } = await bench.call('erasure.erase', {
    ...basis,
    evidence: evidence.map((one) => ({ evidenceId: one.id, action: 'delete' as const })),
    keepMentions: [],
    replaceMentions: mentions.filter((one) => !one.certain).map((one) => one.id),
    copies: 'block',
    language: 'es',
    typed: 'suprimir',
  });
  const written = await ask('supresion.pdf');
  expect(shaOf(place('supresion.pdf'))).toBe(written.sha256);
  const text = textOf(place('supresion.pdf'));
  for (const words of [code, 'lo pidió ella', 'LFPDPPP, cancelación', 'memoria-roja', 'Julia Bermejo Anaya'])
    expect(text).toContain(words);
  for (const hers of ['Ximena', 'Altamirano', 'Calandria']) expect(text).not.toContain(hers);
  expect((await bench.call('vault.check', { objects: 'content' })).findings).toEqual([]);
});

const grounds = { requestId: null, reason: 'lo pidió ella', legalBasis: 'Cancelación' };
const erase = async (personId: PersonId): Promise<void> => {
  await bench.call('erasure.block', { personId, ...grounds });
  const { mentions } = await bench.call('erasure.preview', { personId });
  await bench.call('erasure.erase', {
    personId,
    ...grounds,
    evidence: [],
    keepMentions: [],
    replaceMentions: mentions.filter((one) => !one.certain).map((one) => one.id),
    copies: 'erase',
    language: 'es',
    typed: 'suprimir',
  });
};
const certify = (personId: PersonId, name: string) =>
  bench.call('erasure.certificate', {
    personId,
    target: bench.outTarget('targetFile', place(name)),
    language: 'es',
  });

test('after a restore that did it again both are certified: the erasure with all backups, and the closing', async () => {
  const luis = await addPerson(bench, 'Luis Cano', 'team');
  const { id: personId } = await bench.call('persons.record', { name: 'Ximena Altamirano Cruz' });
  await back('usb');
  await erase(personId);
  await takeOut(bench, [luis]);
  const input = { ...restoreInput(), newer: await loseVault() };
  const { confirmDay, planCode } = await bench.call('backup.planRestore', input);
  await bench.call('backup.restore', { ...input, confirmDay, planCode, apply: true });
  await bench.unlock();
  await certify(personId, 'supresion.pdf');
  expect(textOf(place('supresion.pdf'))).toContain('usb, copia del');
  const closed = await bench.call('leaving.of', { slotId: luis });
  expect([closed.closedAt === null, closed.closedBy]).toEqual([false, 'Julia Bermejo Anaya']);
  await bench.call('leaving.certificate', {
    slotId: luis,
    collected: [],
    target: bench.outTarget('targetFile', place('cierre.pdf')),
    language: 'es',
  });
  expect(textOf(place('cierre.pdf'))).toContain('Luis Cano');
}, 120_000);

test('no certificate about somebody of a case that is out of sight', async () => {
  const { id: caseId } = await openCase('C-1');
  const { id: personId } = await bench.call('persons.record', { name: 'Ximena Altamirano Cruz', caseId });
  await erase(personId);
  await addPerson(bench, 'Marta Sol', 'coordination');
  const { responsible } = await bench.call('access.ofCase', { caseId });
  if (responsible === null) throw new Error('nobody answers for the case');
  await bench.call('access.setCase', {
    caseId,
    visibility: 'sealed',
    people: [responsible.slotId],
    responsible: responsible.slotId,
  });
  await becomes(bench, passphraseOf('Marta Sol'));
  expect(await codeOf(certify(personId, 'supresion.pdf'))).toBe('record.notFound');
  expect(existsSync(place('supresion.pdf'))).toBe(false);
});
