import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import type { Consent, ConsentFields } from '#shared/contract/consents.ts';
import { AppError } from '#shared/errors.ts';
import { consentIdSchema, type CaseId } from '#shared/model/ids.ts';
import type { OpenCall } from '../../context.ts';
import { write, type Tx } from '../../db/index.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import { needCase } from '../cases/index.ts';
import { needPerson } from '../people/index.ts';
import { consentDefaults, insertConsent, needConsent, ratify, withdraw } from './consent-repo.ts';

const tellChanged = (call: OpenCall, tx: Tx, caseId: CaseId): void => {
  tx.afterCommit(() => {
    call.core.emit({ name: 'consents.changed', payload: { caseId } });
  });
};

/**
 * Records what a person answered about one class of recipients, or why she could not answer. An impediment is
 * an answer: the filing can go at once, and ratifying it stays on the list of what is due.
 *
 * @throws AppError `consent.needsReason` for an impediment without one, `record.notFound`.
 */
export function recordConsent(
  call: OpenCall,
  input: HandlerInput<'consents.record'>,
): CallOutput<'consents.record'> {
  const { caseId, personId, recipientClass, answer, ...rest } = input;
  const fields: ConsentFields = {
    ...consentDefaults(),
    ...withoutUndefined(rest),
    caseId,
    personId,
    recipientClass,
    answer,
  };
  if (answer === 'impeded' && fields.impediment === null)
    throw new AppError('consent.needsReason', { field: 'impediment' });
  // A refusal opens no door, whatever boxes the form still had ticked.
  const settled =
    answer === 'refused' || answer === 'withdrawn'
      ? { ...fields, toBody: false, toState: false, toPublic: false }
      : fields;
  const id = consentIdSchema.parse(call.core.newId());
  write(call, (tx) => {
    needCase(tx, caseId);
    needPerson(tx, personId);
    insertConsent(tx, id, settled, call.core.ports.clock.now());
    tx.journal({ table: 'consent', id, payload: settled });
    tellChanged(call, tx, caseId);
  });
  return { id, version: 1 };
}

/** The impediment ended and the person said yes. @throws AppError `record.notFound`, `record.changedMeanwhile` */
export function ratifyConsent(
  call: OpenCall,
  input: HandlerInput<'consents.ratify'>,
): CallOutput<'consents.ratify'> {
  const { id, version, ...given } = input;
  write(call, (tx) => {
    const consent = needConsent(tx, id);
    if (!ratify(tx, id, version, given, call.core.ports.clock.now()))
      throw new AppError('record.changedMeanwhile');
    tx.journal({ table: 'consent', id, payload: { ratified: given } });
    tellChanged(call, tx, consent.caseId);
  });
  return { version: version + 1 };
}

/** Withdraws one consent inside a transaction of the caller, with its journal entry. For whoever withdraws all. */
export function withdrawConsentNow(
  call: OpenCall,
  tx: Tx,
  consent: Consent,
  day: string,
  reason: string,
): void {
  const note = [consent.note, reason].filter((part) => part !== '').join('\n');
  if (!withdraw(tx, consent.id, consent.version, day, note, call.core.ports.clock.now()))
    throw new AppError('record.changedMeanwhile');
  tx.journal({ table: 'consent', id: consent.id, payload: { withdrawnDay: day, reason } });
  tellChanged(call, tx, consent.caseId);
}

/** From now on nothing goes out on this consent. @throws AppError `record.notFound`, `record.changedMeanwhile` */
export function withdrawConsent(
  call: OpenCall,
  input: HandlerInput<'consents.withdraw'>,
): CallOutput<'consents.withdraw'> {
  write(call, (tx) => {
    const consent = needConsent(tx, input.id);
    withdrawConsentNow(call, tx, { ...consent, version: input.version }, input.day, input.reason);
  });
  return { version: input.version + 1 };
}
