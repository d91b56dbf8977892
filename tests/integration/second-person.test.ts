import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { CallInput } from '#shared/contract/index.ts';
import { PRESETS } from '#shared/model/roster.ts';
import type { ExportId } from '#shared/model/ids.ts';
import { trustedSql } from '../../electron/core/db/sql.ts';
import { openDirectly } from '../support/stored-text.ts';
import { Case, code } from './export-case.ts';
import { Bench, PASSPHRASE } from './harness.ts';

// Each approval is about a whole export, made, read back and searched: minutes on a busy machine.
vi.setConfig({ testTimeout: 400_000, hookTimeout: 400_000 });

const MARTA = 'papel gallina reloj verde tornillo';
const LUIS = 'ventana lluvia motor azul cuchara';
const form = 'filing' as const;

let bench: Bench;
let example: Case;
let marta: string;
let luis: string;
const own = { passphrase: PASSPHRASE };

const add = async (name: string, passphrase: string, preset: keyof typeof PRESETS): Promise<string> => {
  const { ticket } = await bench.call('slots.prepare', {
    purpose: 'slots.add',
    name,
    powers: [...PRESETS[preset]],
  });
  return (await bench.call('slots.add', { ticket, own, fresh: { passphrase } })).slot;
};

const subject = (id: ExportId): CallInput<'approvals.ask'>['subject'] => ({ kind: 'export', id, form });

/** Checked to the end: every find judged, the list gone through. */
const finish = async (recipient: string): Promise<ExportId> => {
  const id = await example.prepare(recipient);
  await example.decideAll(id);
  await bench.call('exports.check', { id, form });
  await example.judgeAll(id);
  await bench.call('exports.confirmInventory', { id });
  return id;
};

const release = (id: ExportId, folder: string, extra: { emergencyReason?: string } = {}) => {
  const path = join(bench.folder, folder);
  mkdirSync(path, { recursive: true });
  return bench.call('exports.release', {
    id,
    form,
    target: bench.outTarget('targetFolder', path),
    ...extra,
  });
};

/** In the unlock window: somebody else types hers. */
const signInWindow = async (id: ExportId, passphrase: string): Promise<void> => {
  const { ticket } = await bench.call('approvals.ask', { subject: subject(id) });
  await bench.call('tickets.prove', { ticket, own: { passphrase } });
};

/** Runs SQL on the locked vault as somebody with the key and tools of their own would. */
const behindTheBack = async (work: (run: (sql: string) => void) => void): Promise<void> => {
  await bench.call('vault.lock', {});
  const vault = await openDirectly(bench.ports, bench.vaultFolder);
  work((sql) => {
    vault.db.connection.run(trustedSql(sql));
  });
  await vault.close();
  await bench.unlock();
};

beforeAll(async () => {
  bench = await new Bench().create();
  luis = await add('Luis', LUIS, 'team');
  marta = await add('Marta', MARTA, 'coordination');
  example = await new Case(bench).build();
  await example.consent(example.defender, 'given', true);
  // Who approves in her own session has to see the case.
  const { rows } = await bench.call('access.people', {});
  const julia = rows.find((row) => row.own)?.slotId ?? '';
  await bench.call('access.setCase', {
    caseId: example.caseId,
    visibility: 'open',
    people: rows.map((row) => row.slotId),
    responsible: julia,
  });
});
afterAll(async () => {
  await bench.end();
});

describe('approval of an export', () => {
  test('nothing to sign before the package is finished', async () => {
    const id = await example.prepare('CIDH');
    expect(await bench.call('approvals.state', { subject: subject(id) })).toMatchObject({
      required: true,
      statement: null,
      approval: null,
    });
    expect(await code(bench.call('approvals.ask', { subject: subject(id) }))).toBe('approval.nothingToSign');
    expect(await code(release(id, 'early'))).toBe('export.notChecked');
  });

  test('the window signs with the other slot, the session stays whose it is, the ledger names her', async () => {
    const id = await finish('CIDH');
    expect(await code(release(id, 'refused'))).toBe('export.approvalNeeded');
    expect(await code(bench.call('approvals.approve', { subject: subject(id) }))).toBe(
      'approval.sameAsMaker',
    );
    // The person who prepared it, at the window: it asks for anybody but her.
    const { ticket } = await bench.call('approvals.ask', { subject: subject(id) });
    const description = await bench.call('tickets.describe', { ticket });
    expect(description.facts['recipient']).toBe('CIDH');
    expect(description.facts['manifest']).toMatch(/^[0-9a-f]{64}$/u);
    expect(await code(bench.call('tickets.prove', { ticket, own }))).not.toBe('done');
    expect((await bench.call('approvals.state', { subject: subject(id) })).approval).toBeNull();

    await signInWindow(id, MARTA);
    expect(await bench.call('vault.status', {})).toMatchObject({ actor: { name: 'Julia Bermejo Anaya' } });
    const state = await bench.call('approvals.state', { subject: subject(id) });
    expect(state).toMatchObject({ why: 'made', approval: { by: 'Marta', how: 'window' } });
    expect(state.candidates.map((one) => one.name).sort()).toEqual(['Luis', 'Marta']);
    await release(id, 'approved');
    const [row] = (await bench.call('exports.ledger', {})).rows;
    expect(row).toMatchObject({ recipient: 'CIDH', approvedBy: 'Marta', emergency: false });
  });

  test('in her own session, and what is judged again afterwards has to be signed again', async () => {
    const id = await finish('Mecanismo');
    await bench.call('vault.lock', {});
    await bench.unlock(LUIS);
    expect((await bench.call('approvals.state', { subject: subject(id) })).why).toBe('none');
    expect(await bench.call('approvals.approve', { subject: subject(id) })).toEqual({ by: 'Luis' });
    await bench.call('vault.lock', {});
    await bench.unlock();
    expect((await bench.call('approvals.state', { subject: subject(id) })).approval?.by).toBe('Luis');
    // Checked once more: the same bytes, but another report by another hour.
    await bench.call('exports.check', { id, form });
    await example.judgeAll(id);
    await bench.call('exports.confirmInventory', { id });
    expect((await bench.call('approvals.state', { subject: subject(id) })).approval).toBeNull();
    expect(await code(release(id, 'again'))).toBe('export.approvalNeeded');
  });

  test('a manifest that changed by one byte is another statement', async () => {
    const id = await finish('ONU');
    await signInWindow(id, MARTA);
    const before = await bench.call('approvals.state', { subject: subject(id) });
    expect(before.approval?.by).toBe('Marta');
    await behindTheBack((run) => {
      run(`UPDATE export SET report = json_set(report, '$.files[0].sha256',
        CASE substr(json_extract(report, '$.files[0].sha256'), 1, 1) WHEN '0' THEN '1' ELSE '0' END
          || substr(json_extract(report, '$.files[0].sha256'), 2)) WHERE id = '${id}'`);
    });
    const after = await bench.call('approvals.state', { subject: subject(id) });
    expect(after.approval).toBeNull();
    expect(after.statement?.find((part) => part.name === 'manifest')?.value).not.toBe(
      before.statement?.find((part) => part.name === 'manifest')?.value,
    );
    expect(await code(release(id, 'changed'))).toBe('vault.rowTampered');
    expect(readdirSync(join(bench.folder, 'changed'))).toEqual([]);
  });

  test('a row without her signature proves nothing, with or without an entry beside it', async () => {
    const id = await finish('Aliada');
    await signInWindow(id, LUIS);
    await behindTheBack((run) => {
      run(`UPDATE approval SET signature = randomblob(64) WHERE subject = '${id}'`);
    });
    expect((await bench.call('approvals.state', { subject: subject(id) })).approval).toBeNull();
    expect(await code(release(id, 'forged'))).toBe('export.approvalNeeded');
    // Signed by the preparer's own key in Marta's name.
    await behindTheBack((run) => {
      run(`UPDATE approval SET slot_id = '${marta}' WHERE subject = '${id}'`);
    });
    expect(await code(release(id, 'forged'))).toBe('export.approvalNeeded');
    expect(readdirSync(join(bench.folder, 'forged'))).toEqual([]);
  });

  test('whoever left does not count any more', async () => {
    const id = await finish('Comisión');
    await signInWindow(id, LUIS);
    expect((await bench.call('approvals.state', { subject: subject(id) })).approval?.by).toBe('Luis');
    await behindTheBack((run) => {
      run(`UPDATE roster SET retired_at_seq = 1 WHERE id = '${luis}'`);
    });
    expect((await bench.call('approvals.state', { subject: subject(id) })).approval).toBeNull();
    expect(await code(release(id, 'retired'))).toBe('export.approvalNeeded');
    await behindTheBack((run) => {
      run(`UPDATE roster SET retired_at_seq = NULL WHERE id = '${luis}'`);
    });
  });

  test('in an emergency one person lets it out, and the reason stays', async () => {
    const id = await finish('Urgente');
    expect(await code(release(id, 'urgent', { emergencyReason: '  ' }))).toBe('export.approvalNeeded');
    await release(id, 'urgent', { emergencyReason: 'la están buscando ahora' });
    const row = (await bench.call('exports.ledger', {})).rows.find((one) => one.recipient === 'Urgente');
    expect(row).toMatchObject({ approvedBy: null, emergency: true });
  });
});

describe('the same person under a new passphrase', () => {
  test('is no second person: neither for an export nor for a dump, in the session or in the window', async () => {
    const NEWER = 'puente ceniza farol naranja siete';
    const id = await finish('Fiscalía');
    const plan = await bench.call('dump.prepare', { lock: { kind: 'plain' }, language: 'es' });
    const dumped = { kind: 'dump' as const, id: plan.id };
    const { ticket } = await bench.call('slots.prepare', { purpose: 'slots.change' });
    await bench.call('slots.change', { ticket, own, fresh: { passphrase: NEWER } });
    try {
      for (const one of [subject(id), dumped]) {
        expect((await bench.call('approvals.state', { subject: one })).why).toBe('made');
        expect(
          (await bench.call('approvals.state', { subject: one })).candidates.map((who) => who.name),
        ).not.toContain('Julia Bermejo Anaya');
        expect(await code(bench.call('approvals.approve', { subject: one }))).toBe('approval.sameAsMaker');
      }
      expect(await code(release(id, 'alone'))).toBe('export.approvalNeeded');
      // Somebody else's session asks at the window, and the maker types the new passphrase there.
      await bench.call('vault.lock', {});
      await bench.unlock(MARTA);
      const asked = await bench.call('approvals.ask', { subject: subject(id) });
      expect(
        await code(bench.call('tickets.prove', { ticket: asked.ticket, own: { passphrase: NEWER } })),
      ).toBe('approval.sameAsMaker');
    } finally {
      await bench.call('vault.lock', {});
      await bench.unlock(NEWER);
      const back = await bench.call('slots.prepare', { purpose: 'slots.change' });
      await bench.call('slots.change', {
        ticket: back.ticket,
        own: { passphrase: NEWER },
        fresh: { passphrase: PASSPHRASE },
      });
    }
  });
});

describe('approval of a dump', () => {
  test('two coordinators: the other one signs this plan, and no file is there before', async () => {
    const out = join(bench.folder, 'dump');
    mkdirSync(out);
    const plan = await bench.call('dump.prepare', { lock: { kind: 'plain' }, language: 'es' });
    expect(plan.secondPerson).toBe(true);
    const dumped = { kind: 'dump' as const, id: plan.id };
    const write = (typedPlain: string) =>
      bench.call('dump.write', { id: plan.id, target: bench.outTarget('targetFolder', out), typedPlain });
    expect(await code(write('claro'))).toBe('dump.notConfirmed');
    expect(await code(write('sin cifrar'))).toBe('approval.needed');
    expect(readdirSync(out)).toEqual([]);
    // A team member may not, whoever asks.
    const refused = await bench.call('approvals.ask', { subject: dumped });
    expect(
      await code(bench.call('tickets.prove', { ticket: refused.ticket, own: { passphrase: LUIS } })),
    ).toBe('call.notAllowed');
    const { ticket } = await bench.call('approvals.ask', { subject: dumped });
    await bench.call('tickets.prove', { ticket, own: { passphrase: MARTA } });
    expect((await bench.call('approvals.state', { subject: dumped })).approval?.by).toBe('Marta');
    // Signed for this plan and no other.
    const other = await bench.call('dump.prepare', {
      lock: { kind: 'plain' },
      reservedNotes: true,
      language: 'es',
    });
    expect(
      await code(
        bench.call('dump.write', {
          id: other.id,
          target: bench.outTarget('targetFolder', out),
          typedPlain: 'sin cifrar',
          typedReserved: 'notas reservadas',
        }),
      ),
    ).toBe('approval.needed');
    const done = await write('Sin Cifrar');
    expect(readFileSync(join(out, done.file)).length).toBe(done.sizeBytes);
    // Used up.
    expect(await code(write('sin cifrar'))).toBe('dump.planUnknown');
    expect(existsSync(join(bench.vaultFolder, 'scratch'))).toBe(true);
    expect(readdirSync(join(bench.vaultFolder, 'scratch'))).toEqual([]);
  });
});
