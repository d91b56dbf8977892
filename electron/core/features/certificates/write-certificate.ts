import { basename, dirname } from 'node:path';
import { AppError } from '#shared/errors.ts';
import type { TargetId } from '#shared/model/ids.ts';
import type { OpenCall, TaskHandle } from '../../context.ts';
import { nodeSha256Stream } from '../../crypto/node-sha256.ts';
import { write } from '../../db/index.ts';
import { renderHandoverSheet, writeOutput } from '../filings/index.ts';
import { whyNotHere } from '../vault/index.ts';
import { sheetDocument, type Sheet } from './sheet-document.ts';

export type Certifying = OpenCall & { readonly task: TaskHandle };

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield await Promise.resolve(bytes);
}

/**
 * Writes a sheet to the chosen file. That there is one, and its hash, is written down first, with the record that it
 * speaks of: a sheet that is out and stands nowhere could not be told from an invented one.
 *
 * @throws AppError `evidence.targetUnknown`, `export.cloudFolder`, `export.glyphMissing`, `disk.*`, `vault.readOnly`
 */
export async function writeCertificate(
  call: Certifying,
  target: TargetId,
  sheet: Sheet,
  about: { readonly table: 'roster' | 'person_hold'; readonly id: string },
): Promise<{ readonly sizeBytes: number; readonly sha256: string }> {
  const { disk, random, loadFonts } = call.core.ports;
  const grant = call.core.grants.need(target);
  if (grant.kind !== 'targetFile') throw new AppError('evidence.targetUnknown');
  // A sheet with a name is in clear, and what a cloud service copies cannot be taken back.
  if ((await whyNotHere(disk, dirname(grant.path))) === 'vault.syncedFolder')
    throw new AppError('export.cloudFolder');
  if ((await disk.stat(grant.path)) !== null) throw new AppError('disk.targetExists');
  const { bytes } = await renderHandoverSheet(sheetDocument(sheet), { random, loadFonts });
  const hash = nodeSha256Stream();
  hash.update(bytes);
  const sha256 = Buffer.from(hash.digest()).toString('hex');
  write(call, (tx) => {
    tx.journal({ ...about, payload: { certificate: sheet.folio, sha256 } });
  });
  const written = await writeOutput(
    disk,
    dirname(grant.path),
    basename(grant.path),
    once(bytes),
    sheet.day,
    call.task.signal,
  );
  return { sizeBytes: written.bytes, sha256: written.sha256 };
}
