import type { Credentials } from '#shared/contract/slots.ts';
import { AppError } from '#shared/errors.ts';
import type { CoreContext } from '../../context.ts';
import {
  approvalDigest,
  proveOther,
  proveOwn,
  type OpenVault,
  type ProvenSlot,
  type RosterStatement,
} from '../vault/index.ts';
import type { Approval } from './bring-in.ts';
import { needsApprover } from './slot-rules.ts';

/** Gives a second coordinator's signature over a new row. */
export type Approve = (statement: RosterStatement) => Approval;

/**
 * Runs `work` with what the session's person proved, and with a second coordinator's signature where the vault has
 * two; wipes both afterwards.
 *
 * @throws AppError the codes of `proveOwn` and `proveOther`; `slots.secondPersonNeeded`.
 */
export const withProof = async <T>(
  core: CoreContext,
  vault: OpenVault,
  given: { readonly own: Credentials; readonly approver?: Credentials | undefined },
  work: (proof: ProvenSlot, approve: Approve | null) => Promise<T>,
): Promise<T> => {
  // Asked before anything is derived: nothing was tried yet, and the window may ask for it.
  if (needsApprover(vault) && given.approver === undefined) throw new AppError('slots.secondPersonNeeded');
  const proof = await proveOwn(core, vault, given.own);
  try {
    if (given.approver === undefined || !needsApprover(vault)) return await work(proof, null);
    const second = await proveOther(core, vault, given.approver, 'keys');
    try {
      const { crypto } = core.ports;
      return await work(proof, (statement) => ({
        approver: second.keys.signPublic,
        approval: crypto.sign(approvalDigest(crypto, vault.vaultId, statement), second.keys.signSecret),
      }));
    } finally {
      second.wipe();
    }
  } finally {
    proof.wipe();
  }
};
