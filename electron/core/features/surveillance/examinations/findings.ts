import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { ExaminationId } from '#shared/model/surveillance-ids.ts';
import { defangText } from '#shared/surveillance/defang.ts';
import { reviewNeeds } from '#shared/surveillance/findings.ts';
import type { OpenCall } from '../../../context.ts';
import { read, write } from '../../../db/index.ts';
import { findingCounts, needExamination, needReadable } from './examination-repo.ts';
import { indexExamination } from './examinations.ts';
import {
  firstOfRun,
  insertReview,
  needFinding,
  pageOfFindings,
  placeOf,
  reviewsOf,
  shownFinding,
} from './finding-repo.ts';
import { storeRun } from './finding-store-repo.ts';

/** @throws AppError `record.notFound`, `examination.preservationOnly` */
export function listFindings(
  call: OpenCall,
  input: HandlerInput<'findings.list'>,
): CallOutput<'findings.list'> {
  return read(call, (db) => {
    needReadable(db, input.examinationId);
    const { total, modules, rows } = pageOfFindings(db, input);
    return {
      total,
      counts: findingCounts(db, input.examinationId),
      modules,
      rows: rows.map(shownFinding),
    };
  });
}

/** @throws AppError `record.notFound`, `examination.preservationOnly` */
export function getFinding(call: OpenCall, input: HandlerInput<'findings.get'>): CallOutput<'findings.get'> {
  const found = read(call, (db) => {
    const finding = needFinding(db, input.id);
    needReadable(db, finding.examinationId);
    const place = placeOf(db, input.id);
    return {
      ...shownFinding(finding),
      caseId: place.case_id,
      deviceId: place.device_id,
      excerpt: place.excerpt.map(({ name, value }) => ({ name, value: defangText(value) })),
      history: reviewsOf(db, input.id),
    };
  });
  call.session.reads.note(call.method, 'finding', input.id);
  return found;
}

/**
 * Writes down what a person decided about findings. The machine never decides: without such a row a finding stays to
 * be reviewed.
 *
 * @throws AppError `record.notFound`, `finding.needsReason`, `examination.preservationOnly`
 */
export function reviewFindings(
  call: OpenCall,
  input: HandlerInput<'findings.review'>,
): CallOutput<'findings.review'> {
  const needed = reviewNeeds(input.state);
  if (needed !== null && input[needed] === '') throw new AppError('finding.needsReason', { field: needed });
  const ids = [...new Set(input.ids)];
  write(call, (tx) => {
    const touched = new Set<ExaminationId>();
    for (const id of ids) {
      const { examinationId } = needFinding(tx, id);
      if (!touched.has(examinationId)) needReadable(tx, examinationId);
      touched.add(examinationId);
      const rowId = call.core.newId();
      insertReview(tx, {
        id: rowId,
        findingId: id,
        examinationId,
        state: input.state,
        reason: input.reason,
        confirmedBy: input.confirmedBy,
        note: input.note,
        actor: call.session.actor.name,
        atMs: call.core.ports.clock.now(),
      });
    }
    const [first = ''] = touched;
    tx.journal({
      table: 'examination',
      id: first,
      payload: { findings: ids, state: input.state, reason: input.reason, confirmedBy: input.confirmedBy },
      children: ['finding_review'],
    });
    for (const id of touched) {
      const found = needExamination(tx, id);
      tx.afterCommit(() => {
        call.core.emit({ name: 'surveillance.changed', payload: { caseId: found.caseId } });
      });
    }
  });
  return { changed: ids.length };
}

/** Keeps a finding that a person read or saw. @throws AppError `record.notFound`, `examination.preservationOnly` */
export function enterFinding(
  call: OpenCall,
  input: HandlerInput<'findings.enter'>,
): CallOutput<'findings.enter'> {
  return write(call, (tx) => {
    const examination = needReadable(tx, input.examinationId);
    const runId = storeRun(
      call,
      tx,
      {
        examinationId: input.examinationId,
        evidenceId: null,
        source: 'manual',
        sets: [],
        records: 1,
        unread: 0,
        startedAtMs: call.core.ports.clock.now(),
      },
      [
        {
          kind: 'heuristic',
          module: input.module,
          record: 0,
          field: '',
          observed: input.observed,
          excerpt: [],
          time: input.time,
          whenKey: /^\d{4}-\d{2}-\d{2}/u.test(input.time) ? input.time.replace(' ', 'T').slice(0, 19) : '',
          clock: input.clock,
          level: input.level,
          message: input.message,
          hits: [],
          difference: null,
          shortener: null,
          // What a person read or saw was compared with no tool's results.
          newSinceTool: false,
        },
      ],
    );
    indexExamination(call, tx, examination);
    tx.afterCommit(() => {
      call.core.emit({ name: 'surveillance.changed', payload: { caseId: examination.caseId } });
    });
    return { id: firstOfRun(tx, runId) };
  });
}
