import { basename, dirname, join } from 'node:path';
import { AppError } from '#shared/errors.ts';
import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import type { RestorePlan } from '#shared/contract/backup.ts';
import { localDay } from '#shared/rules/partial-date.ts';
import type { CallContext, CoreContext, TaskHandle } from '../../context.ts';
import type { CatalogueEntry } from '../../crypto/backup-catalogue.ts';
import type { Reader } from '../../db/index.ts';
import { removeQuietly } from '../../files/atomic-write.ts';
import { onDisk } from '../../files/disk-errors.ts';
import { entryOfChain, lastEntry } from '../../journal/index.ts';
import type { Ports } from '../../ports/index.ts';
import { HEADER_FILE, ProfileAnchors, whyNotHere, type AccessWay, type AnchorParts } from '../vault/index.ts';
import { applyReturning } from './apply-returning-repo.ts';
import { requireCompared, takesAnythingAway } from './comes-back-repo.ts';
import { beginUnfinished, endUnfinished, isUnfinished, removeUnfinished } from './unfinished-folder.ts';
import { findNewer, type FindNewer, type Newer } from './newer-state.ts';
import {
  chooseEntry,
  openBackup,
  openEntry,
  withSecret,
  type OpenedBackup,
  type OpenedEntry,
} from './open-backup.ts';
import { grantedFolder, requireApart } from './place.ts';
import { objectsOfSnapshot, proveObject, restoreInto } from './restore-into.ts';
import { openSnapshot } from './snapshot.ts';
import { snapshotOut } from './state.ts';
import { objectBytes } from './verify-backup.ts';

type LockedCall = CallContext & { readonly task: TaskHandle };
type Input = HandlerInput<'backup.planRestore'>;

const MAX_LISTED = 5_000;
/** Where the vault is put together before it takes its place by one rename. */
export const buildingFolder = (folder: string): string =>
  join(dirname(folder), `${basename(folder)}.restoring`);

/**
 * The folder that becomes the vault: missing or empty, and one that a vault may be written in. What an interrupted
 * restore left beside it is removed.
 */
const prepareFolder = async ({ disk }: Ports, folder: string): Promise<string> => {
  const why = await onDisk('reading', () => whyNotHere(disk, folder));
  if (why !== null) throw new AppError(why);
  const stat = await onDisk('reading', () => disk.stat(folder));
  if (stat === null) {
    if ((await onDisk('reading', () => disk.stat(dirname(folder))))?.kind !== 'folder') {
      throw new AppError('disk.notFound');
    }
  } else {
    if (stat.kind !== 'folder') throw new AppError('vault.folderNotEmpty');
    const names = await onDisk('reading', () => disk.list(folder));
    if (names.includes(HEADER_FILE)) throw new AppError('vault.exists');
    if (names.length > 0) throw new AppError('vault.folderNotEmpty');
  }
  const building = buildingFolder(folder);
  await onDisk('writing', async () => {
    if ((await disk.stat(building)) === null) return;
    if (!(await isUnfinished(disk, building))) throw new AppError('disk.targetExists');
    await removeUnfinished(disk, building);
  });
  return building;
};

/** @param anchorKey of the generation whose anchors are meant: those of another one cannot be told from strangers'. */
const anchorParts = (
  ports: Ports,
  backup: OpenedBackup,
  folder: string,
  anchorKey = backup.opened.keys.anchor,
): AnchorParts => ({
  crypto: ports.crypto,
  disk: ports.disk,
  random: ports.random,
  folder,
  anchorKey,
  vaultId: backup.catalogue.body.vaultId,
});

/**
 * How many changes this computer saw after a snapshot; null where it never saw this vault. Without the snapshot's
 * own journal (`db` null) an anchor of another chain counts as one change at least.
 */
const laterChanges = async (
  ports: Ports,
  backup: OpenedBackup,
  entry: CatalogueEntry,
  db: Reader | null,
): Promise<number | null> => {
  const { profileFolder } = ports.platform;
  if (profileFolder === null) return null;
  const anchor = await new ProfileAnchors(anchorParts(ports, backup, ''), profileFolder).find();
  if (anchor === null) return null;
  if (anchor.incarnation.equals(entry.incarnation)) return Math.max(0, anchor.journalSeq - entry.journalSeq);
  const contained =
    db === null
      ? backup.catalogue.body.snapshots.some(
          (one) =>
            one.n <= entry.n &&
            one.incarnation.equals(anchor.incarnation) &&
            one.journalSeq >= anchor.journalSeq,
        )
      : entryOfChain(db, anchor.incarnation, anchor.journalSeq)?.hash.equals(anchor.journalHead) === true;
  return contained ? 0 : 1;
};

/** What a backup says of itself. Throws the codes of `openBackup`. */
export const inspectBackup = (
  call: LockedCall,
  input: HandlerInput<'backup.inspect'>,
): Promise<CallOutput<'backup.inspect'>> =>
  withSecret(call.core, input.secret, async (way) => {
    const { ports } = call.core;
    const folder = grantedFolder(call.core, input.source);
    call.task.describe(basename(folder));
    const backup = await openBackup(ports, folder, way);
    try {
      const { body } = backup.catalogue;
      const newest = body.snapshots.at(-1);
      return {
        vaultId: body.vaultId.toString('hex'),
        use: backup.use,
        snapshots: [...body.snapshots].reverse().map((entry) => snapshotOut(null, body.generation, entry)),
        laterChanges: newest === undefined ? null : await laterChanges(ports, backup, newest, null),
      };
    } finally {
      backup.close();
    }
  });

/** The day of a snapshot as people at this computer read it. */
const dayOf = ({ clock }: Ports, entry: CatalogueEntry): string => localDay(entry.takenMs, clock.zone());

/**
 * A short name of everything that the person is shown and what would be done by it, the rows without a line of their
 * own included. A newer state that can no longer be read would otherwise quietly give way to an older one, whose list
 * leaves out withdrawals.
 */
const planCodeOf = ({ crypto }: Ports, entry: CatalogueEntry, { state, notCompared }: Newer): string => {
  const returning = state?.returning ?? null;
  const lines =
    returning === null
      ? []
      : [
          ...returning.list.map(({ kind, table, id }) => ['list', kind, table, id]),
          ...returning.rows.map((row) => ['row', row.table, row.id]),
          ...returning.closed.map((one) => ['closed', one.caseId]),
          ...returning.removed.map((id) => ['removed', id]),
          ...returning.renewed.map((id) => ['renewed', id]),
        ];
  const known = lines.map((line) => JSON.stringify(line)).sort();
  const all = [entry.snapshotId.toString('hex'), state?.from ?? null, notCompared, known];
  return crypto.blake2b(32, [Buffer.from(JSON.stringify(all), 'utf8')]).toString('hex', 0, 6);
};

/** How many changes a state made that went on from a snapshot. */
const changesAfter = (newer: Reader, entry: CatalogueEntry): number =>
  Math.max(0, (lastEntry(newer)?.position ?? 0) - entry.position);

const planOf = async (
  ports: Ports,
  backup: OpenedBackup,
  entry: CatalogueEntry,
  chosen: Reader,
  { state, notCompared }: Newer,
): Promise<RestorePlan> => {
  const all = state?.returning.list ?? [];
  const seen = await laterChanges(ports, backup, entry, chosen);
  return {
    snapshot: snapshotOut(state?.connection ?? null, backup.catalogue.body.generation, entry),
    confirmDay: dayOf(ports, entry),
    laterChanges: state === null ? seen : Math.max(seen ?? 0, changesAfter(state.connection, entry)),
    newerSnapshots: backup.catalogue.body.snapshots.filter((one) => one.n > entry.n).length,
    comparedWith: state?.from ?? null,
    notCompared,
    comesBack: all.slice(0, MAX_LISTED),
    comesBackTotal: all.length,
    planCode: planCodeOf(ports, entry, { state, notCompared }),
  };
};

/** Objects that the newest snapshot of a target no longer has: deleted since, and taken off the target. */
const deletedLater = async (
  find: FindNewer,
  objects: readonly { readonly objectId: Buffer }[],
): Promise<ReadonlySet<string>> => {
  const last = find.backup.catalogue.body.snapshots.at(-1);
  if (last === undefined || last.n <= find.chosen.n) return new Set();
  const gone = new Set<string>();
  for (const { objectId } of objects) {
    const name = objectId.toString('hex');
    if ((await find.ports.disk.stat(find.backup.files.objectPath(name))) === null) gone.add(name);
  }
  return gone;
};

interface Sources {
  readonly source: string;
  readonly folder: string;
  readonly newer: string | null;
}

const sourcesOf = (core: CoreContext, input: Input): Sources => {
  const source = grantedFolder(core, input.source);
  const folder = grantedFolder(core, input.folder);
  const newer = input.newer === undefined ? null : grantedFolder(core, input.newer);
  requireApart(source, folder);
  if (newer !== null) requireApart(newer, folder);
  return { source, folder, newer };
};

/**
 * Verifies everything that a restore would use, and lists what it would bring back. The work folder beside the
 * chosen one holds ciphertext only and is gone when this returns.
 *
 * @throws AppError `vault.exists`, `vault.folderNotEmpty`, `vault.syncedFolder`, `vault.networkFolder`,
 *   `backup.insideVault`, `backup.snapshotUnknown`, the codes of `openBackup`, `openSnapshot`, `findNewer`,
 *   `backup.objectsDiffer`, `evidence.object*`, `disk.*`, `call.cancelled`.
 */
export const planRestore = (call: LockedCall, input: Input): Promise<CallOutput<'backup.planRestore'>> =>
  withSecret(call.core, input.secret, async (way) => {
    const { ports } = call.core;
    const { source, folder, newer } = sourcesOf(call.core, input);
    call.task.describe(basename(source));
    const backup = await openBackup(ports, source, way);
    try {
      const entry = chooseEntry(backup, input.snapshot);
      const work = await prepareFolder(ports, folder);
      await beginUnfinished(ports.disk, work);
      try {
        return await planIn(call, way, { backup, entry, newer, work });
      } finally {
        await removeUnfinished(ports.disk, work).catch(() => undefined);
      }
    } finally {
      backup.close();
    }
  });

const planIn = async (
  call: LockedCall,
  way: AccessWay,
  parts: {
    readonly backup: OpenedBackup;
    readonly entry: CatalogueEntry;
    readonly newer: string | null;
    readonly work: string;
  },
): Promise<RestorePlan> => {
  const { ports } = call.core;
  const { signal } = call.task;
  const { backup, entry, work } = parts;
  const find: FindNewer = { ports, way, backup, chosen: entry, newer: parts.newer, workFolder: work, signal };
  const from = await openEntry(ports, backup, entry, way);
  try {
    call.task.progress('copyingSnapshot', 0, entry.bytes, 'bytes');
    const snapshot = await openSnapshot(
      { ports, target: backup.files, backupKey: from.opened.keys.backup, workFolder: work },
      entry,
      { signal },
    );
    try {
      const objects = objectsOfSnapshot(ports, snapshot.connection, entry);
      const gone = await deletedLater(find, objects);
      const there = objects.filter(({ objectId }) => !gone.has(objectId.toString('hex')));
      const keys = { wrap: from.opened.keys.wrap, vaultId: backup.catalogue.body.vaultId };
      const total = objectBytes(there);
      let done = 0;
      for (const object of there) {
        await proveObject(ports, keys, backup.files.root, object, 'content', signal);
        done += objectBytes([object]);
        call.task.progress('checkingObjects', done, total, 'bytes');
      }
      const newer = await findNewer(find, snapshot.connection);
      try {
        return await planOf(ports, backup, entry, snapshot.connection, newer);
      } finally {
        await newer.state?.close();
      }
    } finally {
      await snapshot.close();
    }
  } finally {
    from.close();
  }
};

/**
 * Makes a vault of a snapshot. It is put together beside the chosen folder and takes its place by one rename:
 * interrupted anywhere, there is no vault there yet, and what lies beside it is removed by the next attempt.
 *
 * @throws AppError `backup.confirmDay`, `backup.planChanged`, `backup.nothingToCompare`, `backup.cannotApply`,
 *   `backup.nobodyLeft`, `call.invalidInput` where a list is to be applied that nobody confirmed, and all of `planRestore`.
 */
export const restoreBackup = (
  call: LockedCall,
  input: HandlerInput<'backup.restore'>,
): Promise<CallOutput<'backup.restore'>> =>
  withSecret(call.core, input.secret, async (way) => {
    const { ports } = call.core;
    if (call.core.session !== null) throw new AppError('vault.alreadyUnlocked');
    const { source, folder, newer } = sourcesOf(call.core, input);
    call.task.describe(basename(source));
    const backup = await openBackup(ports, source, way);
    try {
      const entry = chooseEntry(backup, input.snapshot);
      if (input.confirmDay !== dayOf(ports, entry)) throw new AppError('backup.confirmDay');
      const { apply, planCode } = input;
      if (apply && planCode === undefined) throw new AppError('call.invalidInput', { field: 'planCode' });
      // Nothing newer was named and the backup has nothing newer: known before gigabytes are copied.
      const newest = backup.catalogue.body.snapshots.every((one) => one.n <= entry.n);
      if (apply && newer === null && newest) throw new AppError('backup.nothingToCompare');
      const building = await prepareFolder(ports, folder);
      try {
        return await build(call, way, { backup, entry, newer, building, folder, apply, planCode });
      } catch (thrown) {
        await removeUnfinished(ports.disk, building).catch(() => undefined);
        throw thrown;
      }
    } finally {
      backup.close();
    }
  });

const build = async (
  call: LockedCall,
  way: AccessWay,
  parts: {
    readonly backup: OpenedBackup;
    readonly entry: CatalogueEntry;
    readonly newer: string | null;
    readonly building: string;
    readonly folder: string;
    readonly apply: boolean;
    /** Of the plan that was confirmed. */
    readonly planCode: string | undefined;
  },
): Promise<CallOutput<'backup.restore'>> => {
  const { ports } = call.core;
  const { signal } = call.task;
  const { backup, entry, building, folder } = parts;
  const workFolder = join(building, 'scratch');
  const find: FindNewer = { ports, way, backup, chosen: entry, newer: parts.newer, workFolder, signal };
  const from = await openEntry(ports, backup, entry, way);
  const { crypto } = ports;
  // From before a change of keys the restored vault has anchors of another key than the list of the backup.
  const anchorKey = Buffer.allocUnsafeSlow(from.opened.keys.anchor.length);
  from.opened.keys.anchor.copy(anchorKey);
  try {
    const { record, answer } = await buildIn(call, way, from, parts, find);
    await takePlace(ports, building, folder);
    await keepAnchor(ports, anchorParts(ports, backup, folder, anchorKey), record);
    return answer;
  } finally {
    crypto.zero(anchorKey);
  }
};

/** Puts the vault together; it is closed, with the anchor record of its end, when this returns. */
const buildIn = async (
  call: LockedCall,
  way: AccessWay,
  from: OpenedEntry,
  parts: Parameters<typeof build>[2],
  find: FindNewer,
): Promise<{ readonly record: Buffer; readonly answer: CallOutput<'backup.restore'> }> => {
  const { ports } = call.core;
  const { signal } = call.task;
  const { backup, entry, building } = parts;
  try {
    const last = backup.catalogue.body.snapshots.at(-1);
    const { vault, objects, copiedBytes } = await restoreInto({
      ports,
      files: backup.files,
      from,
      catalogue: backup.catalogue.body,
      way,
      folder: building,
      objects: 'copy',
      mayMiss: last !== undefined && last.n > entry.n,
      signal,
      progress: (stage, done, total, unit) => {
        call.task.progress(stage, done, total, unit);
      },
    });
    try {
      const newer = await findNewer(find, vault.db.connection);
      try {
        const plan = await planOf(ports, backup, entry, vault.db.connection, newer);
        const returning = newer.state?.returning ?? null;
        let applied = 0;
        if (parts.planCode !== undefined && parts.planCode !== plan.planCode) {
          throw new AppError('backup.planChanged');
        }
        if (parts.apply) {
          const known = requireCompared(returning);
          if (newer.state !== null && takesAnythingAway(known)) {
            for (const name of applyReturning(vault, newer.state.connection, known)) {
              await removeQuietly(ports.disk, join(building, 'objects', name.slice(0, 2), name));
            }
            applied = known.list.length;
          }
        }
        const record = vault.anchor.copyOf(vault.journal.head);
        const answer = {
          plan,
          applied,
          rotationAdvised:
            (returning?.removed.length ?? 0) + (returning?.renewed.length ?? 0) > 0 ||
            entry.generation !== backup.catalogue.body.generation,
          counts: { objects: objects.length, bytes: copiedBytes, journal: vault.journal.head.position },
        };
        return { record, answer };
      } finally {
        await newer.state?.close();
      }
    } finally {
      await vault.close();
    }
  } finally {
    from.close();
  }
};

/** The commit point of a restore. */
const takePlace = ({ disk }: Ports, building: string, folder: string): Promise<void> =>
  onDisk('writing', async () => {
    if ((await disk.stat(folder)) !== null) await disk.removeFolder(folder);
    await disk.rename(building, folder);
    await disk.syncFolder(dirname(folder));
    // It is the vault now; where this fails, the first opening takes the mark off.
    await endUnfinished(disk, folder).catch(() => undefined);
  });

/**
 * From now on this computer knows the restored vault as the newest: otherwise it would be taken for an older copy
 * of the lost one. Where this fails the vault opens to look only and says so; nothing is lost.
 */
const keepAnchor = async (ports: Ports, parts: AnchorParts, record: Buffer): Promise<void> => {
  const { profileFolder } = ports.platform;
  if (profileFolder === null) return;
  const anchors = new ProfileAnchors(parts, profileFolder);
  await anchors.find();
  await anchors.keep(record).catch(() => undefined);
};
