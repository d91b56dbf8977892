import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CallOutput } from '#shared/contract/index.ts';
import { ERASURE_CONFIRMATIONS } from '#shared/contract/erasure.ts';
import { evidenceIdSchema } from '#shared/model/ids.ts';
import {
  back,
  codeOf,
  contentOf,
  freshBench,
  loseVault,
  newTarget,
  openCase,
  restoreInput,
  SECRET,
  takeFile,
  targetPath,
} from './backup-bench.ts';
import { Bench } from './harness.ts';
import { consentGiven, planWithout } from './restoring.ts';

const DELETE = ERASURE_CONFIRMATIONS.deleteEvidence.es;
let bench: Bench;

beforeEach(async () => {
  bench = await freshBench();
});
afterEach(async () => {
  await bench.end();
});

const objectsOn = (root: string): string[] =>
  readdirSync(join(root, 'objects'))
    .filter((name) => name.length === 2)
    .flatMap((name) => readdirSync(join(root, 'objects', name)));

describe('a run', () => {
  test('brings everything to an empty folder, then nothing twice', async () => {
    await openCase('R-1');
    await takeFile('foto.bin', Buffer.alloc(150_000, 7));
    const first = await bench.call('backup.run', { target: newTarget() });
    expect(first).toMatchObject({ newSnapshot: true, copiedObjects: 1, removedObjects: 0, olderKeys: [] });
    expect(first.warnings).toEqual(['sameDisk']);
    expect(first.target.snapshots).toHaveLength(1);
    expect(readdirSync(targetPath()).sort()).toEqual(['catalogue.json', 'headers', 'objects', 'snapshots']);
    const again = await bench.call('backup.run', { target: first.target.id });
    expect(again).toMatchObject({ newSnapshot: false, copiedObjects: 0, copiedBytes: 0 });
    expect(again.target.snapshots).toEqual(first.target.snapshots);
    await openCase('R-2');
    const third = await bench.call('backup.run', { target: newTarget() });
    expect(third).toMatchObject({ newSnapshot: true, copiedObjects: 0 });
    expect(third.target.id).toBe(first.target.id);
    expect(third.target.snapshots).toHaveLength(2);
  });

  test('verifies and rehearses', async () => {
    await openCase('V-1');
    await takeFile('audio.bin', Buffer.alloc(70_000, 3));
    const { target } = await bench.call('backup.run', { target: newTarget() });
    const verified = await bench.call('backup.verify', { target: target.id });
    expect(verified).toMatchObject({ ok: true, findings: [] });
    expect(verified.checked).toMatchObject({ snapshots: 1, objects: 1 });
    const rehearsed = await bench.call('backup.rehearse', { target: target.id, secret: SECRET });
    expect(rehearsed).toMatchObject({
      ok: true,
      findings: [],
      wentBack: false,
      changesBehind: 0,
      objects: 1,
    });
    expect(rehearsed.counts).toMatchObject({ cases: 1, evidence: 1 });
    const { reminder } = await bench.call('backup.state', {});
    expect(reminder).toMatchObject({ due: 'none', daysSinceSuccess: 0, changesSince: 0, targets: 1 });
  });

  test('restores into a new folder with a chain of its own', async () => {
    await openCase('X-1');
    const evidence = await takeFile('video.bin', Buffer.alloc(400_000, 9));
    const { target } = await bench.call('backup.run', { target: newTarget() });
    const day = target.snapshots[0]?.takenAt.slice(0, 10) ?? '';
    await bench.call('vault.lock', {});
    const source = bench.outTarget('targetFolder', targetPath());
    const seen = await bench.call('backup.inspect', { source, secret: SECRET });
    expect(seen).toMatchObject({ use: 'practice' });
    rmSync(bench.vaultFolder, { recursive: true });
    const input = { source, secret: SECRET, folder: bench.vaultTarget('create') };
    const plan = await bench.call('backup.planRestore', input);
    expect(plan.comparedWith).toBeNull();
    expect(existsSync(bench.vaultFolder)).toBe(false);
    const done = await bench.call('backup.restore', { ...input, confirmDay: plan.confirmDay, apply: false });
    expect(done).toMatchObject({ applied: 0, rotationAdvised: false, counts: { objects: 1 } });
    expect(day.length).toBe(10);
    await bench.unlock();
    const status = await bench.call('vault.status', {});
    expect(status.readOnlyBecause).toBeUndefined();
    const report = await bench.call('vault.check', { objects: 'content' });
    expect(report.findings).toEqual([]);
    await bench.call('evidence.verify', { id: evidence } as never);
    expect(objectsOn(bench.vaultFolder)).toHaveLength(1);
  });
});

describe('a target that cannot be used', () => {
  test('is refused by name, and nothing on it is touched', async () => {
    await openCase('B-1');
    mkdirSync(targetPath('fotos'));
    writeFileSync(join(targetPath('fotos'), 'boda.jpg'), 'ajeno');
    const before = contentOf(targetPath('fotos'));
    expect(await codeOf(back('fotos'))).toBe('backup.folderNotEmpty');
    expect(contentOf(targetPath('fotos'))).toEqual(before);
    const inside = bench.outTarget('targetFolder', join(bench.vaultFolder, 'copia'));
    expect(await codeOf(bench.call('backup.run', { target: inside }))).toBe('backup.insideVault');
    const above = bench.outTarget('targetFolder', bench.folder);
    expect(await codeOf(bench.call('backup.run', { target: above }))).toBe('backup.insideVault');
    const missing = bench.outTarget('targetFolder', targetPath('no-esta'));
    expect(await codeOf(bench.call('backup.run', { target: missing }))).toBe('backup.targetMissing');
    // What a first run leaves that died before its first list is taken up.
    for (const name of ['snapshots', 'headers', 'objects/.tmp']) {
      mkdirSync(join(targetPath('empezada'), name), { recursive: true });
    }
    expect((await back('empezada')).newSnapshot).toBe(true);
    mkdirSync(join(targetPath('parecida'), 'objects', 'aa'), { recursive: true });
    expect(await codeOf(back('parecida'))).toBe('backup.folderNotEmpty');
    // What systems put on a fresh stick is not somebody's.
    mkdirSync(join(targetPath('nueva'), 'System Volume Information'), { recursive: true });
    expect((await back('nueva')).newSnapshot).toBe(true);
  });

  test("another vault's backup, and a stick in the place of another", async () => {
    await openCase('B-2');
    const { target } = await back();
    const other = await new Bench().create();
    try {
      await other.call('backup.run', {
        target: other.outTarget(
          'targetFolder',
          (mkdirSync(join(other.folder, 'usb')), join(other.folder, 'usb')),
        ),
      });
      cpSync(join(other.folder, 'usb'), targetPath('ajeno'), { recursive: true });
    } finally {
      await other.end();
    }
    const before = contentOf(targetPath('ajeno'));
    expect(await codeOf(back('ajeno'))).toBe('backup.otherVault');
    expect(contentOf(targetPath('ajeno'))).toEqual(before);
    // The same path, without the stick: nothing is begun in its name.
    cpSync(targetPath(), targetPath('aparte'), { recursive: true });
    rmSync(targetPath(), { recursive: true });
    mkdirSync(targetPath());
    expect(await codeOf(bench.call('backup.run', { target: target.id }))).toBe('backup.targetMissing');
    expect(readdirSync(targetPath())).toEqual([]);
    // Found again under another path, it is the same target.
    expect((await back('aparte')).target.id).toBe(target.id);
  });

  test('a list that is damaged, foreign or of a newer program', async () => {
    await openCase('B-3');
    const { target } = await back();
    const path = join(targetPath(), 'catalogue.json');
    const good = readFileSync(path, 'utf8');
    const outer = JSON.parse(good) as Record<string, unknown>;
    const cases: [string, string][] = [
      ['{', 'backup.catalogueUnreadable'],
      [JSON.stringify({ ...outer, version: 2 }), 'vault.newerFormat'],
      [JSON.stringify({ ...outer, mac: Buffer.alloc(32).toString('base64') }), 'none'],
    ];
    for (const [text, expected] of cases) {
      writeFileSync(path, text);
      const before = contentOf(targetPath());
      if (expected === 'none') break;
      expect(await codeOf(bench.call('backup.run', { target: target.id }))).toBe(expected);
      expect(contentOf(targetPath())).toEqual(before);
      const verdict = await bench.call('backup.verify', { target: target.id });
      expect(verdict.findings.map((finding) => finding.code)).toEqual([expected]);
    }
    // A changed body is neither under our key nor the one that we remember.
    const body = JSON.parse(Buffer.from(String(outer['body']), 'base64').toString()) as Record<
      string,
      unknown
    >;
    const forged = Buffer.from(JSON.stringify({ ...body, time: 1 })).toString('base64');
    writeFileSync(path, JSON.stringify({ ...outer, body: forged }));
    expect(await codeOf(bench.call('backup.run', { target: target.id }))).toBe('backup.catalogueDamaged');
    writeFileSync(path, good);
    expect((await bench.call('backup.run', { target: target.id })).newSnapshot).toBe(false);
  });
});

describe('a target that is not as it was left', () => {
  test('went back, lost a copy: named by run, verification and rehearsal', async () => {
    await openCase('W-1');
    await back();
    cpSync(targetPath(), targetPath('vieja'), { recursive: true });
    await openCase('W-2');
    const { target } = await back();
    rmSync(targetPath(), { recursive: true });
    cpSync(targetPath('vieja'), targetPath(), { recursive: true });
    const verified = await bench.call('backup.verify', { target: target.id });
    expect(verified.ok).toBe(false);
    expect(verified.warnings).toContain('wentBack');
    expect(verified.findings.map((finding) => finding.code).sort()).toEqual([
      'backup.snapshotMissing',
      'backup.wentBack',
    ]);
    const rehearsed = await bench.call('backup.rehearse', { target: target.id, secret: SECRET });
    // It opens and is whole, and yet it is an old copy in the place of a newer one.
    expect(rehearsed).toMatchObject({ ok: false, wentBack: true, lastSuccessAt: null });
    expect(rehearsed.changesBehind).toBeGreaterThan(0);
    const again = await bench.call('backup.run', { target: target.id });
    expect(again.warnings).toEqual(expect.arrayContaining(['wentBack', 'snapshotLost']));
    expect((await bench.call('backup.verify', { target: target.id })).ok).toBe(true);
    const newest = again.target.snapshots.at(-1);
    rmSync(join(targetPath(), 'snapshots', `${newest?.id}.db`));
    const lost = await bench.call('backup.run', { target: target.id });
    expect(lost.newSnapshot).toBe(true);
    expect(lost.warnings).toContain('snapshotLost');
    expect((await bench.call('backup.verify', { target: target.id })).ok).toBe(true);
  });

  test('holds a future that this vault does not know: nothing is written before somebody decides', async () => {
    await openCase('A-1');
    await back();
    await bench.call('vault.lock', {});
    cpSync(bench.vaultFolder, join(bench.folder, 'vieja'), { recursive: true });
    await bench.unlock();
    await openCase('A-2');
    const { target } = await back();
    await bench.call('vault.lock', {});
    rmSync(bench.vaultFolder, { recursive: true });
    cpSync(join(bench.folder, 'vieja'), bench.vaultFolder, { recursive: true });
    // A computer that never saw the newer vault: the target alone tells.
    rmSync(join(bench.folder, 'profile', 'anchors'), { recursive: true });
    await bench.unlock();
    const before = contentOf(targetPath());
    expect(await codeOf(bench.call('backup.run', { target: newTarget() }))).toBe('backup.targetAhead');
    expect(contentOf(targetPath())).toEqual(before);
    const forced = await bench.call('backup.run', { target: newTarget(), acceptAhead: true });
    expect(forced.warnings).toContain('ahead');
    // What the other future wrote is still there.
    const kept = forced.target.snapshots.map((one) => one.id);
    for (const snapshot of target.snapshots) expect(kept).toContain(snapshot.id);
  });
});

describe('what is kept', () => {
  test('three copies, or as many as asked; the newest never goes by hand', async () => {
    await bench.call('backup.setPreferences', { keep: 2 });
    let last: CallOutput<'backup.run'> | null = null;
    for (const code of ['K-1', 'K-2', 'K-3']) {
      await openCase(code);
      last = await back();
    }
    expect(last?.target.snapshots).toHaveLength(2);
    expect(readdirSync(join(targetPath(), 'snapshots'))).toHaveLength(2);
    const [older, newest] = last?.target.snapshots ?? [];
    const target = last?.target.id ?? '';
    const drop = (id: string) =>
      bench.call('backup.removeSnapshots', { target: target as never, snapshots: [id] });
    expect(await codeOf(drop(newest?.id ?? ''))).toBe('backup.lastSnapshot');
    expect(await codeOf(drop('0'.repeat(32)))).toBe('backup.snapshotUnknown');
    const removed = await drop(older?.id ?? '');
    expect(removed.target.snapshots.map((one) => one.id)).toEqual([newest?.id]);
    expect(readdirSync(join(targetPath(), 'snapshots'))).toEqual([`${newest?.id}.db`]);
    expect((await bench.call('backup.verify', { target: target as never })).ok).toBe(true);
  });

  test('nothing is taken off a target while a run writes to it', async () => {
    await openCase('O-1');
    await back();
    await openCase('O-2');
    const { target } = await back();
    const older = target.snapshots[0]?.id ?? '';
    const drop = () => bench.call('backup.removeSnapshots', { target: target.id, snapshots: [older] });
    await openCase('O-3');
    const both = await Promise.allSettled([bench.call('backup.run', { target: target.id }), drop()]);
    expect(both.map((one) => one.status)).toEqual(['fulfilled', 'rejected']);
    expect(both[1]).toMatchObject({ reason: { code: 'backup.targetBusy' } });
    await drop();
    expect((await bench.call('backup.verify', { target: target.id })).ok).toBe(true);
  });

  test('deleted evidence leaves the target at the next run; who still holds its key is listed', async () => {
    await openCase('D-1');
    const id = evidenceIdSchema.parse(await takeFile('d.bin', Buffer.alloc(90_000, 1)));
    const first = await back();
    expect(objectsOn(targetPath())).toHaveLength(1);
    const held = await bench.call('backup.holding', { evidence: id });
    expect(held.rows.map((row) => row.snapshot)).toEqual([first.target.snapshots[0]?.id]);
    await bench.call('evidence.delete', {
      evidenceId: id,
      reason: 'Pedida',
      legalBasis: 'Deseo',
      typed: DELETE,
    });
    const second = await back();
    expect(second.removedObjects).toBe(1);
    expect(objectsOn(targetPath())).toHaveLength(0);
    expect(second.target.snapshots.map((one) => one.holdsDeleted)).toEqual([true, false]);
    const still = await bench.call('backup.holding', { evidence: id });
    expect(still.rows.map((row) => row.snapshot)).toEqual([first.target.snapshots[0]?.id]);
    const before = await bench.call('backup.holding', { beforePosition: 1_000_000 });
    expect(before.rows).toHaveLength(2);
    expect((await bench.call('backup.verify', { target: second.target.id })).ok).toBe(true);
  });
});

describe('restoring', () => {
  test('takes away again what was taken away after the copy', async () => {
    const { id: caseId } = await openCase('T-1');
    const { takeBack } = await consentGiven(bench, caseId);
    const evidence = evidenceIdSchema.parse(await takeFile('t.bin', Buffer.alloc(80_000, 5)));
    const first = await back();
    await takeBack();
    await bench.call('evidence.delete', {
      evidenceId: evidence,
      reason: 'Pedida',
      legalBasis: 'Deseo',
      typed: DELETE,
    });
    const lost = await loseVault();
    const before = contentOf(targetPath('perdida'));
    const { plan, order } = await planWithout(bench, { ...restoreInput(), newer: lost });
    expect(plan.comparedWith).toBe('lostVault');
    expect(plan.laterChanges).toBeGreaterThan(0);
    expect(plan.comesBack.map((one) => one.kind).sort()).toEqual(['deletedEvidence', 'withdrawnConsent']);
    expect(
      await codeOf(bench.call('backup.restore', { ...order, confirmDay: '2020-01-01', planCode: undefined })),
    ).toBe('backup.confirmDay');
    expect(existsSync(bench.vaultFolder)).toBe(false);
    const done = await bench.call('backup.restore', order);
    expect(done.applied).toBe(2);
    // The lost vault was only read.
    expect(contentOf(targetPath('perdida'))).toEqual(before);
    await bench.unlock();
    expect((await bench.call('vault.status', {})).readOnlyBecause).toBeUndefined();
    const { rows } = await bench.call('consents.list', { caseId });
    expect(rows.map((row) => row.answer)).toEqual(['withdrawn']);
    expect(objectsOn(bench.vaultFolder)).toEqual([]);
    const report = await bench.call('vault.check', { objects: 'content' });
    expect(report.findings).toEqual([]);
    expect(first.target.snapshots).toHaveLength(1);
  });

  test('without anything newer it asks by date, and brings back what it holds', async () => {
    await openCase('N-1');
    await back();
    await openCase('N-2');
    await bench.call('vault.lock', {});
    rmSync(bench.vaultFolder, { recursive: true });
    const { plan, order } = await planWithout(bench, restoreInput());
    expect(plan).toMatchObject({ comparedWith: null, comesBack: [] });
    expect(plan.laterChanges).toBeGreaterThan(0);
    expect(await codeOf(bench.call('backup.restore', order))).toBe('backup.nothingToCompare');
    expect(readdirSync(bench.folder)).not.toContain('vault.restoring');
    await bench.call('backup.restore', { ...order, apply: false });
    await bench.unlock();
    const { total } = await bench.call('cases.list', {});
    expect(total).toBe(1);
    // It goes on: a new chain, and backups to the same target, whose copy it is itself the child of.
    expect((await back()).newSnapshot).toBe(true);
  });

  test('refuses wrong words, damaged copies and places that are taken', async () => {
    await openCase('F-1');
    await takeFile('f.bin', Buffer.alloc(70_000, 2));
    await back();
    await bench.call('vault.lock', {});
    const input = restoreInput();
    expect(await codeOf(bench.call('backup.planRestore', input))).toBe('vault.exists');
    rmSync(bench.vaultFolder, { recursive: true });
    const wrong = { kind: 'passphrase', passphrase: 'otra cosa muy distinta' } as const;
    expect(await codeOf(bench.call('backup.inspect', { source: input.source, secret: wrong }))).toBe(
      'vault.wrongPassphrase',
    );
    const empty = bench.outTarget('targetFolder', targetPath('vacia'));
    mkdirSync(targetPath('vacia'));
    expect(await codeOf(bench.call('backup.inspect', { source: empty, secret: SECRET }))).toBe(
      'backup.notABackup',
    );
    const day = (await bench.call('backup.planRestore', input)).confirmDay;
    const restore = () => bench.call('backup.restore', { ...input, confirmDay: day, apply: false });
    const files = Object.keys(contentOf(targetPath()));
    const damage: [RegExp, string[]][] = [
      [/snapshots/u, ['backup.snapshotDamaged']],
      [/objects/u, ['evidence.objectDamaged']],
      [/headers/u, ['backup.headerDamaged', 'vault.headerDamaged', 'vault.wrongPassphrase']],
      [/catalogue/u, ['backup.catalogueUnreadable', 'backup.catalogueDamaged']],
    ];
    for (const [kind, codes] of damage) {
      const path = join(targetPath(), files.find((name) => kind.test(name)) ?? 'none');
      const good = readFileSync(path);
      const bad = Buffer.from(good);
      bad[Math.floor(bad.length / 2)] = (bad[Math.floor(bad.length / 2)] ?? 0) ^ 4;
      for (const bytes of [bad, good.subarray(0, good.length - 100)]) {
        writeFileSync(path, bytes);
        const code = await codeOf(restore());
        expect([...codes, 'evidence.objectTruncated', 'backup.headerDamaged']).toContain(code);
        expect(existsSync(bench.vaultFolder)).toBe(false);
        expect(readdirSync(bench.folder)).not.toContain('vault.restoring');
      }
      writeFileSync(path, good);
    }
    await restore();
    expect(statSync(bench.vaultFolder).isDirectory()).toBe(true);
    await bench.unlock();
  }, 120_000);
});
