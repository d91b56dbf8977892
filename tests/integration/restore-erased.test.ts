import { cpSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { everyCell, indexedWords, openDirectly } from '../support/stored-text.ts';
import { back, codeOf, contentOf, freshBench, loseVault, openCase, restoreInput } from './backup-bench.ts';
import type { Bench } from './harness.ts';
import { eraseBlocked, GROUNDS, planWithout, restoreWhole } from './restoring.ts';

let bench: Bench;

beforeEach(async () => {
  bench = await freshBench();
});
afterEach(async () => {
  await bench.end();
});

describe('a restore', () => {
  const lose = async () => planWithout(bench, { ...restoreInput(), newer: await loseVault() });

  test('holds people back again who were blocked, and closes cases again that were closed', async () => {
    const { id: caseId } = await openCase('H-1');
    const name = 'Persona Resguardada';
    const { id: personId } = await bench.call('persons.record', { name, caseId });
    const { id: other } = await bench.call('persons.record', { name: 'Otra Inventada', caseId });
    await back();
    await bench.call('erasure.block', { personId, requestId: null, ...GROUNDS });
    await bench.call('erasure.restrict', { personId: other, requestId: null, ...GROUNDS });
    const { responsible } = await bench.call('access.ofCase', { caseId });
    const sealing = {
      caseId,
      visibility: 'sealed',
      people: [responsible?.slotId],
      responsible: responsible?.slotId,
    };
    await bench.call('access.setCase', sealing as never);
    const { plan, order } = await lose();
    expect(plan.comesBack.map((one) => [one.kind, one.title]).sort()).toEqual([
      ['closedCase', 'H-1 Caso H-1'],
      ['heldPerson', 'Otra Inventada'],
      ['heldPerson', name],
    ]);
    expect((await bench.call('backup.restore', order)).applied).toBe(3);
    await bench.unlock();
    expect(await codeOf(bench.call('persons.get', { id: personId }))).toBe('person.blocked');
    expect((await bench.call('search.everything', { text: 'Resguardada' })).hits).toEqual([]);
    expect((await bench.call('access.ofCase', { caseId })).visibility).toBe('sealed');
    expect((await bench.call('vault.check', { objects: 'content' })).findings).toEqual([]);
  });

  test('what was erased is in no draft, no found text and no word of the index either', async () => {
    const { id: caseId } = await openCase('E-1');
    const name = 'Zenobia Quetzalli';
    const { id: personId } = await bench.call('persons.record', { name, caseId });
    await bench.call('drafts.save', {
      id: 'draft-1',
      form: 'incident',
      title: name,
      payload: JSON.stringify({ narrative: `Llamó ${name}` }),
    });
    const path = join(bench.folder, 'acta.txt');
    writeFileSync(path, `Acta: asistió ${name}.`);
    await bench.call('evidence.take', { source: bench.fileTarget(path), caseId });
    rmSync(path);
    const device = await bench.call('devices.record', { caseId, kind: 'phone', make: 'Lumina', model: 'L7' });
    const { id: examinationId } = await bench.call('examinations.record', {
      deviceId: device.id,
      basis: 'owner',
    });
    await bench.call('findings.enter', { examinationId, module: 'sms', observed: `de ${name}` });
    await back();
    await bench.call('erasure.block', { personId, requestId: null, ...GROUNDS });
    await eraseBlocked(bench, personId);
    // What the erasure changed under the digest of a pass of matching is bound by it again.
    expect((await bench.call('vault.check', { objects: 'content' })).findings).toEqual([]);
    const { plan, order } = await lose();
    expect(plan.comesBack.map((one) => one.kind)).toContain('erasedEntry');
    await bench.call('backup.restore', order);
    const vault = await openDirectly(bench.ports, bench.vaultFolder);
    const left = everyCell(vault).filter(({ text }) => /zenobia|quetzalli/iu.test(text));
    const words = indexedWords(vault).filter((word) => /zenobia|quetzalli/u.test(word));
    await vault.close();
    expect([left.map((cell) => cell.table), words]).toEqual([[], []]);
    await bench.unlock();
    expect((await bench.call('vault.check', { objects: 'content' })).findings).toEqual([]);
  });

  test('a whole vault that happens to lie where a restore works is never removed', async () => {
    await openCase('L-1');
    await back();
    await bench.call('vault.lock', {});
    const beside = `${bench.vaultFolder}.restoring`;
    cpSync(bench.vaultFolder, beside, { recursive: true });
    rmSync(bench.vaultFolder, { recursive: true });
    const before = contentOf(beside);
    const input = restoreInput();
    expect(await codeOf(bench.call('backup.planRestore', input))).toBe('disk.targetExists');
    const confirmDay = new Date(bench.ports.clock.now()).toISOString().slice(0, 10);
    const order = { ...input, confirmDay, apply: false };
    expect(['disk.targetExists', 'backup.confirmDay']).toContain(
      await codeOf(bench.call('backup.restore', order)),
    );
    expect(contentOf(beside)).toEqual(before);
    // One that a restore left bears its mark, and goes; opening it as a vault takes the mark off.
    writeFileSync(join(beside, '.726573746f72696e.tmp'), '');
    await bench.call('backup.planRestore', input);
    expect(existsSync(beside)).toBe(false);
    await restoreWhole(bench, input);
    expect(readdirSync(bench.vaultFolder)).not.toContain('.726573746f72696e.tmp');
    writeFileSync(join(bench.vaultFolder, '.726573746f72696e.tmp'), '');
    await bench.unlock();
    expect(readdirSync(bench.vaultFolder)).not.toContain('.726573746f72696e.tmp');
  });
});
