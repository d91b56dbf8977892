/**
 * Approval by a second person: what is signed, who may sign it, and whether a signature holds. The features whose
 * acts wait for it (exports, dumps) say what their statement is; `features/second-person` lets somebody sign.
 */
export {
  approve,
  approvalFor,
  approversFor,
  coordinators,
  madeBy,
  requireSecondPerson,
  statementDigestOf,
  type Approval,
  type Signer,
  type Statement,
} from './approvals.ts';
