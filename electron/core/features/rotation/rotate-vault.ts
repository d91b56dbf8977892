import type { RotationDone, RotationOrder } from '#shared/contract/rotation.ts';
import type { OpenVault } from '../vault/index.ts';
import { olderCopies } from './older-copies-repo.ts';
import { planOf } from './rotation-plan.ts';
import {
  beginRotation,
  runSteps,
  ROTATION_ORDER,
  type RotationStage,
  type RotationWatch,
} from './rotation-steps.ts';

/**
 * Gives the vault a new master key, takes out whom the order names, and goes on with the session under the new keys.
 * Nothing may be written beside it; a write that tries all the same is refused with `vault.busy`.
 *
 * @param order what a coordinator confirmed.
 * @param steps for tests that show what a wrong order of the steps would do.
 * @throws AppError the codes of `planOf`, `beginRotation` and `runSteps`; the vault is then as it was.
 */
export const rotateVault = async (
  vault: OpenVault,
  order: RotationOrder,
  watch: RotationWatch,
  steps: readonly RotationStage[] = ROTATION_ORDER,
): Promise<RotationDone> => {
  const { clock } = vault.ports;
  const began = clock.monotonic();
  vault.db.requireWritable();
  vault.reads.flush();
  vault.db.hold(true);
  try {
    const { plan, reassigned } = planOf(vault, order);
    const rotation = await beginRotation(vault, plan, watch);
    await runSteps(rotation, steps);
    return {
      generation: rotation.next.generation,
      removed: plan.removed.map(({ id, name }) => ({ id, name })),
      staying: plan.staying.length,
      reassigned: reassigned(),
      objects: rotation.objects,
      oldFileRemoved: rotation.oldFileRemoved,
      olderCopies: vault.closed ? [] : vault.db.read((reader) => olderCopies(reader, vault.generation)),
      durationMs: clock.monotonic() - began,
    };
  } finally {
    vault.db.hold(false);
  }
};
