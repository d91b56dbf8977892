import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { PersonId } from '#shared/model/ids.ts';
import type { OpenCall } from '../../context.ts';
import { write, type Tx } from '../../db/index.ts';
import { consentsOfPerson, withdrawConsentNow } from '../consents/index.ts';
import { heldPersons, holdOf } from '../holds/index.ts';
import { indexPerson, needPerson } from '../people/index.ts';
import { unindexDocument } from '../search/index.ts';
import { blockCopy, openCopies, putHold, removeHold } from './hold-repo.ts';
import {
  ledgersOf,
  openConsentsOutOfSight,
  openExportsOf,
  outOfSight,
  voidOpenExports,
} from './person-rows-repo.ts';

const tell = (call: OpenCall, tx: Tx): void => {
  tx.afterCommit(() => {
    for (const name of ['persons.changed', 'consents.changed', 'exports.changed'] as const)
      call.core.emit({ name, payload: { caseId: null } });
  });
};

/** An export whose check was made before must not leave on the strength of it. */
const voidExports = (call: OpenCall, tx: Tx, id: PersonId): string[] => {
  const open = openExportsOf(tx, id);
  voidOpenExports(tx, open, call.core.ports.clock.now());
  return open;
};

/**
 * Who may not see a filing may neither shut its copy away nor open it again; and told that she is held back, nobody
 * would look for the copy that is not. So all of it is in sight, or nothing is done.
 *
 * @throws AppError `erasure.holdOutOfSight`
 */
const requireInSight = (tx: Tx, id: PersonId, deliveries: boolean): void => {
  const hidden =
    outOfSight(tx, 'export', openExportsOf(tx, id)) +
    (deliveries ? outOfSight(tx, 'ledger', ledgersOf(tx, id)) : 0);
  if (hidden > 0) throw new AppError('erasure.holdOutOfSight');
};

const hold = (
  call: OpenCall,
  input: HandlerInput<'erasure.block'>,
  state: 'restricted' | 'blocked',
  also: (tx: Tx, nowMs: number) => void,
): void => {
  const now = call.core.ports.clock.now();
  write(call, (tx) => {
    needPerson(tx, input.personId);
    if (holdOf(tx, input.personId)?.state === 'erased') throw new AppError('erasure.alreadyErased');
    requireInSight(tx, input.personId, state === 'blocked');
    tx.journal({
      table: 'person_hold',
      id: input.personId,
      payload: { state, reason: input.reason, legalBasis: input.legalBasis },
      children: ['export', 'copy_hold'],
    });
    putHold(tx, { ...input, state, code: '', actor: call.session.actor.name }, now);
    voidExports(call, tx, input.personId);
    also(tx, now);
    tell(call, tx);
  });
};

/** Usable here, in no export any more. @throws AppError `record.notFound`, `erasure.alreadyErased`, `erasure.holdOutOfSight` */
export function restrictPerson(
  call: OpenCall,
  input: HandlerInput<'erasure.restrict'>,
): CallOutput<'erasure.restrict'> {
  hold(call, input, 'restricted', () => undefined);
  return {};
}

/**
 * The first stage: hidden from lists, search and suggestions, in no export; the copies of what was sent are shut away.
 * Nothing is lost, and the ledger goes on saying what was disclosed to whom.
 *
 * @throws AppError `record.notFound`, `erasure.alreadyErased`, `erasure.holdOutOfSight`
 */
export function blockPerson(
  call: OpenCall,
  input: HandlerInput<'erasure.block'>,
): CallOutput<'erasure.block'> {
  hold(call, input, 'blocked', (tx, now) => {
    unindexDocument(tx, 'person', input.personId);
    for (const ledgerId of ledgersOf(tx, input.personId)) blockCopy(tx, ledgerId, input.personId, now);
  });
  return {};
}

/** Takes a restriction or a block back. @throws AppError `record.notFound`, `erasure.alreadyErased`, `erasure.holdOutOfSight` */
export function releasePerson(
  call: OpenCall,
  input: HandlerInput<'erasure.release'>,
): CallOutput<'erasure.release'> {
  const now = call.core.ports.clock.now();
  write(call, (tx) => {
    // Somebody known from cases out of sight only is as unknown here as anywhere.
    needPerson(tx, input.personId);
    const held = holdOf(tx, input.personId);
    if (held === null) throw new AppError('record.notFound');
    if (held.state === 'erased') throw new AppError('erasure.alreadyErased');
    requireInSight(tx, input.personId, held.state === 'blocked');
    tx.journal({
      table: 'person_hold',
      id: input.personId,
      payload: { state: 'none', reason: input.reason },
      children: ['export', 'copy_hold'],
    });
    removeHold(tx, input.personId);
    openCopies(tx, input.personId);
    // A filing may tell of two people who are blocked.
    for (const other of heldPersons(tx).filter((one) => one.state !== 'restricted'))
      for (const ledgerId of ledgersOf(tx, other.personId)) blockCopy(tx, ledgerId, other.personId, now);
    indexPerson(tx, input.personId, needPerson(tx, input.personId));
    voidExports(call, tx, input.personId);
    tell(call, tx);
  });
  return {};
}

/**
 * Withdraws every consent of hers from a day on, or none: told that all are withdrawn, nobody would look for the one
 * that still stands in a case out of sight. What was sent stays sent.
 *
 * @throws AppError `record.notFound`, `erasure.consentsOutOfSight`
 */
export function withdrawAll(
  call: OpenCall,
  input: HandlerInput<'erasure.withdraw'>,
): CallOutput<'erasure.withdraw'> {
  const withdrawn = write(call, (tx) => {
    needPerson(tx, input.personId);
    if (openConsentsOutOfSight(tx, input.personId) > 0) throw new AppError('erasure.consentsOutOfSight');
    const open = consentsOfPerson(tx, input.personId).filter((one) => one.answer !== 'withdrawn');
    for (const consent of open) withdrawConsentNow(call, tx, consent, input.day, input.reason);
    tell(call, tx);
    return open.length;
  });
  return { withdrawn };
}
