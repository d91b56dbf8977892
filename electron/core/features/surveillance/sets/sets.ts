import suffixList from '#resources/surveillance/suffix-list.json' with { type: 'json' };
import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { indicatorSetIdSchema } from '#shared/model/surveillance-ids.ts';
import { localDay } from '#shared/rules/partial-date.ts';
import { defangText, defangUrl } from '#shared/surveillance/defang.ts';
import { SET_LIMITS } from '#shared/surveillance/indicator-set.ts';
import type { OpenCall, TaskHandle } from '../../../context.ts';
import { nodeSha256Stream } from '../../../crypto/node-sha256.ts';
import { read, write } from '../../../db/index.ts';
import { bytesSource, openFileSource, type ObjectSource } from '../../../files/object-source.ts';
import { shownName } from '../../../files/safe-name.ts';
import { withoutUndefined } from '../../../without-undefined.ts';
import { takeSource } from '../../evidence/index.ts';
import { readSet } from './read-sets.ts';
import { insertSet, needSet, readingOf, setsOf, setWithHash, skippedOf, updateSet } from './set-repo.ts';

type TaskCall = OpenCall & { readonly task: TaskHandle };

/** All bytes of a chosen file. @throws AppError `evidence.targetUnknown`, `parser.tooLarge`, `disk.*` */
async function bytesOf(
  call: TaskCall,
  target: HandlerInput<'indicatorSets.add'>['target'],
): Promise<{
  readonly name: string;
  readonly bytes: Buffer<ArrayBuffer>;
  readonly modifiedMs: number | null;
}> {
  const grant = call.core.grants.need(target);
  if (grant.kind === 'folder') throw new AppError('disk.isFolder');
  if (grant.kind !== 'file' && grant.kind !== 'bytes') throw new AppError('evidence.targetUnknown');
  const source: ObjectSource & { readonly modifiedMs?: number } =
    grant.kind === 'bytes'
      ? bytesSource(grant.bytes)
      : await openFileSource(call.core.ports.disk, grant.path);
  try {
    if (source.sizeBytes > SET_LIMITS.bytes) throw new AppError('parser.tooLarge');
    const bytes = Buffer.alloc(source.sizeBytes);
    let done = 0;
    while (done < bytes.length) {
      const count = await source.read(bytes.subarray(done), done);
      if (count === 0) throw new AppError('evidence.changedWhileReading');
      done += count;
    }
    return { name: shownName(grant.name), bytes, modifiedMs: source.modifiedMs ?? null };
  } finally {
    await source.close();
  }
}

/**
 * Takes a set of indicators in. It is read first: a file that gives nothing is refused before anything is kept. Then
 * the very file becomes evidence, so that an old result can be explained by the bytes that it came from.
 *
 * @throws AppError `indicators.nothingUsable`, `evidence.targetUnknown`, `evidence.changedWhileReading`, `parser.*`,
 *   `disk.*`
 */
export async function addSet(
  call: TaskCall,
  input: HandlerInput<'indicatorSets.add'>,
): Promise<CallOutput<'indicatorSets.add'>> {
  const { target, ...given } = input;
  const { name: fileName, bytes, modifiedMs } = await bytesOf(call, target);
  call.task.describe(fileName);
  const hash = nodeSha256Stream();
  hash.update(bytes);
  const sha256 = Buffer.from(hash.digest());
  const known = read(call, (db) => setWithHash(db, sha256));
  if (known !== null) return { ...known, existed: true };
  const { clock } = call.core.ports;
  const day = localDay(clock.now(), clock.zone());
  const parsed = await call.core.parser.run(
    'indicators.read',
    { bytes, name: fileName, today: day },
    { source: sha256.toString('hex'), signal: call.task.signal },
  );
  const reading = readingOf(parsed);
  if (reading.indicators === 0) {
    throw new AppError('indicators.nothingUsable', {
      params: { skipped: reading.skipped, refused: reading.refusedFiles.length },
    });
  }
  const fields = { name: '', licence: '', day: null, version: '', ...withoutUndefined(given) };
  const intake = {
    caseId: null,
    incidentId: null,
    kind: 'other',
    fromPersonId: null,
    fromWords: fields.source,
    method: 'download',
    note: '',
    restricted: false,
    hardToView: false,
  } as const;
  // Not for the search index, nor for reading as text: its addresses are dangerous as they stand, and the set shows them
  // defanged. The very bytes that were read are kept: the file may have become another one meanwhile.
  const source = { ...bytesSource(bytes), ...(modifiedMs === null ? {} : { modifiedMs }) };
  const taken = await takeSource(call, intake, fileName, source, { look: false });
  if (taken.sha256 !== sha256.toString('hex')) throw new AppError('evidence.changedWhileReading');
  const id = indicatorSetIdSchema.parse(call.core.newId());
  const set = {
    id,
    evidenceId: taken.id,
    name: fields.name === '' ? fileName : fields.name,
    source: fields.source,
    licence: fields.licence,
    day: fields.day,
    version: fields.version,
    sha256,
    sizeBytes: bytes.length,
    addedBy: call.session.actor.name,
  };
  const kept = write(call, (tx) => {
    insertSet(tx, set, parsed, clock.now());
    const { sha256: _bytes, ...said } = set;
    tx.journal({ table: 'indicator_set', id, payload: { ...said, sha256: taken.sha256, ...reading } });
    tx.afterCommit(() => {
      call.core.emit({ name: 'surveillance.changed', payload: { caseId: null } });
    });
    return { ...needSet(tx, id), existed: false };
  });
  return kept;
}

export const listSets = (
  call: OpenCall,
  input: HandlerInput<'indicatorSets.list'>,
): CallOutput<'indicatorSets.list'> => ({
  rows: read(call, (db) => setsOf(db, input.includeRetired)).map((set) => ({
    ...set,
    source: defangText(set.source),
  })),
  suffixListDay: suffixList.day,
});

/** @throws AppError `record.notFound`, `record.changedMeanwhile` */
export function amendSet(
  call: OpenCall,
  input: HandlerInput<'indicatorSets.amend'>,
): CallOutput<'indicatorSets.amend'> {
  return change(call, input.id, input.recordVersion, withoutUndefined(input.changes));
}

/** @throws AppError `record.notFound`, `record.changedMeanwhile` */
export function useSet(
  call: OpenCall,
  input: HandlerInput<'indicatorSets.use'>,
): CallOutput<'indicatorSets.use'> {
  const retiredReason = input.inUse ? '' : input.reason;
  return change(call, input.id, input.recordVersion, { inUse: input.inUse, retiredReason });
}

function change(
  call: OpenCall,
  id: Parameters<typeof needSet>[1],
  recordVersion: number,
  changes: Partial<Omit<Parameters<typeof updateSet>[1], 'id'>>,
): { recordVersion: number } {
  write(call, (tx) => {
    const next = { ...needSet(tx, id), ...changes };
    if (!updateSet(tx, next, recordVersion, call.core.ports.clock.now()))
      throw new AppError('record.changedMeanwhile');
    tx.journal({ table: 'indicator_set', id, payload: changes });
    tx.afterCommit(() => {
      call.core.emit({ name: 'surveillance.changed', payload: { caseId: null } });
    });
  });
  return { recordVersion: recordVersion + 1 };
}

/** @throws AppError `record.notFound` */
export const listSkipped = (
  call: OpenCall,
  input: HandlerInput<'indicatorSets.skipped'>,
): CallOutput<'indicatorSets.skipped'> => {
  const found = read(call, (db) => skippedOf(db, input.id, input.reasons, input));
  return { ...found, rows: found.rows.map((row) => ({ ...row, what: defangText(row.what) })) };
};

/** @throws AppError `record.notFound`, `evidence.object*`, `parser.*` */
export async function inspectSet(
  call: TaskCall,
  input: HandlerInput<'indicatorSets.inspect'>,
): Promise<CallOutput<'indicatorSets.inspect'>> {
  const set = await readSet(call, input.id, call.task.signal);
  const types = input.types === undefined ? null : new Set(input.types);
  const wanted = (input.text ?? '').toLowerCase().replaceAll('[.]', '.').replaceAll('[@]', '@');
  const found = set.members.flatMap((member) =>
    member.indicators
      .filter(
        ({ value, type, collection }) =>
          (types === null || types.has(type)) &&
          (wanted === '' ||
            value.toLowerCase().includes(wanted) ||
            collection.toLowerCase().includes(wanted)),
      )
      .map((indicator) => ({ ...indicator, file: member.name })),
  );
  return {
    total: found.length,
    rows: found
      .slice(input.offset, input.offset + input.limit)
      .map(({ value, type, collection, file, state }) => ({
        value: type === 'domains' || type === 'urls' || type === 'emails' ? defangUrl(value) : value,
        type,
        collection,
        file,
        state: state ?? null,
      })),
  };
}
