import { dirname, join } from 'node:path';
import { DUMP_CONFIRMATIONS } from '#shared/contract/dump.ts';
import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError, isAppError } from '#shared/errors.ts';
import { isExecutable } from '#shared/rules/dangerous-files.ts';
import { localDay } from '#shared/rules/partial-date.ts';
import { foldKey } from '#shared/rules/text-folding.ts';
import type { CoreContext, OpenCall, TaskHandle } from '../../context.ts';
import { madePassphrase } from '../../crypto/made-passphrase.ts';
import { read, write } from '../../db/index.ts';
import type { Connection } from '../../db/connection.ts';
import { exportDatabase, openDatabase } from '../../db/open.ts';
import { coordinators, requireSecondPerson } from '../approvals/index.ts';
import { encryptAge, isAgeRecipient, removeOutside, writeOutput, writeZip } from '../filings/index.ts';
import { whyNotHere } from '../vault/index.ts';
import { collectDump, type DumpEntries } from './dump-entries.ts';
import {
  dumpedTables,
  evidenceAfter,
  forgetDump,
  journalHead,
  noteDump,
  preservedOnly,
  reservedNotes,
  rowCount,
  unfinishedDumps,
} from './dump-repo.ts';
import { dumpStatement, forgetPlan, keepPlan, needPlan, type DumpPlan } from './plans.ts';

type Dumping = OpenCall & { readonly task: TaskHandle };

const GIVE_UP_MS = 30 * 24 * 60 * 60 * 1000;

const typedRight = (typed: string, words: { readonly es: string; readonly en: string }): boolean =>
  foldKey(typed) === foldKey(words.es) || foldKey(typed) === foldKey(words.en);

/**
 * Counts what a dump would hold. Nothing is written and nothing leaves.
 *
 * @throws AppError `export.recipientKeyInvalid`
 */
export function prepareDump(call: OpenCall, input: HandlerInput<'dump.prepare'>): CallOutput<'dump.prepare'> {
  if (input.lock.kind === 'recipients' && input.lock.keys.some((key) => !isAgeRecipient(key)))
    throw new AppError('export.recipientKeyInvalid');
  return read(call, (db) => {
    const plan = keepPlan(call, {
      lock: input.lock,
      reservedNotes: input.reservedNotes,
      language: input.language,
      madeBy: call.session.actor.slotId,
      head: journalHead(db).hash,
    });
    const { connection } = call.db;
    const evidence = { files: 0, bytes: 0, executables: 0, preservedOnly: preservedOnly(db) };
    for (let last = ''; ;) {
      const page = evidenceAfter(db, last, 500);
      for (const item of page) {
        last = item.id;
        evidence.files += 1;
        evidence.bytes += item.sizeBytes;
        if (isExecutable(item)) evidence.executables += 1;
      }
      if (page.length < 500) break;
    }
    return {
      id: plan.id,
      tables: dumpedTables(connection).map((table) => ({
        name: table.name,
        rows: rowCount(connection, table, input.reservedNotes),
      })),
      evidence,
      reservedNotes: reservedNotes(db),
      secondPerson: coordinators(call).length >= 2,
    };
  });
}

const confirmed = (plan: DumpPlan, input: HandlerInput<'dump.write'>): void => {
  const plain = plan.lock.kind !== 'plain' || typedRight(input.typedPlain, DUMP_CONFIRMATIONS.plain);
  const reserved = !plan.reservedNotes || typedRight(input.typedReserved, DUMP_CONFIRMATIONS.reserved);
  if (!plain || !reserved) throw new AppError('dump.notConfirmed');
};

const targetFolder = async (call: Dumping, plan: DumpPlan, id: HandlerInput<'dump.write'>['target']) => {
  const grant = call.core.grants.need(id);
  if (grant.kind !== 'targetFolder' && grant.kind !== 'folder') throw new AppError('evidence.targetUnknown');
  const why = await whyNotHere(call.core.ports.disk, grant.path);
  // What a cloud service copies cannot be taken back; only ciphertext may lie there.
  if (why === 'vault.syncedFolder' && plan.lock.kind === 'plain') throw new AppError('export.cloudFolder');
  if ((await call.core.ports.disk.stat(grant.path)) === null)
    await call.core.ports.disk.makeFolder(grant.path);
  return grant.path;
};

/** A copy of the database under a key that exists only here: rows stand still while people go on working. */
const withSnapshot = async <T>(
  call: Dumping,
  work: (snapshot: Connection, workFile: () => string) => Promise<T>,
): Promise<T> => {
  const { disk, random, crypto } = call.core.ports;
  const scratch = join(call.session.folder, 'scratch');
  if ((await disk.stat(scratch)) === null) await disk.makeFolder(scratch);
  const made: string[] = [];
  const workFile = (): string => {
    const name = join(scratch, random.bytes(16).toString('hex'));
    made.push(name);
    return name;
  };
  const path = workFile();
  const key = random.bytes(32);
  let snapshot: Connection | null = null;
  try {
    exportDatabase(call.db.connection, path, key);
    snapshot = openDatabase(path, key);
    return await work(snapshot, workFile);
  } finally {
    crypto.zero(key);
    snapshot?.close();
    for (const name of made)
      for (const left of [name, `${name}-wal`, `${name}-journal`]) await disk.remove(left).catch(() => false);
  }
};

interface Locked {
  readonly name: string;
  readonly passphrase: string | null;
  readonly executables: string | null;
  readonly wrap: (content: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;
}

const lockOf = (call: Dumping, plan: DumpPlan, day: string): Locked => {
  const { random, crypto } = call.core.ports;
  switch (plan.lock.kind) {
    case 'recipients': {
      const { keys } = plan.lock;
      const wrap: Locked['wrap'] = (content) =>
        encryptAge(content, { kind: 'recipients', keys }, { random, crypto });
      return { name: `volcado-${day}.zip.age`, passphrase: null, executables: null, wrap };
    }
    case 'passphrase': {
      const passphrase = madePassphrase(random, plan.language);
      const wrap: Locked['wrap'] = (content) =>
        encryptAge(content, { kind: 'passphrase', passphrase: Buffer.from(passphrase) }, { random, crypto });
      return { name: `volcado-${day}.zip.age`, passphrase, executables: null, wrap };
    }
    case 'plain':
      return {
        name: `volcado-${day}.zip`,
        passphrase: null,
        executables: madePassphrase(random, plan.language),
        wrap: (content) => content,
      };
  }
};

/**
 * Writes the whole vault in open formats to one archive. Nothing is on disk before every confirmation holds; with
 * age asked for, nothing is ever on disk in clear.
 *
 * @throws AppError `dump.planUnknown`, `dump.notConfirmed`, `approval.needed`, `export.cloudFolder`,
 *   `disk.targetExists`, `disk.*`, `evidence.object*`, `call.cancelled`
 */
export async function writeDump(
  call: Dumping,
  input: HandlerInput<'dump.write'>,
): Promise<CallOutput<'dump.write'>> {
  const plan = needPlan(call, input.id);
  confirmed(plan, input);
  read(call, (db) => requireSecondPerson(call, db, dumpStatement(plan), true));
  const { disk, clock } = call.core.ports;
  const folder = await targetFolder(call, plan, input.target);
  const day = localDay(clock.now(), clock.zone());
  const lock = lockOf(call, plan, day);
  const path = `${folder}/${lock.name}`;
  if ((await disk.stat(path)) !== null) throw new AppError('disk.targetExists');
  call.task.describe(lock.name);
  const outboxId = call.core.newId();
  // Said in the journal before the first byte: a dump that left and is not recorded is worse than the other way.
  write(call, (tx) => {
    const approval = requireSecondPerson(call, tx, dumpStatement(plan), true);
    noteDump(tx, outboxId, path, clock.now());
    tx.journal({
      table: 'dump',
      id: plan.id,
      payload: {
        lock: plan.lock.kind,
        recipients: plan.lock.kind === 'recipients' ? plan.lock.keys : [],
        reservedNotes: plan.reservedNotes,
        approvedBy: approval?.slotId ?? null,
      },
    });
  });
  let begun = false;
  let done: { written: { bytes: number; sha256: string }; collected: DumpEntries };
  try {
    done = await withSnapshot(call, async (snapshot, workFile) => {
      const executablesKey = lock.executables === null ? null : Buffer.from(lock.executables);
      const collected = await collectDump({ call, plan, snapshot, day, executablesKey, workFile });
      call.task.progress('writing', 0, 0, 'bytes');
      const content = lock.wrap(writeZip(collected.entries));
      begun = true;
      const written = await writeOutput(disk, folder, lock.name, content, day, call.task.signal);
      return { written, collected };
    });
  } catch (thrown) {
    // A file that took the name meanwhile is somebody's, as where another dump ended before this one wrote anything; of
    // everything else nothing may stay.
    const foreign = !begun || (isAppError(thrown) && thrown.code === 'disk.targetExists');
    if (foreign || (await removeOutside(disk, path, false))) settle(call, outboxId);
    throw call.task.signal.aborted ? new AppError('call.cancelled', { cause: thrown }) : thrown;
  }
  settle(call, outboxId);
  forgetPlan(call, plan.id);
  const { written, collected } = done;
  return {
    file: lock.name,
    sizeBytes: written.bytes,
    sha256: written.sha256,
    tables: collected.tables,
    rows: collected.rows,
    evidence: collected.evidence,
    passphrase: lock.passphrase,
    executablesPassphrase: collected.executables > 0 ? lock.executables : null,
  };
}

/** The file is whole, or it is certain that nothing of it lies there: either way nothing is unfinished. */
const settle = (call: Dumping, outboxId: string): void => {
  try {
    write(call, (tx) => {
      forgetDump(tx, outboxId);
    });
  } catch {
    // Locked or taken over meanwhile: the next start looks.
    call.core.log('dump.write', 'call.cancelled');
  }
};

/**
 * Removes what a dump left behind that a crash or a lock interrupted: half of a vault under a temporary name. Run
 * once after unlocking; a place that cannot be reached now is tried again, for a month.
 */
export async function sweepDumps(core: CoreContext): Promise<void> {
  const { session } = core;
  if (session === null || session.db.readOnlyBecause !== null) return;
  const { disk, clock } = core.ports;
  try {
    for (const { id, path, createdMs } of session.db.read(unfinishedDumps)) {
      let reached = true;
      try {
        if ((await disk.stat(dirname(path))) === null) reached = false;
        else await disk.remove(`${path}.part`);
      } catch {
        reached = false;
      }
      if (core.session !== session) return;
      if (!reached && clock.now() - createdMs < GIVE_UP_MS) continue;
      session.db.write('dump.sweep', (tx) => {
        forgetDump(tx, id);
      });
    }
  } catch (thrown) {
    core.log('dump.sweep', isAppError(thrown) ? thrown.code : 'call.internal');
  }
}
