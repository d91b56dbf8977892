import { dirname, join } from 'node:path';
import { AppError } from '#shared/errors.ts';
import {
  ANCHOR_FILE_BYTES,
  ANCHOR_RECORD_BYTES,
  anchorPlace,
  decodeAnchor,
  encodeAnchor,
  newestAnchor,
  type Anchor,
} from '../../crypto/anchor.ts';
import type { JournalHead } from '../../journal/index.ts';
import type { Crypto, Disk, Random } from '../../ports/index.ts';
import { readSmallFile, writeFileAtomically } from '../../files/atomic-write.ts';
import { onDisk } from '../../files/disk-errors.ts';
import { ANCHOR_FILE, writeNewFile } from './vault-files.ts';

export interface AnchorParts {
  readonly crypto: Crypto;
  readonly disk: Disk;
  readonly random: Random;
  readonly folder: string;
  readonly anchorKey: Buffer;
  readonly vaultId: Buffer;
}

/** What `vault.anchor` says. */
export interface AnchorReading {
  /** The newest valid record, or null. */
  readonly newest: Anchor | null;
  /** True where a record is neither valid nor never written: a power cut or a change by somebody else. */
  readonly damaged: boolean;
}

/** Reads `vault.anchor`. A missing file is damaged: every vault has one from its creation on. */
export const readAnchor = async (parts: AnchorParts): Promise<AnchorReading> => {
  const path = join(parts.folder, ANCHOR_FILE);
  const stat = await parts.disk.stat(path);
  if (stat === null || stat.kind !== 'file' || stat.sizeBytes !== ANCHOR_FILE_BYTES) {
    return { newest: null, damaged: true };
  }
  const file = await readSmallFile(parts.disk, path, ANCHOR_FILE_BYTES);
  if (file === null || file.length !== ANCHOR_FILE_BYTES) return { newest: null, damaged: true };
  const damaged = [0, ANCHOR_RECORD_BYTES].some((at) => {
    const record = file.subarray(at, at + ANCHOR_RECORD_BYTES);
    const decoded = decodeAnchor(parts.crypto, parts.anchorKey, record);
    return decoded === null || !decoded.vaultId.equals(parts.vaultId);
  });
  return { newest: newestAnchor(parts.crypto, parts.anchorKey, parts.vaultId, file), damaged };
};

/** What stays the same between two anchors of one session. */
export interface AnchorState {
  readonly incarnation: Buffer;
  readonly generation: number;
  readonly headerSeq: number;
}

/**
 * Writes the head of the journal beside the database after every commit, into two places in turn. The record
 * goes out without an fsync: the database was synced first, so an anchor on disk never runs ahead of it.
 */
export class AnchorKeeper {
  readonly #parts: AnchorParts;
  readonly #path: string;
  #state: AnchorState;
  #counter: number;
  #dirty = false;
  #failed: Buffer | null = null;

  constructor(parts: AnchorParts, state: AnchorState, counter: number) {
    this.#parts = parts;
    this.#path = join(parts.folder, ANCHOR_FILE);
    this.#state = state;
    this.#counter = counter;
  }

  /** Counter of the last record. */
  get counter(): number {
    return this.#counter;
  }

  setState(state: AnchorState): void {
    this.#state = state;
  }

  #record(head: JournalHead, counter: number): Buffer {
    return encodeAnchor(this.#parts.crypto, this.#parts.anchorKey, {
      vaultId: this.#parts.vaultId,
      ...this.#state,
      counter,
      journalSeq: head.seq,
      journalHead: head.hash,
    });
  }

  /**
   * After COMMIT. It must not fail the call, whose change is durable; a record that could not be written is
   * kept and stops the *next* write (`requireWritten`), so that the anchor lags by one commit at most.
   */
  advance(head: JournalHead): void {
    this.#counter += 1;
    const record = this.#record(head, this.#counter);
    try {
      this.#parts.disk.writeInPlaceSync(this.#path, record, anchorPlace(this.#counter) * ANCHOR_RECORD_BYTES);
      this.#dirty = true;
      this.#failed = null;
    } catch {
      this.#failed = record;
    }
  }

  /** Before a write: tries again what failed. Throws `disk.notWritable`. */
  requireWritten(): void {
    if (this.#failed === null) return;
    try {
      this.#parts.disk.writeInPlaceSync(
        this.#path,
        this.#failed,
        anchorPlace(this.#counter) * ANCHOR_RECORD_BYTES,
      );
    } catch {
      throw new AppError('disk.notWritable');
    }
    this.#failed = null;
    this.#dirty = true;
  }

  /** Makes the last record durable: at lock, at idle and every half minute. */
  sync(): void {
    if (!this.#dirty) return;
    this.#parts.disk.syncFileSync(this.#path);
    this.#dirty = false;
  }

  /** Writes the file anew with both records: at creation, and after a loss was accepted. */
  async writeWhole(head: JournalHead, fresh: boolean): Promise<void> {
    const first = this.#record(head, this.#counter + 1);
    const second = this.#record(head, this.#counter + 2);
    const counter = this.#counter + 1;
    this.#counter += 2;
    const places = anchorPlace(counter) === 0 ? [first, second] : [second, first];
    const file = Buffer.concat(places);
    if (fresh) await writeNewFile(this.#parts.disk, this.#path, file);
    else await writeFileAtomically(this.#parts, this.#path, file);
    this.#failed = null;
    this.#dirty = false;
  }

  /** The record that a copy outside the vault holds. */
  copyOf(head: JournalHead): Buffer {
    return this.#record(head, this.#counter);
  }
}

const PROFILE_FOLDER = 'anchors';
const MAX_PROFILE_FILES = 1_000;

/**
 * Copies of anchors in this computer's profile, outside every vault: they recognise a whole folder that went
 * back. Names are random and content is found by trying the key, so the profile does not tell which vaults
 * were open here.
 */
export class ProfileAnchors {
  readonly #parts: AnchorParts;
  readonly #folder: string;
  #name: string | null = null;

  constructor(parts: AnchorParts, profileFolder: string) {
    this.#parts = parts;
    this.#folder = join(profileFolder, PROFILE_FOLDER);
  }

  /** The newest copy for this vault, or null where this computer has none. */
  async find(): Promise<Anchor | null> {
    const { disk, crypto, anchorKey, vaultId } = this.#parts;
    if ((await disk.stat(this.#folder)) === null) return null;
    let newest: Anchor | null = null;
    for (const name of (await disk.list(this.#folder)).slice(0, MAX_PROFILE_FILES)) {
      const stat = await disk.stat(join(this.#folder, name));
      if (stat === null || stat.kind !== 'file' || stat.sizeBytes !== ANCHOR_RECORD_BYTES) continue;
      const record = await readSmallFile(disk, join(this.#folder, name), ANCHOR_RECORD_BYTES);
      if (record === null) continue;
      const anchor = decodeAnchor(crypto, anchorKey, record);
      if (anchor === null || !anchor.vaultId.equals(vaultId)) continue;
      if (newest === null || anchor.counter > newest.counter) {
        newest = anchor;
        this.#name = name;
      }
    }
    return newest;
  }

  /** Keeps a copy, replacing the one found before. */
  async keep(record: Buffer): Promise<void> {
    const { disk, random } = this.#parts;
    await onDisk('writing', async () => {
      if (await disk.makeFolder(this.#folder)) await disk.syncFolder(dirname(this.#folder));
    });
    this.#name ??= random.bytes(16).toString('hex');
    await writeFileAtomically(this.#parts, join(this.#folder, this.#name), record);
  }
}
