import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError, isAppError, type ErrorCode } from '#shared/errors.ts';
import { evidenceIdSchema } from '#shared/model/ids.ts';
import type { OpenCall, TaskHandle } from '../../context.ts';
import { write } from '../../db/index.ts';
import { wrapObjectKey } from '../../crypto/object-format.ts';
import { bytesSource, openFileSource, type ObjectSource } from '../../files/object-source.ts';
import type { WrittenObject } from '../../files/object-store.ts';
import { shownName } from '../../files/safe-name.ts';
import { deriveEvidence, WAITING } from './derive-evidence.ts';
import {
  insertCustody,
  insertEvidence,
  insertObjectKey,
  isKnownObject,
  putDerived,
  sameContent,
  type NewEvidence,
} from './evidence-repo.ts';
import { kindOf, plainMime } from './evidence-types.ts';
import { caseOfIncident } from './evidence-link-repo.ts';
import { incidentOfForm, noteTaken } from './form-intakes.ts';
import { indexEvidence } from './index-evidence.ts';
import { linkEvidence, requireReferences } from './link-evidence.ts';
import { objectStore } from './open-evidence.ts';

type TaskCall = OpenCall & { readonly task: TaskHandle };
type Intake = Omit<HandlerInput<'evidence.take'>, 'source'>;
type Taken = CallOutput<'evidence.take'>;

/** As much of a file as its type can be told from. */
const HEAD_BYTES = 65_536;

const readHead = async (source: ObjectSource): Promise<Buffer<ArrayBuffer>> => {
  const head = Buffer.alloc(Math.min(HEAD_BYTES, source.sizeBytes));
  let done = 0;
  while (done < head.length) {
    const count = await source.read(head.subarray(done), done);
    if (count === 0) break;
    done += count;
  }
  return head.subarray(0, done);
};

/** What the first bytes of a file say it is, or why nobody could tell. */
interface FileType {
  readonly mime: string;
  readonly refusal: ErrorCode | null;
}
const UNKNOWN_TYPE = 'application/octet-stream';

/** Type by content. A file that makes the parser fail is of no known type, and is kept all the same. */
const typeOf = async (call: TaskCall, id: string, source: ObjectSource): Promise<FileType> => {
  if (source.sizeBytes === 0) return { mime: UNKNOWN_TYPE, refusal: null };
  try {
    const head = await readHead(source);
    const options = { source: id, signal: call.task.signal };
    const { mime } = await call.core.parser.run('file.type', { head }, options);
    return { mime: plainMime(mime), refusal: null };
  } catch (thrown) {
    if (isAppError(thrown) && thrown.code.startsWith('parser.')) {
      return { mime: UNKNOWN_TYPE, refusal: thrown.code };
    }
    throw thrown;
  }
};

interface TakenFile {
  readonly id: NewEvidence['id'];
  readonly name: string;
  readonly mime: string;
  /** Why its type could not be told; then nobody looks further. */
  readonly refusal: ErrorCode | null;
  readonly modifiedMs: number | null;
  readonly written: WrittenObject;
  /** False: kept, and nobody looks into it. */
  readonly look: boolean;
}

/** One transaction: the item, its sealed key, custody, journal, link, place in the index. */
const record = (call: TaskCall, intake: Intake, file: TakenFile): Taken['sameAs'] => {
  const { core, session } = call;
  const { written, id } = file;
  return write(call, (tx) => {
    // Cases and incidents may have gone while the file was read.
    requireReferences(tx, intake);
    // The form that it was begun in may have been saved meanwhile.
    const saved = intake.incidentId === null ? incidentOfForm(call, tx, intake.draftId) : null;
    const incidentId = intake.incidentId ?? saved;
    const caseId = (saved === null ? null : caseOfIncident(tx, saved)) ?? intake.caseId;
    const now = core.ports.clock.now();
    const sameAs = sameContent(tx, written.sha256);
    const item: NewEvidence = {
      id,
      objectId: written.objectId,
      originalName: file.name,
      title: file.name,
      kind: intake.kind ?? kindOf(file.mime),
      mime: file.mime,
      sizeBytes: written.sizeBytes,
      sha256: written.sha256,
      caseId,
      fromPersonId: intake.fromPersonId,
      fromWords: intake.fromWords,
      method: intake.method,
      note: intake.note,
      restricted: intake.restricted,
      hardToView: intake.hardToView,
      sourceModifiedMs: file.modifiedMs,
    };
    insertEvidence(tx, item, now);
    const { crypto, random } = core.ports;
    const ids = { vaultId: session.vaultId, objectId: written.objectId, generation: session.generation };
    insertObjectKey(
      tx,
      written.objectId,
      // Sealed here, where the database is known to be open: after a lock the wrapping key is zeros.
      wrapObjectKey(crypto, session.keys.wrap, ids, random.bytes(24), written.key),
    );
    const received = { action: 'received', actor: session.actor.name, detail: intake.fromWords } as const;
    insertCustody(tx, core.newId(), id, received, now);
    const { refusal, look } = file;
    const state = look ? 'waiting' : 'none';
    putDerived(
      tx,
      id,
      refusal === null ? { ...WAITING, status: state } : { ...WAITING, status: 'refused', reason: refusal },
      now,
    );
    const { objectId, sha256, ...said } = item;
    tx.journal({
      table: 'evidence',
      id,
      payload: { ...said, sha256: sha256.toString('hex'), object: objectId.toString('hex') },
      children: ['custody'],
    });
    if (incidentId !== null) linkEvidence(call, tx, { evidenceId: id, incidentId });
    else noteTaken(call, tx, intake.draftId, { id, caseId });
    indexEvidence(core, tx, id);
    tx.afterCommit(() => {
      core.emit({ name: 'evidence.changed', payload: { caseId } });
    });
    return sameAs;
  });
};

/** Looks into a kept item. It is kept whatever happens here, so nothing here is an error of the intake. */
const examine = async (call: TaskCall, taken: TakenFile): Promise<Taken['derived']> => {
  const { id, mime, written } = taken;
  if (taken.refusal !== null) return 'refused';
  if (!taken.look) return 'none';
  const item = { id, mime, sizeBytes: written.sizeBytes };
  call.task.progress('examining', 0, 1, 'items');
  try {
    return await deriveEvidence(call, item, call.task.signal);
  } catch (thrown) {
    if (!isAppError(thrown)) throw thrown;
    // Cancelled or locked in between: it waits, and is looked into after the next unlock.
    return 'waiting';
  }
};

/** Removes an object whose rows did not come to be. Where that is not certain, the next start sees to it. */
const forgetObject = async (call: TaskCall, written: WrittenObject): Promise<void> => {
  try {
    // Past the view of this session: whether it is known does not depend on who asks.
    if (isKnownObject(call.session.db.connection, written.objectId)) return;
    await objectStore(call).remove(written.objectId);
  } catch {
    // The error that led here is the one that people need to read.
  }
};

const take = async (
  call: TaskCall,
  intake: Intake,
  foreignName: string,
  source: ObjectSource & { readonly modifiedMs?: number },
  { look, mime }: { readonly look: boolean; readonly mime?: string } = { look: true },
): Promise<Taken> => {
  const { core, session, task } = call;
  const name = shownName(foreignName);
  task.describe(name);
  // Refused before a long intake rather than after it.
  const because = session.db.readOnlyBecause;
  if (because !== null) throw new AppError('vault.readOnly', { params: { reason: because } });
  session.db.read((db) => {
    requireReferences(db, intake);
  });
  const id = evidenceIdSchema.parse(core.newId());
  const typing = mime === undefined ? typeOf(call, id, source) : Promise.resolve({ mime, refusal: null });
  typing.catch(() => undefined);
  // The object first, the rows after: a crash in between leaves a file that nobody knows and nobody can open.
  const written = await objectStore(call).write(source, {
    signal: task.signal,
    progress: (done, total) => {
      task.progress('storing', done, total, 'bytes');
    },
  });
  try {
    const file = { id, name, ...(await typing), modifiedMs: source.modifiedMs ?? null, written, look };
    const sameAs = record(call, intake, file);
    const derived = await examine(call, file);
    return {
      id,
      sha256: written.sha256.toString('hex'),
      sizeBytes: written.sizeBytes,
      mime: file.mime,
      derived,
      sameAs,
    };
  } catch (thrown) {
    await forgetObject(call, written);
    throw thrown;
  } finally {
    core.ports.crypto.zero(written.key);
  }
};

const withSource = async <S extends ObjectSource>(
  source: S,
  work: (source: S) => Promise<Taken>,
): Promise<Taken> => {
  try {
    return await work(source);
  } finally {
    await source.close();
  }
};

/**
 * Takes a chosen file in. The original is read once and not touched.
 *
 * @throws AppError `evidence.targetUnknown`, `evidence.changedWhileReading`, `disk.*`, `record.notFound`,
 *   `vault.readOnly`, `call.cancelled`.
 */
export async function takeEvidence(
  call: TaskCall,
  input: HandlerInput<'evidence.take'>,
): Promise<CallOutput<'evidence.take'>> {
  const { source: target, ...intake } = input;
  const grant = call.core.grants.need(target);
  if (grant.kind === 'bytes') {
    return withSource(bytesSource(grant.bytes), (source) => take(call, intake, grant.name, source));
  }
  if (grant.kind === 'folder') throw new AppError('disk.isFolder');
  if (grant.kind !== 'file') throw new AppError('evidence.targetUnknown');
  return withSource(await openFileSource(call.core.ports.disk, grant.path), (source) =>
    take(call, intake, grant.name, source),
  );
}

/**
 * Takes in bytes that another use case puts together, such as the files of a folder as one container. Closes the source.
 *
 * @param name shown to people. @param options `look` false: the content is kept and not looked into, not even for search;
 *   `mime` where it is known: then not even the first bytes are looked at, and the source is read in order only.
 * @throws AppError as `takeEvidence`
 */
export function takeSource(
  call: TaskCall,
  intake: Intake,
  name: string,
  source: ObjectSource & { readonly modifiedMs?: number },
  options: { readonly look: boolean; readonly mime?: string },
): Promise<Taken> {
  return withSource(source, (opened) => take(call, intake, name, opened, options));
}

/** Takes in what was pasted. Throws as `takeEvidence`. */
export async function takePasted(
  call: TaskCall,
  input: HandlerInput<'evidence.takePasted'>,
): Promise<CallOutput<'evidence.takePasted'>> {
  const { name, bytes, ...intake } = input;
  return withSource(bytesSource(bytes), (source) => take(call, intake, name, source));
}
