import { AppError, isAppError } from '#shared/errors.ts';
import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import type { Handlers } from '../../api/handlers.ts';
import type { CallContext, CoreContext, OpenCall } from '../../context.ts';
import { acceptLoss } from './accept-loss.ts';
import { Attempts } from './attempts.ts';
import { checkVault } from './check-vault.ts';
import { createVault } from './create-vault.ts';
import { OpenVault } from './open-vault.ts';
import { ratePassphrase } from './passphrase-floor.ts';
import { lookAtHeader, unlockVault } from './unlock-vault.ts';
import { vaultInfo } from './vault-info.ts';

export { whyNotHere } from './vault-place.ts';
export { checkVault, createVault, lookAtHeader, OpenVault, unlockVault };

/** Wrong attempts of one core; they outlive the unlock window, whose process ends after each. */
const attemptsOf = new WeakMap<CoreContext, Attempts>();

const attempts = (core: CoreContext): Attempts => {
  let known = attemptsOf.get(core);
  if (known === undefined) {
    known = new Attempts(core.ports.clock);
    attemptsOf.set(core, known);
  }
  return known;
};

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

/** The open vault behind a session. */
const vaultOf = (call: OpenCall): OpenVault => {
  if (!(call.session instanceof OpenVault)) throw new AppError('call.locked');
  return call.session;
};

/** Ends the session: keys zeroed, database closed. Never fails; does nothing while locked. */
export const closeVault = async (core: CoreContext): Promise<void> => {
  const { session } = core;
  if (session === null) return;
  core.session = null;
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

const create = async (
  { core }: CallContext,
  input: HandlerInput<'vault.create'>,
): Promise<CallOutput<'vault.create'>> => {
  if (core.session !== null) throw new AppError('vault.alreadyUnlocked');
  const vault = await createVault(core.ports, {
    folder: folderOf(core, input.folder),
    use: input.use,
    ownerName: input.ownerName,
    passphrase: input.passphrase,
    cost: input.cost === undefined ? undefined : { ops: input.cost.ops, memBytes: input.cost.memoryBytes },
    onLost: onLost(core),
  });
  return opened(core, vault);
};

const unlock = async (
  { core }: CallContext,
  input: HandlerInput<'vault.unlock'>,
): Promise<CallOutput<'vault.unlock'>> => {
  if (core.session !== null) throw new AppError('vault.alreadyUnlocked');
  const slowed = attempts(core);
  slowed.requireAllowed();
  try {
    const vault = await unlockVault(core.ports, {
      folder: folderOf(core, input.folder),
      passphrase: input.passphrase,
      onLost: onLost(core),
    });
    slowed.right();
    return opened(core, vault);
  } catch (thrown) {
    if (isAppError(thrown) && thrown.code === 'vault.wrongPassphrase') slowed.wrong();
    throw thrown;
  }
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
