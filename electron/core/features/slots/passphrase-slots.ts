import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import type { OpenCall } from '../../context.ts';
import { proveOwn, vaultOf } from '../vault/index.ts';
import { bringIn, sealNewSlot } from './bring-in.ts';
import { lookAtFresh, withFresh } from './fresh-passphrase.ts';
import { addPurpose, changePurpose, replacePurpose } from './purposes.ts';
import { inOrder, needSlot } from './slot-rules.ts';
import { withProof } from './with-proof.ts';

/** A person's slot: their own passphrase, let in by a coordinator who shows their own again. */
export const addSlot = async (
  call: OpenCall,
  input: HandlerInput<'slots.add'>,
): Promise<CallOutput<'slots.add'>> => {
  const { core } = call;
  const vault = vaultOf(call);
  const ticket = core.tickets.need(vault, addPurpose, input.ticket);
  const { name, powers, factor } = ticket.payload;
  addPurpose.check(vault, ticket.payload);
  await lookAtFresh(core, input.fresh, factor);
  const row = await withProof(core, vault, input, (proof, approve) =>
    withFresh(core, vault, input.fresh, async (access) => {
      const sealed = sealNewSlot(vault, { masterKey: proof.masterKey, ...access });
      try {
        return await bringIn(core, vault, call.method, {
          name,
          powers: inOrder(powers),
          kind: 'passphrase',
          factor,
          epoch: access.epoch,
          sealed,
          replaces: null,
          exposed: false,
          approve,
        });
      } finally {
        sealed.keys.wipe();
      }
    }),
  );
  ticket.end();
  return { slot: row.id };
};

/**
 * One's own passphrase: a new slot with a new secret in the place of the one before, signed with the key before. The
 * old header with the old passphrase gives nothing that opens the new one. The session goes on with the new key.
 */
export const changePassphrase = async (
  call: OpenCall,
  input: HandlerInput<'slots.change'>,
): Promise<CallOutput<'slots.change'>> => {
  const { core } = call;
  const vault = vaultOf(call);
  const ticket = core.tickets.need(vault, changePurpose, input.ticket);
  changePurpose.check(vault, ticket.payload);
  const before = needSlot(vault, vault.actor.slotId);
  const factor = ticket.payload.factor ?? before.detail.factor;
  await lookAtFresh(core, input.fresh, factor);
  const proof = await proveOwn(core, vault, input.own);
  try {
    const row = await withFresh(core, vault, input.fresh, async (access) => {
      const sealed = sealNewSlot(vault, { masterKey: proof.masterKey, ...access });
      try {
        const made = await bringIn(core, vault, call.method, {
          name: before.name,
          powers: before.powers,
          kind: 'passphrase',
          factor,
          epoch: access.epoch,
          sealed,
          replaces: before,
          exposed: input.exposed,
          approve: null,
        });
        vault.actAs(made, sealed.keys);
        return made;
      } catch (thrown) {
        sealed.keys.wipe();
        throw thrown;
      }
    });
    ticket.end();
    return { slot: row.id, rotationAdvised: input.exposed };
  } finally {
    proof.wipe();
  }
};

/** A new passphrase for a colleague who forgot theirs; what they can open with the old one stays what it was. */
export const replaceSlot = async (
  call: OpenCall,
  input: HandlerInput<'slots.replace'>,
): Promise<CallOutput<'slots.replace'>> => {
  const { core } = call;
  const vault = vaultOf(call);
  const ticket = core.tickets.need(vault, replacePurpose, input.ticket);
  replacePurpose.check(vault, ticket.payload);
  const before = needSlot(vault, ticket.payload.slot);
  await lookAtFresh(core, input.fresh, ticket.payload.factor);
  const row = await withProof(core, vault, input, (proof, approve) =>
    withFresh(core, vault, input.fresh, async (access) => {
      const sealed = sealNewSlot(vault, { masterKey: proof.masterKey, ...access });
      try {
        return await bringIn(core, vault, call.method, {
          name: before.name,
          powers: before.powers,
          kind: 'passphrase',
          factor: ticket.payload.factor,
          epoch: access.epoch,
          sealed,
          replaces: before,
          exposed: input.exposed,
          approve,
        });
      } finally {
        sealed.keys.wipe();
      }
    }),
  );
  ticket.end();
  return { slot: row.id };
};
