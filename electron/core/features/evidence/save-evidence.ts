import { basename, dirname, join } from 'node:path';
import type { CallOutput, HandlerInput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { OpenCall, TaskHandle } from '../../context.ts';
import { BEGINNING_BYTES, beginsAsProgram, isExecutable } from '#shared/rules/dangerous-files.ts';
import { madePassphrase } from '../../crypto/made-passphrase.ts';
import { write } from '../../db/index.ts';
import { encryptAge } from '../../files/age.ts';
import { removeQuietly, temporaryName } from '../../files/atomic-write.ts';
import { onDisk } from '../../files/disk-errors.ts';
import type { ObjectReader } from '../../files/object-reader.ts';
import { childPath, safeFileName } from '../../files/safe-name.ts';
import { recordCustody } from './custody.ts';
import type { StoredEvidence } from './evidence-repo.ts';
import { openEvidence } from './open-evidence.ts';
import { forgetUnfinishedCopy, noteUnfinishedCopy } from './unfinished-copy-repo.ts';

type TaskCall = OpenCall & { readonly task: TaskHandle };

/** Bytes that are encrypted between two looks at the progress. */
const PIECE_BYTES = 1024 * 1024;

/** Hands the content over in the form in which it leaves, and gives the SHA-256 of the content. */
type Pour = (take: (piece: Buffer) => Promise<void>) => Promise<Buffer>;

const inClear =
  (call: TaskCall, reader: ObjectReader): Pour =>
  (take) =>
    reader.stream(take, {
      signal: call.task.signal,
      progress: (done, total) => {
        call.task.progress('saving', done, total, 'bytes');
      },
    });

/** Nothing of it touches the disk in clear. */
const insideAge =
  (call: TaskCall, reader: ObjectReader, passphrase: string): Pour =>
  async (take) => {
    const { random, crypto } = call.core.ports;
    const hash = crypto.sha256Stream();
    const key = Buffer.from(passphrase);
    async function* content(): AsyncGenerator<Buffer, void, undefined> {
      for (let at = 0; at < reader.sizeBytes; at += PIECE_BYTES) {
        if (call.task.signal.aborted) throw new AppError('call.cancelled');
        const piece = await reader.read(at, at + PIECE_BYTES);
        try {
          hash.update(piece);
          yield piece;
        } finally {
          crypto.zero(piece);
        }
        call.task.progress('saving', Math.min(reader.sizeBytes, at + PIECE_BYTES), reader.sizeBytes, 'bytes');
      }
    }
    try {
      const sealed = encryptAge(content(), { kind: 'passphrase', passphrase: key }, { random, crypto });
      for await (const piece of sealed) await take(piece);
    } finally {
      crypto.zero(key);
    }
    return hash.digest();
  };

/** Into a temporary file beside the target, checked, then renamed: the target is whole or not there. */
const copyOut = async (
  call: TaskCall,
  pour: Pour,
  item: { readonly sizeBytes: number; readonly sha256: Buffer },
  places: { readonly temporary: string; readonly path: string },
): Promise<void> => {
  const { disk, crypto } = call.core.ports;
  const { temporary, path } = places;
  const folder = dirname(path);
  try {
    await onDisk('writing', async () => {
      if ((await disk.freeBytes(folder)) < item.sizeBytes) throw new AppError('disk.full');
      const file = await disk.open(temporary, 'create');
      try {
        let position = 0;
        const found = await pour(async (piece) => {
          await file.write(piece, position);
          position += piece.length;
        });
        if (!crypto.equal(found, item.sha256)) throw new AppError('evidence.objectDamaged');
        await file.sync();
      } finally {
        await file.close();
      }
      await disk.rename(temporary, path);
      await disk.syncFolder(folder);
    });
  } catch (thrown) {
    await removeQuietly(disk, temporary);
    throw thrown;
  }
};

/** By type, name or first bytes: a program that was renamed is one all the same. */
const isProgram = async (item: StoredEvidence, reader: ObjectReader): Promise<boolean> =>
  isExecutable(item) || beginsAsProgram(await reader.read(0, BEGINNING_BYTES));

const AGE = '.age';

/**
 * Where the file goes. The dialogue asks before it replaces a file; nobody was asked about names inside a folder, or
 * about a name that only an ending of ours made.
 *
 * @throws AppError `disk.targetExists`, `disk.unsafeName`
 */
const placeFor = async (
  call: TaskCall,
  grant: { readonly kind: 'targetFile' | 'targetFolder'; readonly path: string },
  item: StoredEvidence,
  sealed: boolean,
): Promise<string> => {
  const chosen =
    grant.kind === 'targetFile'
      ? grant.path
      : childPath(grant.path, safeFileName(item.originalName, `evidence-${item.id.slice(-6)}`));
  const path = sealed && !chosen.toLowerCase().endsWith(AGE) ? `${chosen}${AGE}` : chosen;
  const asked = grant.kind === 'targetFile' && path === grant.path;
  if (!asked && (await call.core.ports.disk.stat(path)) !== null) throw new AppError('disk.targetExists');
  return path;
};

/** Takes the name of the temporary file out of the vault again once it is gone. Else the next start sees to both. */
const settle = async (call: TaskCall, rowId: string, temporary: string): Promise<void> => {
  try {
    if ((await call.core.ports.disk.stat(temporary)) !== null) return;
    write(call, (tx) => {
      forgetUnfinishedCopy(tx, rowId);
    });
  } catch {
    // Locked or taken over meanwhile, or the place is out of reach.
  }
};

/**
 * Decrypts one item to a place that a person chose, a program inside an age file unless asked otherwise, and says so in the custody record first: a copy that is
 * out and not recorded is worse than a record of a copy that failed. The half-written file is named in the vault
 * from the same moment on, so that one left in clear by a crash or a lock is removed at the next start.
 *
 * @throws AppError `evidence.targetUnknown`, `disk.targetExists`, `evidence.object*`, `disk.*`, `record.notFound`, `vault.readOnly`,
 *   `call.cancelled`
 */
export async function saveEvidence(
  call: TaskCall,
  input: HandlerInput<'evidence.save'>,
): Promise<CallOutput<'evidence.save'>> {
  const { random, clock } = call.core.ports;
  const grant = call.core.grants.need(input.target);
  if (grant.kind !== 'targetFile' && grant.kind !== 'targetFolder')
    throw new AppError('evidence.targetUnknown');
  const { item, reader } = await openEvidence(call, input.id);
  try {
    call.task.describe(item.title);
    const program = await isProgram(item, reader);
    const sealed = program && !input.plain;
    const passphrase = sealed ? madePassphrase(random, input.language) : null;
    const path = await placeFor(call, grant, item, sealed);
    const temporary = join(dirname(path), temporaryName(random));
    const rowId = call.core.newId();
    // A program that left as it is, is told from one that did not.
    const detail = sealed ? 'age' : program ? item.mime : '';
    recordCustody(call, input.id, { action: 'copied', detail }, (tx) => {
      noteUnfinishedCopy(tx, rowId, temporary, clock.now());
    });
    const pour = passphrase === null ? inClear(call, reader) : insideAge(call, reader, passphrase);
    try {
      await copyOut(call, pour, item, { temporary, path });
    } finally {
      await settle(call, rowId, temporary);
    }
    return {
      sizeBytes: item.sizeBytes,
      sha256: item.sha256.toString('hex'),
      form: sealed ? 'age' : 'plain',
      program,
      name: basename(path),
      passphrase,
    };
  } finally {
    await reader.close();
  }
}
