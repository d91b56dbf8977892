import { AppError } from '#shared/errors.ts';
import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import type { Handlers } from '../../api/handlers.ts';
import type { CallContext, CoreContext, OpenCall } from '../../context.ts';
import { acceptLoss } from './accept-loss.ts';
import { accessWay, wipeWay } from './access-way.ts';
import { slowed } from './attempts.ts';
import { checkVault } from './check-vault.ts';
import { createVault } from './create-vault.ts';
import { OpenVault } from './open-vault.ts';
import { allowOpenings, endOpenings, tracked } from './openings.ts';
import { ratePassphrase } from './passphrase-floor.ts';
import { lookAtHeader, unlockVault } from './unlock-vault.ts';
import { vaultInfo } from './vault-info.ts';

export {
  accessWay,
  secondFactorOf,
  wipeFactor,
  wipeWay,
  type AccessWay,
  type TypedCredentials,
} from './access-way.ts';
export { ProfileAnchors, type AnchorParts } from './anchor-keeper.ts';
export { slowed } from './attempts.ts';
export { calibrate } from './calibrate.ts';
export { currentHeader, replaceHeader, usedRecords } from './header-change.ts';
export { noteEpoch, waitingFor } from './keep-up-with-cost.ts';
export { dropMeta, metaBytes, metaBytesOrNull, metaNumber, setMeta } from './meta.ts';
export { deriveAccessKeys, openHeader, type OpenedHeader } from './open-header.ts';
export { requireStrongEnough } from './passphrase-floor.ts';
export { proveOther, proveOwn, proveSlot, type ProvenSlot } from './prove-slot.ts';
export {
  approvalDigest,
  insertRosterRow,
  liveRows,
  ofOnePerson,
  putSlotDetail,
  readRoster,
  restateRow,
  retireRow,
  rosterDigest,
  signRosterRow,
  slotsBackFrom,
  type RosterRow,
  type RosterStatement,
  type SlotDetail,
  type StoredRosterRow,
} from './roster.ts';
export { rosterChain, rosterRowHolds } from './roster-chain.ts';
export { retireNow } from './settle-slots.ts';
export { requireHeaderOf } from './ties.ts';
export { HEADER_FILE, readHeaderFile, writeNewFile } from './vault-files.ts';
export { whyNotHere } from './vault-place.ts';
export { isWholeState } from './whole-state.ts';
export { forgetKeptCopies, keptCopies, type KeptCopy } from './kept-copies-repo.ts';
export { leftKeptCopies, removeKeptCopies } from './kept-copies.ts';
export { reportJson, reportSections, reportText, reportTitle, type CheckFacts } from './check-report.ts';
export { allowOpenings, checkVault, createVault, endOpenings, lookAtHeader, OpenVault, unlockVault };

const sessionInfo = (core: CoreContext): CallOutput<'vault.status'> => {
  const { session } = core;
  if (session === null) return { state: 'closed' };
  const because = session.db.readOnlyBecause;
  return {
    state: 'open',
    use: session.use,
    actor: { name: session.actor.name, powers: [...session.actor.powers] },
    vaultId: session.vaultId.toString('hex'),
    ...(because === null ? {} : { readOnlyBecause: because }),
  };
};

const folderOf = (core: CoreContext, id: string): string => {
  const grant = core.grants.need(id);
  if (grant.kind === 'bytes' || grant.kind === 'file') throw new AppError('evidence.targetUnknown');
  return grant.path;
};

/** The open vault behind a session. Errors: `call.locked`. */
export const vaultOf = (call: OpenCall): OpenVault => {
  if (!(call.session instanceof OpenVault)) throw new AppError('call.locked');
  return call.session;
};

/** Ends the session: keys zeroed, database closed. Never fails; does nothing while locked. */
export const closeVault = async (core: CoreContext): Promise<void> => {
  const { session } = core;
  if (session === null) return;
  core.session = null;
  core.tickets.clear();
  if (session instanceof OpenVault) await session.close();
  core.emit({ name: 'session.changed', payload: { state: 'closed' } });
};

const opened = (core: CoreContext, vault: OpenVault): CallOutput<'vault.status'> => {
  core.session = vault;
  core.emit({ name: 'session.changed', payload: { state: 'open' } });
  return sessionInfo(core);
};

const onLost = (core: CoreContext) => (): void => {
  void closeVault(core);
};

const create = (
  { core }: CallContext,
  input: HandlerInput<'vault.create'>,
): Promise<CallOutput<'vault.create'>> => {
  if (core.session !== null) throw new AppError('vault.alreadyUnlocked');
  const folder = folderOf(core, input.folder);
  const make = (signal: AbortSignal): Promise<OpenVault> =>
    createVault(core.ports, {
      folder,
      use: input.use,
      ownerName: input.ownerName,
      passphrase: input.passphrase,
      cost: input.cost === undefined ? undefined : { ops: input.cost.ops, memBytes: input.cost.memoryBytes },
      onLost: onLost(core),
      signal,
    });
  return tracked(core, make, (vault) => opened(core, vault));
};

const unlock = (
  { core }: CallContext,
  input: HandlerInput<'vault.unlock'>,
): Promise<CallOutput<'vault.unlock'>> => {
  if (core.session !== null) throw new AppError('vault.alreadyUnlocked');
  const attempt = async (signal: AbortSignal): Promise<OpenVault> => {
    const way = await accessWay(core, input);
    try {
      return await unlockVault(core.ports, {
        folder: folderOf(core, input.folder),
        way,
        onLost: onLost(core),
        signal,
      });
    } finally {
      wipeWay(core, way);
    }
  };
  return tracked(
    core,
    (signal) => slowed(core, () => attempt(signal), { unlocks: true }),
    (vault) => opened(core, vault),
  );
};

/** Handlers of the group `vault`. */
export const vaultHandlers: Handlers<
  | 'vault.status'
  | 'vault.create'
  | 'vault.unlock'
  | 'vault.lock'
  | 'vault.info'
  | 'vault.check'
  | 'vault.acceptLoss'
  | 'vault.rate'
> = {
  'vault.status': ({ core }) => sessionInfo(core),
  'vault.create': create,
  'vault.unlock': unlock,
  'vault.lock': async ({ core }) => {
    await closeVault(core);
    return {};
  },
  'vault.info': (call) => vaultInfo(vaultOf(call)),
  'vault.check': (call, input) =>
    checkVault(vaultOf(call), {
      objects: input.objects,
      signal: call.task.signal,
      progress: (stage, done, total) => {
        call.task.progress(stage, done, total, 'items');
      },
    }),
  'vault.acceptLoss': async (call) => {
    await acceptLoss(vaultOf(call));
    return sessionInfo(call.core);
  },
  'vault.rate': (_call, input) => ratePassphrase(input.passphrase),
};
