import { createHash } from 'node:crypto';
import type { ExportId } from '#shared/model/ids.ts';
import type { Reader } from '../../db/index.ts';
import type { Statement } from '../approvals/index.ts';
import { reportFor, stateOf } from './check-export.ts';
import { decisionsOf, needExport } from './export-repo.ts';
import type { StoredDecision, StoredExport, StoredReport } from './export-repo.ts';
import { byCodeUnit } from './package/index.ts';
import { planHash } from './plan-hash.ts';
import { needProfile } from './profiles.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * SHA-256 over the list of everything that leaves, in the form of a BagIt payload manifest: of a package it is the
 * hash of `manifest-sha256.txt`, which anybody can recompute from what was delivered.
 */
export const manifestHash = (stored: StoredReport): string => {
  const folder = stored.form === 'package' ? 'data/' : '';
  const lines = [...stored.files]
    .sort((a, b) => byCodeUnit(a.name, b.name))
    .map((file) => `${file.sha256}  ${folder}${file.name}\n`);
  return sha256(lines.join(''));
};

/**
 * What a second person signs of an export: to whom, by which rules, exactly which bytes, what the search found and
 * how each find was judged, and the list of everything else that somebody went through. A changed byte, another
 * judgement or another recipient makes it another statement.
 */
export const exportStatement = (
  item: StoredExport,
  stored: StoredReport,
  decisions: readonly StoredDecision[],
): Statement => {
  const { inventory, inventoryConfirmed: _confirmed, ...report } = reportFor(stored, decisions);
  const readBy = decisions
    .filter((one) => one.kind === 'inventory' && one.subject === planHash(stored).toString('hex'))
    .map((one) => [one.id, one.actor]);
  return {
    kind: 'export',
    subject: item.id,
    parts: [
      { name: 'profile', value: `${item.profile} ${String(item.profileVersion)}` },
      { name: 'recipient', value: item.recipient },
      { name: 'manifest', value: manifestHash(stored) },
      { name: 'report', value: sha256(JSON.stringify(report)) },
      { name: 'inventory', value: sha256(JSON.stringify([inventory, readBy])) },
    ],
    makers: [...new Set([item.settings.preparedBy, stored.checkedBy])],
    power: 'prepare',
  };
};

/**
 * The statement of an export as it stands, or null while there is nothing finished: unchecked, a find that nobody
 * judged, an inventory that nobody went through, or another form than was checked.
 *
 * @throws AppError `record.notFound`
 */
export const statementOfExport = (
  db: Reader,
  id: ExportId,
  form: StoredReport['form'],
): { readonly statement: Statement | null; readonly required: boolean } => {
  const item = needExport(db, id);
  const required = needProfile(item.profile).secondPerson;
  const stored = item.report;
  if (stored === null || stored.form !== form || item.state !== 'checked')
    return { statement: null, required };
  const decisions = decisionsOf(db, id);
  if (stateOf(stored, decisions) !== 'checked' || !reportFor(stored, decisions).inventoryConfirmed)
    return { statement: null, required };
  return { statement: exportStatement(item, stored, decisions), required };
};
