import { AppError } from '#shared/errors.ts';
import { rotationSchema, type RotationOrder } from '#shared/contract/rotation.ts';
import type { Handlers } from '../../api/handlers.ts';
import type { OpenCall, TicketPurpose } from '../../context.ts';
import { rowsForScreen } from '../slots/index.ts';
import { OpenVault } from '../vault/index.ts';
import { rotateVault } from './rotate-vault.ts';
import { reviewRotation, slotsOf } from './rotation-plan.ts';

export { rotateVault } from './rotate-vault.ts';
export { reviewRotation } from './rotation-plan.ts';
export { ROTATION_ORDER, type RotationStage } from './rotation-steps.ts';

const vaultOf = (call: OpenCall): OpenVault => {
  if (!(call.session instanceof OpenVault)) throw new AppError('call.locked');
  return call.session;
};

/** Asks for the coordinator's own passphrase before the master key changes. */
export const rotationPurpose: TicketPurpose<RotationOrder> = {
  purpose: 'rotation.run',
  payload: rotationSchema,
  power: 'keys',
  prover: 'self',
  describe: (call, order) => {
    const vault = vaultOf(call);
    const { staying, removed } = slotsOf(vault, order);
    const stays = new Set(staying.map((row) => row.id));
    return {
      confirm: rowsForScreen(vault).filter((row) => stays.has(row.id)),
      facts: {
        staying: staying.map((row) => row.name),
        removed: removed.map((row) => row.name),
        immediate: order.immediate,
      },
    };
  },
};

/** Handlers of the group `rotation`. */
export const rotationHandlers: Handlers<'rotation.review' | 'rotation.run'> = {
  'rotation.review': (call) => reviewRotation(vaultOf(call)),
  'rotation.run': async (call, input) => {
    const order = call.core.tickets.take(call.session, rotationPurpose, input.ticket);
    const done = await rotateVault(vaultOf(call), order, {
      signal: call.task.signal,
      progress: (stage, step, total) => {
        call.task.progress(stage, step, total, 'items');
      },
    });
    call.core.emit({ name: 'cases.changed', payload: { caseId: null } });
    return done;
  },
};
