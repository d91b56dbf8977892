import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Power } from '#shared/contract/define.ts';
import { PRESETS } from '#shared/model/roster.ts';
import { deriveSlotKeys, type SlotKeys } from '../../electron/core/crypto/key-hierarchy.ts';
import {
  approvalDigest,
  insertRosterRow,
  putSlotDetail,
  readRoster,
  restateRow,
  retireRow,
  rosterChain,
  rosterRowHolds,
  signRosterRow,
  type OpenVault,
  type RosterRow,
  type StoredRosterRow,
} from '../../electron/core/features/vault/index.ts';
import { freshFolder, realPorts } from '../faults/support/ports.ts';
import { create } from '../faults/support/vaults.ts';

/*
 * Whoever holds the master key can write any row with their own tools. What they cannot do is sign as somebody else,
 * or make a signature count for a time at which it did not. Each forgery has the honest act beside it as its control.
 */

let base: ReturnType<typeof freshFolder>;
let vault: OpenVault;
const ports = realPorts();

beforeEach(async () => {
  base = freshFolder();
  vault = await create(ports, base.path);
});
afterEach(async () => {
  await vault.close();
  base.remove();
});

interface Person {
  readonly id: string;
  readonly keys: SlotKeys;
}

/** The founder, as the vault knows her. */
const founder = (): Person => ({ id: vault.actor.slotId, keys: founderKeys });
let founderKeys: SlotKeys;
beforeEach(() => {
  // A copy: `actAs` wipes the pair that it puts away.
  founderKeys = copyOf(vault.slot);
});

const copyOf = (keys: SlotKeys): SlotKeys => ({
  boxPublic: Buffer.from(keys.boxPublic),
  boxSecret: Buffer.from(keys.boxSecret),
  signPublic: Buffer.from(keys.signPublic),
  signSecret: Buffer.from(keys.signSecret),
  wipe: () => undefined,
});

const rowOf = (id: string) => {
  const row = readRoster(vault.db.connection).find((candidate) => candidate.id === id);
  if (row === undefined) throw new Error('no such row');
  return row;
};

/** From here on entries are signed with this person's key, as in a session of theirs. */
const as = (person: Person): void => {
  vault.actAs(rowOf(person.id), copyOf(person.keys));
};

/** Enters a row that `signer` signs, in an entry by whoever has the session. */
const enter = (
  name: string,
  powers: readonly Power[],
  signer: Person,
  more: { replaces?: string; statedAt?: number; approver?: Person; kind?: RosterRow['kind'] } = {},
): Person => {
  const keys = deriveSlotKeys(ports.crypto, ports.random.bytes(32));
  const id = ports.random.bytes(16).toString('hex');
  const statement = {
    id,
    name,
    powers: [...powers],
    kind: more.kind ?? 'passphrase',
    box_public: keys.boxPublic,
    sign_public: keys.signPublic,
    added_at: ports.clock.now(),
    signer: signer.keys.signPublic,
  };
  const row: StoredRosterRow = {
    ...statement,
    signature: signRosterRow(ports.crypto, vault.vaultId, statement, signer.keys.signSecret),
    retired_at_seq: null,
  };
  vault.db.write('slots.add', (tx) => {
    insertRosterRow(tx, row);
    putSlotDetail(tx, {
      ...rowOf(vault.actor.slotId).detail,
      id,
      stated_at: more.statedAt ?? vault.journal.head.position + 1,
      replaces: more.replaces ?? null,
      approver: more.approver?.keys.signPublic ?? null,
      approval:
        more.approver === undefined
          ? null
          : ports.crypto.sign(
              approvalDigest(ports.crypto, vault.vaultId, statement),
              more.approver.keys.signSecret,
            ),
    });
    tx.journal({ table: 'roster', id, payload: { name }, children: ['slot_detail'] });
  });
  return { id, keys };
};

const restate = (person: Person, powers: readonly Power[], signer: Person): void => {
  const row = rowOf(person.id);
  const next = { ...row, powers: [...powers], signer: signer.keys.signPublic };
  const signature = signRosterRow(ports.crypto, vault.vaultId, next, signer.keys.signSecret);
  vault.db.write('slots.setPowers', (tx) => {
    restateRow(tx, row, next, signature);
    putSlotDetail(tx, { ...row.detail, stated_at: vault.journal.head.position + 1 });
    tx.journal({
      table: 'roster',
      id: person.id,
      payload: {},
      children: ['slot_detail', 'roster_past'],
    });
  });
};

const retire = (person: Person): void => {
  vault.db.write('slot.replaced', (tx) => {
    retireRow(tx, person.id, vault.journal.head.position + 1);
    tx.journal({ table: 'roster', id: person.id, payload: {} });
  });
};

const holds = (person: Person): boolean =>
  rosterRowHolds(rosterChain(ports.crypto, vault.vaultId, vault.db.connection), rowOf(person.id));

describe('who may sign a row', () => {
  test('a coordinator may, a team member may not', () => {
    const marta = enter('Marta', PRESETS.coordination, founder());
    const luis = enter('Luis', PRESETS.team, founder());
    expect([holds(founder()), holds(marta), holds(luis)]).toEqual([true, true, true]);
    as(marta);
    expect(holds(enter('Eva', PRESETS.team, marta))).toBe(true);
    as(luis);
    expect(holds(enter('Noé', PRESETS.consultation, luis))).toBe(false);
  });

  test('not in an entry of somebody else', () => {
    const marta = enter('Marta', PRESETS.coordination, founder());
    // Signed by Marta's key, entered in a session of the founder: nobody signed that entry but her.
    expect(holds(enter('Eva', PRESETS.team, marta))).toBe(false);
  });

  test('not by an entry about another row, nor by one that is yet to come', () => {
    const marta = enter('Marta', PRESETS.coordination, founder());
    as(marta);
    const at = rowOf(enter('Eva', PRESETS.team, marta).id).detail.stated_at;
    expect(holds(enter('Noé', PRESETS.team, marta, { statedAt: at }))).toBe(false);
    expect(holds(enter('Ivo', PRESETS.team, marta, { statedAt: vault.journal.head.position + 5 }))).toBe(
      false,
    );
    expect(holds(enter('Ada', PRESETS.team, marta, { statedAt: 1 }))).toBe(false);
  });

  test('what somebody signed before they left still holds, what they sign after does not', () => {
    const marta = enter('Marta', PRESETS.coordination, founder());
    as(marta);
    const eva = enter('Eva', PRESETS.team, marta);
    as(founder());
    retire(marta);
    expect([holds(eva), holds(marta)]).toEqual([true, true]);
    as(marta);
    expect(holds(enter('Noé', PRESETS.team, marta))).toBe(false);
  });

  test('the same for somebody whose powers were taken, and given back', () => {
    const marta = enter('Marta', PRESETS.coordination, founder());
    as(marta);
    const before = enter('Eva', PRESETS.team, marta);
    as(founder());
    restate(marta, PRESETS.team, founder());
    as(marta);
    const between = enter('Noé', PRESETS.team, marta);
    as(founder());
    restate(marta, PRESETS.coordination, founder());
    as(marta);
    const after = enter('Ivo', PRESETS.team, marta);
    expect([holds(marta), holds(before), holds(between), holds(after)]).toEqual([true, true, false, true]);
  });

  test('nobody raises their own powers', () => {
    const luis = enter('Luis', PRESETS.team, founder());
    as(luis);
    restate(luis, PRESETS.coordination, luis);
    expect(holds(luis)).toBe(false);
  });

  test('a second yes counts from another coordinator only', () => {
    const marta = enter('Marta', PRESETS.coordination, founder());
    const luis = enter('Luis', PRESETS.team, founder());
    expect(holds(enter('Eva', PRESETS.team, founder(), { approver: marta }))).toBe(true);
    expect(holds(enter('Noé', PRESETS.team, founder(), { approver: luis }))).toBe(false);
    expect(holds(enter('Ivo', PRESETS.team, founder(), { approver: founder() }))).toBe(false);
    const forged = { id: marta.id, keys: { ...luis.keys, signPublic: marta.keys.signPublic } };
    expect(holds(enter('Ada', PRESETS.team, founder(), { approver: forged }))).toBe(false);
    const julia = founder();
    const paper = enter('Palabras', PRESETS.coordination, founder(), { kind: 'words' });
    expect(holds(paper)).toBe(true);
    expect(holds(enter('Iris', PRESETS.team, founder(), { approver: paper }))).toBe(false);
    const again = enter('Marta', PRESETS.coordination, founder(), { replaces: marta.id });
    as(marta);
    expect(holds(enter('Noa', PRESETS.team, marta, { approver: again }))).toBe(false);
    as(julia);
    expect(holds(enter('Pía', PRESETS.team, julia, { approver: again }))).toBe(true);
    retire(marta);
    expect(holds(enter('Sol', PRESETS.team, founder(), { approver: marta }))).toBe(false);
  });

  test('a chain that ends at somebody else than the founder', () => {
    const stranger = { id: 'f'.repeat(32), keys: deriveSlotKeys(ports.crypto, ports.random.bytes(32)) };
    const self = enter('Extraña', PRESETS.coordination, stranger, { statedAt: 1 });
    expect(holds(self)).toBe(false);
  });
});

describe('a person’s own change of passphrase', () => {
  test('is signed with the key before, for the same name and no more powers', () => {
    const luis = enter('Luis', PRESETS.team, founder());
    as(luis);
    const next = enter('Luis', PRESETS.team, luis, { replaces: luis.id });
    retire(luis);
    as(next);
    const third = enter('Luis', PRESETS.consultation, next, { replaces: next.id });
    expect([holds(next), holds(third)]).toEqual([true, true]);
  });

  test('gives no other name, no further power, and no second person', () => {
    const luis = enter('Luis', PRESETS.team, founder());
    as(luis);
    expect(holds(enter('Luisa', PRESETS.team, luis, { replaces: luis.id }))).toBe(false);
    expect(holds(enter('Luis', PRESETS.coordination, luis, { replaces: luis.id }))).toBe(false);
    expect(holds(enter('Luis', PRESETS.team, luis))).toBe(false);
  });

  test('is no longer possible once the slot has ended', () => {
    const luis = enter('Luis', PRESETS.team, founder());
    retire(luis);
    as(luis);
    expect(holds(enter('Luis', PRESETS.team, luis, { replaces: luis.id }))).toBe(false);
  });
});
