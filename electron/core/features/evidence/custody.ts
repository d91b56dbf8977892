import type { EvidenceId } from '#shared/model/ids.ts';
import type { OpenCall } from '../../context.ts';
import { write, type Json, type Tx } from '../../db/index.ts';
import { insertCustody, needEvidence, type CustodyEntry } from './evidence-repo.ts';

type Entry = Pick<CustodyEntry, 'action' | 'detail'>;

/**
 * Appends to the custody record of an item inside a transaction, with its journal entry. For features that
 * hand an item on, such as exports. Throws `record.notFound`.
 */
export function addCustody(call: OpenCall, tx: Tx, id: EvidenceId, entry: Entry): void {
  needEvidence(tx, id);
  insertCustody(
    tx,
    call.core.newId(),
    id,
    { ...entry, actor: call.session.actor.name },
    call.core.ports.clock.now(),
  );
  const payload: Json = { custody: entry.action, detail: entry.detail };
  tx.journal({ table: 'evidence', id, payload, children: ['custody'] });
}

/** The same as a transaction of its own. `also`: what has to be kept together with it. */
export function recordCustody(
  call: OpenCall,
  id: EvidenceId,
  entry: Entry,
  also: (tx: Tx) => void = () => undefined,
): void {
  write(call, (tx) => {
    addCustody(call, tx, id, entry);
    also(tx);
    const { caseId } = needEvidence(tx, id);
    tx.afterCommit(() => {
      call.core.emit({ name: 'evidence.changed', payload: { caseId } });
    });
  });
}
