import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { ExportId } from '#shared/model/ids.ts';
import type { OpenCall } from '../../context.ts';
import { write, type Tx } from '../../db/index.ts';
import { reportFor, stateOf } from './check-export.ts';
import { decisionsOf, needExport, putDecision, updateReport } from './export-repo.ts';
import type { StoredExport, StoredReport } from './export-repo.ts';
import { planHash } from './plan-hash.ts';
import { tellExportsChanged } from './prepare-export.ts';

const needReport = (tx: Tx, id: ExportId): { item: StoredExport; stored: StoredReport } => {
  const item = needExport(tx, id);
  if (item.report === null || item.state === 'released') throw new AppError('export.notChecked');
  return { item, stored: item.report };
};

/**
 * Judges one hit: it is the person (`same`, blocks), or the words mean something else here (`other`).
 * A hit of a strong value has no such answer.
 *
 * @throws AppError `export.notChecked`, `record.notFound`, `export.leakFound`
 */
export function adjudicate(
  call: OpenCall,
  input: HandlerInput<'exports.adjudicate'>,
): CallOutput<'exports.adjudicate'> {
  return write(call, (tx) => {
    const { item, stored } = needReport(tx, input.id);
    const hit = stored.report.hits.find((one) => one.id === input.hitId);
    if (hit === undefined) throw new AppError('record.notFound');
    if (!hit.adjudicable) throw new AppError('export.leakFound', { params: { count: 1 } });
    const pattern = stored.patterns[hit.id];
    putDecision(
      tx,
      input.id,
      {
        id: call.core.newId(),
        kind: 'hit',
        subject: hit.id,
        verdict: input.verdict,
        reason: '',
        contextHash: pattern === undefined ? null : Buffer.from(pattern, 'hex'),
        actor: call.session.actor.name,
      },
      call.core.ports.clock.now(),
    );
    const decisions = decisionsOf(tx, input.id);
    updateReport(
      tx,
      input.id,
      stateOf(stored, decisions),
      planHash(stored),
      stored,
      call.core.ports.clock.now(),
    );
    tx.journal({
      table: 'export',
      id: input.id,
      payload: { judged: hit.id, verdict: input.verdict },
      children: ['export_decision'],
    });
    tellExportsChanged(call, tx, item.caseId);
    return { open: reportFor(stored, decisions).hits.filter((one) => one.verdict === null).length };
  });
}

/** Somebody went through the list of everything that is left. @throws AppError `export.notChecked` */
export function confirmInventory(
  call: OpenCall,
  input: HandlerInput<'exports.confirmInventory'>,
): CallOutput<'exports.confirmInventory'> {
  write(call, (tx) => {
    const { item, stored } = needReport(tx, input.id);
    const subject = planHash(stored).toString('hex');
    putDecision(
      tx,
      input.id,
      {
        id: call.core.newId(),
        kind: 'inventory',
        subject,
        verdict: 'read',
        reason: '',
        contextHash: null,
        actor: call.session.actor.name,
      },
      call.core.ports.clock.now(),
    );
    tx.journal({
      table: 'export',
      id: input.id,
      payload: { inventoryRead: stored.report.inventory.length },
      children: ['export_decision'],
    });
    tellExportsChanged(call, tx, item.caseId);
  });
  return {};
}
