import { join } from 'node:path';
import { AppError, isAppError, type ErrorCode } from '#shared/errors.ts';
import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import {
  encodeCatalogue,
  MAX_SNAPSHOTS,
  objectSetHash,
  snapshotFileName,
  type CatalogueBody,
  type CatalogueEntry,
} from '../../crypto/backup-catalogue.ts';
import { ZERO_HASH } from '../../crypto/journal-format.ts';
import { deriveSnapshotKey } from '../../crypto/key-hierarchy.ts';
import { vaultOf, type OpenVault } from '../vault/index.ts';
import { announceCatalogue } from './announced-lists-repo.ts';
import {
  insertTarget,
  keyedObjects,
  noteFailure,
  noteSeen,
  noteSuccess,
  readPreferences,
  readSnapshots,
  readTarget,
  type KeyedObject,
} from './backup-repo.ts';
import { copyObjects, requireOpen, type Run, type TaskCall } from './copy-objects.ts';
import { readKnownTarget, type KnownTarget } from './known-target.ts';
import { mendHeaders, putHeader } from './headers.ts';
import { asOnlyWriter } from './one-writer.ts';
import { requireApart, resolvePlace, warningsOfPlace } from './place.ts';
import { databaseBytes, exportSnapshot, removeWork } from './snapshot.ts';
import { snapshotOut, targetOut, unnotedTarget } from './state.ts';
import { TargetFiles } from './target-files.ts';

type Output = CallOutput<'backup.run'>;

/** Reasons for looking only that a backup is the way out of: the person moves the vault by restoring elsewhere. */
const MAY_LEAVE: ReadonlySet<string> = new Set(['vault.syncedFolder', 'vault.networkFolder']);

interface Taken {
  readonly entry: Omit<CatalogueEntry, 'n' | 'bytes' | 'sha256' | 'headerFile'>;
  readonly objects: readonly KeyedObject[];
  readonly work: string;
}

/**
 * Objects, journal and export of one moment: nothing here waits, so nothing can change in between.
 *
 * @returns null where evidence came in that was not copied yet.
 */
const takeSnapshot = (run: Run, covered: ReadonlySet<string>): Taken | null => {
  requireOpen(run);
  const objects = run.vault.db.read(keyedObjects);
  if (objects.some((object) => !covered.has(object.id.toString('hex')))) return null;
  const { vault } = run;
  const { crypto, random, clock } = vault.ports;
  const snapshotId = random.bytes(16);
  const head = vault.journal.head;
  const work = join(vault.folder, 'scratch', random.bytes(16).toString('hex'));
  const key = deriveSnapshotKey(crypto, vault.backupKey, snapshotId);
  try {
    exportSnapshot(vault.db.connection, work, key, head);
  } finally {
    crypto.zero(key);
  }
  const ids = objects.map((object) => object.id);
  return {
    work,
    objects,
    entry: {
      takenMs: clock.now(),
      snapshotId,
      incarnation: vault.journal.incarnation,
      journalSeq: head.seq,
      position: head.position,
      head: head.hash,
      headerSeq: vault.headerSeq,
      generation: vault.generation,
      objectCount: ids.length,
      objectsHash: objectSetHash(crypto, ids),
    },
  };
};

const isOf = (vault: OpenVault, entry: CatalogueEntry | undefined): boolean =>
  entry !== undefined &&
  entry.incarnation.equals(vault.journal.incarnation) &&
  entry.journalSeq === vault.journal.head.seq &&
  entry.head.equals(vault.journal.head.hash) &&
  entry.generation === vault.generation &&
  entry.headerSeq === vault.headerSeq;

/**
 * The vault knows of a list before the list is there. Should the run die between the two and the keys change before
 * the next one, nothing else could tell that this list is ours.
 */
const announce = ({ vault, noting, call }: Run, target: Buffer, hash: Buffer): void => {
  if (!noting) return;
  vault.db.write(call.method, (tx) => {
    announceCatalogue(tx, target, hash);
  });
};

/** The target of this run: the one found, or a new one, which begins with an empty list that names its owner. */
const beginTarget = async (run: Run, known: KnownTarget | null): Promise<KnownTarget> => {
  if (known !== null) return known;
  const { vault, files } = run;
  const { random, clock, crypto } = vault.ports;
  await files.makeFolders();
  const header = await putHeader(run);
  requireOpen(run);
  const body: CatalogueBody = {
    vaultId: vault.vaultId,
    targetId: random.bytes(16),
    n: 1,
    prev: ZERO_HASH,
    writtenMs: clock.now(),
    generation: header.generation,
    headerFile: header.file,
    snapshots: [],
  };
  const { file, hash } = encodeCatalogue(crypto, body, vault.backupKey);
  announce(run, body.targetId, hash);
  await files.putCatalogue(file);
  return { row: null, catalogue: { body, hash }, present: [], lost: [], ahead: [], warnings: [] };
};

/** Takes the target into the vault's own list; a new one is journalled, because a copy of everything goes there. */
const remember = (run: Run, known: KnownTarget): void => {
  if (!run.noting) return;
  const id = known.catalogue.body.targetId.toString('hex');
  const { path, name } = run.place;
  run.vault.db.write(run.call.method, (tx) => {
    if (readTarget(tx, id) === null) {
      const { body, hash } = known.catalogue;
      insertTarget(tx, {
        id,
        path,
        name,
        added_at: run.vault.ports.clock.now(),
        catalogue_n: body.n,
        catalogue_hash: hash,
      });
      tx.journal({ table: 'backup_target', id, payload: { added: true } });
    } else {
      noteSeen(tx, id, path, name);
    }
  });
};

/** Somebody else may have written there meanwhile: only the list that we began from is replaced. */
const requireSameList = async (run: Run, known: KnownTarget): Promise<void> => {
  const now = await run.files.readCatalogue();
  if (now?.recognise(run.vault.ports.crypto, known.catalogue.hash) == null) {
    throw new AppError('backup.targetBusy');
  }
};

/** Copies objects, then takes the snapshot, again where evidence came in between: both belong to one moment. */
const copyAndTake = async (run: Run, unchanged: () => boolean): Promise<Taken | null> => {
  for (;;) {
    const room = (): number => (unchanged() ? 0 : databaseBytes(run.vault.db.connection));
    const covered = await copyObjects(run, room);
    if (unchanged()) return null;
    run.call.task.progress('takingSnapshot', 0, 0, 'items');
    const taken = takeSnapshot(run, covered);
    if (taken !== null) return taken;
  }
};

/** Brings the snapshot and its header to the target; from here on only the list does not know of them. */
const putSnapshot = async (run: Run, taken: Taken, n: number): Promise<CatalogueEntry> => {
  const { files, call } = run;
  const total = (await run.vault.ports.disk.stat(taken.work))?.sizeBytes ?? 0;
  let done = 0;
  const { bytes, sha256 } = await files.putSnapshot(taken.work, snapshotFileName(taken.entry.snapshotId), {
    signal: call.task.signal,
    progress: (count) => {
      done += count;
      call.task.progress('copyingSnapshot', done, total, 'bytes');
    },
  });
  const header = await putHeader(run);
  // Somebody changed a slot while the snapshot was on its way: the two would not belong together.
  if (header.seq !== taken.entry.headerSeq) throw new AppError('record.changedMeanwhile');
  return { ...taken.entry, n, bytes, sha256, headerFile: header.file };
};

/** The list that is to lie on the target now; the commit point where it differs from the one that does. */
const putCatalogue = async (
  run: Run,
  known: KnownTarget,
  made: CatalogueEntry | null,
  headerThere: boolean,
): Promise<KnownTarget['catalogue']> => {
  const { vault, files } = run;
  const { keep } = vault.db.read(readPreferences);
  const ahead = new Set(known.ahead);
  const own = [...known.present.filter((entry) => !ahead.has(entry)), ...(made === null ? [] : [made])];
  const snapshots = [...known.ahead, ...own.slice(-keep)].sort((a, b) => a.n - b.n).slice(-MAX_SNAPSHOTS);
  const before = known.catalogue.body;
  const same = made === null && snapshots.length === before.snapshots.length;
  if (same && headerThere) return known.catalogue;
  await requireSameList(run, known);
  requireOpen(run);
  const body: CatalogueBody = {
    vaultId: vault.vaultId,
    targetId: before.targetId,
    n: Math.max(before.n, known.row?.catalogue_n ?? 0) + 1,
    prev: known.catalogue.hash,
    writtenMs: vault.ports.clock.now(),
    generation: vault.generation,
    headerFile: made?.headerFile ?? (await putHeader(run)).file,
    snapshots,
  };
  requireOpen(run);
  const { file, hash } = encodeCatalogue(vault.ports.crypto, body, vault.backupKey);
  announce(run, body.targetId, hash);
  await files.putCatalogue(file);
  return { body, hash };
};

/** After the commit point: the vault takes note, and what nothing names any more is removed. */
const settle = async (
  run: Run,
  known: KnownTarget,
  { body, hash }: KnownTarget['catalogue'],
  taken: Taken | null,
): Promise<Output> => {
  const { vault, files, call } = run;
  const { clock } = vault.ports;
  const id = body.targetId.toString('hex');
  const { snapshots } = body;
  const older = snapshots.filter((entry) => entry.generation !== vault.generation);
  if (older.length > 0) run.warnings.add('olderKeys');
  const warnings = [...run.warnings];
  requireOpen(run);
  if (run.noting) {
    const lostBefore = vault.db.read((db) => readSnapshots(db, id)).filter(({ lost }) => lost);
    const lost = new Map(
      [...lostBefore.map(({ entry }) => entry), ...known.lost].map((entry) => [entry.n, entry]),
    );
    for (const entry of snapshots) lost.delete(entry.n);
    vault.db.write(call.method, (tx) => {
      noteSuccess(tx, id, {
        atMs: clock.now(),
        position: snapshots.at(-1)?.position ?? 0,
        catalogueN: body.n,
        catalogueHash: hash,
        warnings,
        snapshots,
        lost: [...lost.values()].slice(-MAX_SNAPSHOTS),
      });
    });
  }
  const removedSnapshots = await files.removeUnlisted(
    new Set(snapshots.map((entry) => snapshotFileName(entry.snapshotId))),
    new Set([body.headerFile, ...snapshots.map((entry) => entry.headerFile)]),
  );
  const surplus = known.ahead.length > 0 ? [] : await surplusObjects(run, taken);
  await files.removeObjects(surplus);
  requireOpen(run);
  call.core.emit({ name: 'backup.changed', payload: {} });
  return vault.db.read((db) => {
    const row = readTarget(db, id);
    const seen = { id, name: run.place.name, atMs: clock.now(), snapshots, warnings };
    return {
      target: row === null ? unnotedTarget(db, vault.generation, seen) : targetOut(db, vault.generation, row),
      newSnapshot: taken !== null,
      copiedObjects: run.copiedObjects,
      copiedBytes: run.copiedBytes,
      removedObjects: surplus.length,
      removedSnapshots: removedSnapshots.length,
      warnings,
      olderKeys: older.map((entry) => snapshotOut(db, vault.generation, entry)),
    };
  });
};

/**
 * Objects on the target that the vault deleted: their keys may still lie in older snapshots, so the ciphertext has
 * to go. Judged by the snapshot of this run, or by the vault where nothing changed since the last.
 */
const surplusObjects = async (run: Run, taken: Taken | null): Promise<string[]> => {
  const there = [...(await run.files.objects(run.call.task.signal)).keys()];
  requireOpen(run);
  const known = new Set(
    (taken?.objects ?? run.vault.db.read(keyedObjects)).map((object) => object.id.toString('hex')),
  );
  return there.filter((name) => !known.has(name));
};

const runOn = async (run: Run, acceptAhead: boolean): Promise<Output> => {
  const { vault, files, place } = run;
  requireApart(vault.folder, place.path);
  const found = await readKnownTarget(vault, files, place);
  if (found !== null && found.ahead.length > 0 && !acceptAhead) throw new AppError('backup.targetAhead');
  for (const warning of await warningsOfPlace(vault.ports.disk, vault.folder, place.path)) {
    run.warnings.add(warning);
  }
  const known = await beginTarget(run, found);
  for (const warning of known.warnings) run.warnings.add(warning);
  requireOpen(run);
  remember(run, known);
  try {
    await files.removeTemporaries();
    await files.makeFolders();
    const ahead = new Set(known.ahead);
    const last = known.present.filter((entry) => !ahead.has(entry)).at(-1);
    const headerThere = await mendHeaders(run, known);
    const taken = await copyAndTake(run, () => isOf(vault, last));
    try {
      const n = Math.max(0, ...known.catalogue.body.snapshots.map((entry) => entry.n)) + 1;
      const made = taken === null ? null : await putSnapshot(run, taken, n);
      return await settle(run, known, await putCatalogue(run, known, made, headerThere), taken);
    } finally {
      if (taken !== null) await removeWork(vault.ports.disk, taken.work);
    }
  } catch (thrown) {
    noteThat(run, known, isAppError(thrown) ? thrown.code : 'call.internal');
    throw thrown;
  }
};

/** The failure stays on the first screen until a run succeeds. */
const noteThat = ({ call, vault, noting }: Run, known: KnownTarget, code: ErrorCode): void => {
  if (!noting || call.core.session !== vault || code === 'call.cancelled' || code === 'call.locked') return;
  vault.db.write(call.method, (tx) => {
    noteFailure(tx, known.catalogue.body.targetId.toString('hex'), vault.ports.clock.now(), code);
  });
  call.core.emit({ name: 'backup.changed', payload: {} });
};

/**
 * Brings a target up to date: objects, snapshot, fsync, header, list by rename, and only then what is over is
 * removed. Interrupted anywhere, the last list still names a whole backup, and the next run goes on.
 *
 * @throws AppError `vault.readOnly`, `backup.insideVault`, `backup.targetBusy`, `backup.targetAhead`, the codes of
 *   `readKnownTarget`, `disk.*`, `call.cancelled`, `call.locked`.
 */
export const runBackup = async (call: TaskCall, input: HandlerInput<'backup.run'>): Promise<Output> => {
  const vault = vaultOf(call);
  const because = vault.db.readOnlyBecause;
  if (because !== null && !MAY_LEAVE.has(because)) {
    throw new AppError('vault.readOnly', { params: { reason: because } });
  }
  return asOnlyWriter(vault, async () => {
    const place = resolvePlace(call, input.target);
    call.task.describe(place.name);
    const files = new TargetFiles(vault.ports, place.path);
    return await runOn(
      {
        call,
        vault,
        files,
        place,
        noting: because === null,
        warnings: new Set(),
        copiedObjects: 0,
        copiedBytes: 0,
      },
      input.acceptAhead,
    );
  });
};
