import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { assertKdfBounds, KDF_BOUNDS, type HeaderBody, type KdfEpoch } from '../../crypto/header.ts';
import { sealSlot } from '../../crypto/slots.ts';
import type { CoreContext, OpenCall } from '../../context.ts';
import {
  calibrate,
  currentHeader,
  deriveAccessKeys,
  noteEpoch,
  proveOwn,
  replaceHeader,
  retireNow,
  secondFactorOf,
  vaultOf,
  waitingFor,
  wipeFactor,
  type OpenVault,
  type ProvenSlot,
} from '../vault/index.ts';
import type { Credentials } from '#shared/contract/slots.ts';
import { raisingOf } from './list-slots.ts';
import { costPurpose } from './purposes.ts';
import { liveSlots, requireCoordinatorLeft } from './slot-rules.ts';

const work = (cost: { readonly ops: number; readonly memBytes: number }): number => cost.ops * cost.memBytes;

/** The single epoch of a header at rest. Errors: `slots.raiseUnderway`. */
const onlyEpoch = (body: HeaderBody): KdfEpoch => {
  const [only] = body.epochs;
  if (only === undefined || body.epochs.length > 1) throw new AppError('slots.raiseUnderway');
  return only;
};

/** What was asked for, or what this computer takes half a second for where that is more than now. */
const nextCost = async (
  vault: OpenVault,
  now: KdfEpoch,
  asked: { readonly ops: number; readonly memoryBytes: number } | undefined,
): Promise<{ ops: number; memBytes: number }> => {
  const { crypto, random, clock } = vault.ports;
  const cost =
    asked === undefined
      ? await calibrate(crypto, random, clock)
      : { ops: asked.ops, memBytes: asked.memoryBytes };
  assertKdfBounds(cost);
  if (work(cost) <= work(now) || cost.memBytes < KDF_BOUNDS.minMemBytes)
    throw new AppError('slots.costNotHigher');
  return cost;
};

/** The own record under the new epoch: its person is the first to move. Null for words and pages, which have none. */
const ownRecord = async (
  core: CoreContext,
  vault: OpenVault,
  proof: ProvenSlot,
  own: Credentials,
  epoch: KdfEpoch,
): Promise<Buffer | null> => {
  if (own.passphrase === undefined) return null;
  const { crypto, random } = vault.ports;
  // First: a key file that is out of reach now must not leave derived keys behind.
  const factor = await secondFactorOf(core, own);
  let accessKeys: readonly Buffer[] = [];
  try {
    accessKeys = await deriveAccessKeys(crypto, [epoch], own.passphrase);
    const [accessKey] = accessKeys;
    if (accessKey === undefined) return null;
    return sealSlot(crypto, random, {
      vaultId: vault.vaultId,
      slotId: Buffer.from(proof.slotId, 'hex'),
      accessKey,
      factor,
      slotSecret: proof.slotSecret,
      generation: vault.generation,
      masterKey: proof.masterKey,
      boxPublic: proof.keys.boxPublic,
    });
  } finally {
    crypto.zero(...accessKeys);
    wipeFactor(core, factor);
  }
};

/**
 * Makes later attempts cost more: a second epoch beside the first. The coordinator's own slot moves at once, each
 * other one when its person next unlocks; where nobody else has a passphrase, the old epoch goes in the same write.
 */
export const raiseCost = async (
  call: OpenCall,
  input: HandlerInput<'slots.raiseCost'>,
): Promise<CallOutput<'slots.raiseCost'>> => {
  const { core } = call;
  const vault = vaultOf(call);
  const ticket = core.tickets.need(vault, costPurpose, input.ticket);
  const before = onlyEpoch((await currentHeader(vault)).body);
  const proof = await proveOwn(core, vault, input.own);
  try {
    const cost = await nextCost(vault, before, ticket.payload.cost);
    const epoch: KdfEpoch = { n: before.n + 1, ...cost, salt: vault.ports.random.bytes(16) };
    const record = await ownRecord(core, vault, proof, input.own, epoch);
    const moved = record === null ? [] : [proof.slotId];
    const waiting = liveSlots(vault).filter((row) => row.kind === 'passphrase' && !moved.includes(row.id));
    // Said first: from this entry the ninety days are counted.
    vault.db.write(call.method, (tx) => {
      tx.journal({
        table: 'roster',
        id: proof.slotId,
        payload: { ops: cost.ops, memoryBytes: cost.memBytes, epoch: epoch.n },
      });
    });
    await replaceHeader(vault, (header, used) => ({
      epochs: waiting.length === 0 ? [epoch] : [onlyEpoch(header.body), epoch],
      records: record === null ? used : new Map(used).set(proof.slotId, record),
    }));
    if (record !== null) noteEpoch(vault, proof.slotId, epoch.n);
    ticket.end();
    core.emit({ name: 'slots.changed', payload: {} });
    return { cost: { ops: cost.ops, memoryBytes: cost.memBytes }, waiting: waiting.length };
  } finally {
    proof.wipe();
  }
};

/**
 * Gives the old epoch up. Whoever has not moved can no longer get in: only after ninety days, only the slots that
 * were named, and never the last who may manage access. Nobody is removed by this in the sense of distrust: the
 * master key stays what it is.
 *
 * The days are counted by the time of the session, like everything that waits for an end: setting the clock forward
 * now does not make them pass, and with a clock that does not fit the vault nobody is left out.
 *
 * @throws AppError `slots.notRaising`, `slots.stillWaiting`, `slots.lastCoordinator`, `slots.clockWrong`.
 */
export const closeEpoch = async (
  call: OpenCall,
  input: HandlerInput<'slots.closeEpoch'>,
): Promise<CallOutput<'slots.closeEpoch'>> => {
  const vault = vaultOf(call);
  const { body } = await currentHeader(vault);
  const newest = body.epochs.at(-1);
  if (newest === undefined || body.epochs.length < 2) throw new AppError('slots.notRaising');
  const waiting = waitingFor(vault, newest.n).map((row) => row.id);
  const named =
    waiting.length === new Set(input.leaveOut).size && waiting.every((id) => input.leaveOut.includes(id));
  if (!named) throw new AppError('slots.stillWaiting');
  if (waiting.length > 0) {
    const { clockWrong, due } = raisingOf(call);
    if (clockWrong) throw new AppError('slots.clockWrong');
    if (!due) throw new AppError('slots.stillWaiting');
  }
  requireCoordinatorLeft(liveSlots(vault).filter((row) => !waiting.includes(row.id)));
  await replaceHeader(vault, (_header, used) => ({
    epochs: [newest],
    records: new Map([...used].filter(([id]) => !waiting.includes(id))),
  }));
  for (const id of waiting) retireNow(vault, id, 'slot.leftOut');
  call.core.emit({ name: 'slots.changed', payload: {} });
  return {};
};
