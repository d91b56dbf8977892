import type { DataRequestRow } from '#shared/contract/erasure.ts';
import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { localDay } from '#shared/rules/partial-date.ts';
import type { OpenCall } from '../../context.ts';
import { read, write } from '../../db/index.ts';
import { needPerson } from '../people/index.ts';
import { clocksOf } from './request-clocks.ts';
import { insertRequest, needRequest, requestsIn, updateRequest, type StoredRequest } from './request-repo.ts';

/** The calendar day here. */
export const todayOf = (call: OpenCall): string => {
  const { clock } = call.core.ports;
  return localDay(clock.now(), clock.zone());
};

const rowOf = (call: OpenCall, row: StoredRequest): DataRequestRow => ({
  id: row.id,
  personId: row.personId,
  person: row.person,
  kinds: row.kinds,
  receivedOn: row.receivedOn,
  state: row.state,
  hold: row.hold,
  clocks: clocksOf(row, todayOf(call)),
  version: row.version,
  updatedAt: row.updatedAt,
});

const tell = (call: OpenCall): void => {
  call.core.emit({ name: 'persons.changed', payload: { caseId: null } });
};

/** Notes that a person asked about her data; its time runs from the day it came. @throws AppError `record.notFound` */
export function openRequest(
  call: OpenCall,
  input: HandlerInput<'dataRequests.open'>,
): CallOutput<'dataRequests.open'> {
  const id = call.core.newId();
  write(call, (tx) => {
    needPerson(tx, input.personId);
    insertRequest(tx, { id, ...input }, call.core.ports.clock.now());
    tx.journal({ table: 'data_request', id, payload: { ...input, kinds: [...input.kinds] } });
    tx.afterCommit(() => {
      tell(call);
    });
  });
  return { id, version: 1 };
}

export const listRequests = (
  call: OpenCall,
  input: HandlerInput<'dataRequests.list'>,
): CallOutput<'dataRequests.list'> => ({
  rows: read(call, (db) => requestsIn(db, input.state)).map((row) => rowOf(call, row)),
});

/** @throws AppError `record.notFound` */
export function getRequest(
  call: OpenCall,
  input: HandlerInput<'dataRequests.get'>,
): CallOutput<'dataRequests.get'> {
  const row = read(call, (db) => needRequest(db, input.id));
  const { channel, identifiedBy, note, outcome, answeredOn, carriedOutOn, extended } = row;
  return { ...rowOf(call, row), channel, identifiedBy, note, outcome, answeredOn, carriedOutOn, extended };
}

/** @throws AppError `record.notFound`, `record.changedMeanwhile` */
export function noteRequest(
  call: OpenCall,
  input: HandlerInput<'dataRequests.note'>,
): CallOutput<'dataRequests.note'> {
  write(call, (tx) => {
    const row = needRequest(tx, input.id);
    const answeredOn = input.answeredOn ?? row.answeredOn;
    const state = input.close === true ? 'closed' : answeredOn === null ? row.state : 'answered';
    const next = {
      id: row.id,
      state: row.state === 'closed' ? ('closed' as const) : state,
      outcome: input.outcome ?? row.outcome,
      answeredOn,
      carriedOutOn: input.carriedOutOn ?? row.carriedOutOn,
      extended: input.extended ?? row.extended,
    };
    if (!updateRequest(tx, next, input.version, call.core.ports.clock.now()))
      throw new AppError('record.changedMeanwhile');
    const { id: _id, ...payload } = next;
    tx.journal({ table: 'data_request', id: row.id, payload });
    tx.afterCommit(() => {
      tell(call);
    });
  });
  return { version: input.version + 1 };
}
