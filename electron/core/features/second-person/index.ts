import { approvalSubjectSchema, type ApprovalSubject } from '#shared/contract/approvals.ts';
import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { Handlers } from '../../api/handlers.ts';
import type { OpenCall, TicketPurpose } from '../../context.ts';
import { read, write, type Reader } from '../../db/index.ts';
import {
  approvalFor,
  approve,
  approversFor,
  madeBy,
  type Signer,
  type Statement,
} from '../approvals/index.ts';
import { statementOfDump } from '../dump/index.ts';
import { statementOfExport } from '../filings/index.ts';
import { OpenVault } from '../vault/index.ts';

interface Asked {
  readonly statement: Statement | null;
  readonly required: boolean;
}

/** What would be signed now; computed anew each time, so that a stale window signs nothing else. */
const asked = (call: OpenCall, db: Reader, subject: ApprovalSubject): Asked =>
  subject.kind === 'export'
    ? statementOfExport(db, subject.id, subject.form)
    : statementOfDump(call, subject.id);

/** @throws AppError `approval.nothingToSign` */
const needStatement = (call: OpenCall, db: Reader, subject: ApprovalSubject): Statement => {
  const { statement } = asked(call, db, subject);
  if (statement === null) throw new AppError('approval.nothingToSign');
  return statement;
};

function approvalState(
  call: OpenCall,
  input: HandlerInput<'approvals.state'>,
): CallOutput<'approvals.state'> {
  return read(call, (db) => {
    const { statement, required } = asked(call, db, input.subject);
    if (statement === null) return { required, candidates: [], statement: null, approval: null, why: 'none' };
    const found = approvalFor(call, db, statement);
    const { slotId, powers } = call.session.actor;
    const why = madeBy(call, statement, slotId)
      ? 'made'
      : powers.includes(statement.power)
        ? 'none'
        : 'power';
    return {
      required,
      candidates: approversFor(call, statement).map(({ name }) => ({ name })),
      statement: statement.parts.map(({ name, value }) => ({ name, value })),
      approval: found === null ? null : { by: found.by, at: found.approvedAt, how: found.how },
      why,
    };
  });
}

const sign = (call: OpenCall, subject: ApprovalSubject, signer: Signer): void => {
  write(call, (tx) => {
    approve(call, tx, needStatement(call, tx, subject), signer);
    tx.afterCommit(() => {
      call.core.emit({ name: 'exports.changed', payload: { caseId: null } });
    });
  });
};

/**
 * The unlock window asks anybody but the person whose session runs. Her slot opens, its key signs, and everything
 * that her passphrase opened is wiped; the session that runs stays whose it is.
 */
const signingPurpose: TicketPurpose<ApprovalSubject> = {
  purpose: 'approvals.sign',
  payload: approvalSubjectSchema,
  power: 'prepare',
  prover: 'other',
  describe: (call, subject) => ({
    facts: Object.fromEntries(
      read(call, (db) => needStatement(call, db, subject)).parts.map(({ name, value }) => [name, value]),
    ),
  }),
  proven: (call, subject, proof) => {
    const { slotId, keys } = proof;
    sign(call, subject, { slotId, signPublic: keys.signPublic, signSecret: keys.signSecret, how: 'window' });
    return 'done';
  },
};

/** What this feature gives tickets for. */
export const secondPersonPurposes = [signingPurpose] as const;

/** @throws AppError `approval.nothingToSign`, `record.notFound` */
function askApproval(call: OpenCall, input: HandlerInput<'approvals.ask'>): CallOutput<'approvals.ask'> {
  read(call, (db) => needStatement(call, db, input.subject));
  const ticket = call.core.tickets.issue(call.session, signingPurpose, input.subject);
  return { ticket: ticket.id, expiresAt: new Date(ticket.expiresAtMs).toISOString() };
}

/** @throws AppError `approval.nothingToSign`, `approval.sameAsMaker`, `approval.notAPerson`, `call.notAllowed` */
function approveHere(
  call: OpenCall,
  input: HandlerInput<'approvals.approve'>,
): CallOutput<'approvals.approve'> {
  const { session } = call;
  if (!(session instanceof OpenVault)) throw new AppError('call.locked');
  const { signPublic, signSecret } = session.slot;
  sign(call, input.subject, { slotId: session.actor.slotId, signPublic, signSecret, how: 'session' });
  return { by: session.actor.name };
}

/** Handlers of the group `approvals`. */
export const secondPersonHandlers: Handlers<'approvals.state' | 'approvals.ask' | 'approvals.approve'> = {
  'approvals.state': approvalState,
  'approvals.ask': askApproval,
  'approvals.approve': approveHere,
};
