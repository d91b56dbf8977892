import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import type { OpenCall } from '../../context.ts';
import {
  putSlotDetail,
  restateRow,
  signRosterRow,
  vaultOf,
  type RosterStatement,
  type StoredRosterRow,
} from '../vault/index.ts';
import { powersPurpose } from './purposes.ts';
import { inOrder, needSlot } from './slot-rules.ts';
import { withProof } from './with-proof.ts';

/**
 * What a slot may do from now on: a newly signed row. The statement before is kept, because what its slot signed
 * meanwhile is judged by what it was allowed to do then.
 */
export const setPowers = async (
  call: OpenCall,
  input: HandlerInput<'slots.setPowers'>,
): Promise<CallOutput<'slots.setPowers'>> => {
  const { core } = call;
  const vault = vaultOf(call);
  const { crypto } = vault.ports;
  const ticket = core.tickets.need(vault, powersPurpose, input.ticket);
  const id = ticket.payload.slot;
  powersPurpose.check(vault, ticket.payload);
  await withProof(core, vault, input, async (_proof, approve) => {
    powersPurpose.check(vault, ticket.payload);
    const row = needSlot(vault, id);
    const next: RosterStatement = {
      id: row.id,
      name: row.name,
      powers: inOrder(ticket.payload.powers),
      kind: row.kind,
      box_public: row.box_public,
      sign_public: row.sign_public,
      added_at: row.added_at,
      signer: vault.slot.signPublic,
    };
    const signature = signRosterRow(crypto, vault.vaultId, next, vault.slot.signSecret);
    const approval = approve?.(next) ?? null;
    vault.db.write(call.method, (tx) => {
      restateRow(tx, row, next, signature);
      putSlotDetail(tx, {
        ...row.detail,
        stated_at: vault.journal.head.position + 1,
        approver: approval?.approver ?? null,
        approval: approval?.approval ?? null,
      });
      tx.journal({
        table: 'roster',
        id,
        payload: { powers: next.powers, before: row.powers },
        children: ['slot_detail', 'roster_past'],
      });
    });
    if (id === vault.actor.slotId) {
      const stored: StoredRosterRow = { ...next, signature, retired_at_seq: null };
      vault.actAs(stored);
    }
    await Promise.resolve();
  });
  ticket.end();
  core.emit({ name: 'slots.changed', payload: {} });
  return { slot: id };
};
