import { isRecord } from '../../matching/modules/rule.ts';
import { cutLine } from './found.ts';
import { JsonRecords, type ReadRecord } from './json-records.ts';
import type { MemberReader, MemberSays } from './member-readers.ts';

/** Hashes of the phone's own files that one `info.json` may name; a backup has some hundred thousand. */
const MAX_HASHES = 400_000;

export interface StatedHash {
  readonly path: string;
  readonly sha256: string;
}

/** What an `info.json` says; the hashes are looked up when everything was read. */
export interface StatedInfo {
  readonly path: string;
  readonly toolVersion: string;
  readonly date: string;
  readonly targetPath: string;
  readonly indicatorFiles: string[];
  readonly hashes: StatedHash[];
}

const text = (value: unknown): string => (typeof value === 'string' ? cutLine(value) : '');

/** Reads an `info.json`; its list of hashes may be long and is taken entry by entry. */
export class InfoFile implements MemberReader {
  readonly #path: string;
  readonly #done: (info: StatedInfo) => void;
  readonly #records: JsonRecords;
  readonly #info: { -readonly [K in keyof Omit<StatedInfo, 'path'>]: StatedInfo[K] } = {
    toolVersion: '',
    date: '',
    targetPath: '',
    indicatorFiles: [],
    hashes: [],
  };
  #cut = false;

  constructor(path: string, done: (info: StatedInfo) => void) {
    this.#path = path;
    this.#done = done;
    this.#records = new JsonRecords((read) => this.#take(read), null, true);
  }

  push(bytes: Uint8Array): void {
    this.#records.push(bytes);
  }

  #take({ group, value }: ReadRecord): void {
    const info = this.#info;
    switch (group) {
      case 'mvt_version':
        info.toolVersion = text(value);
        return;
      case 'date':
        info.date = text(value);
        return;
      case 'target_path':
        info.targetPath = text(value);
        return;
      case 'ioc_files':
        if (info.indicatorFiles.length < 1_000) info.indicatorFiles.push(text(value));
        return;
      case 'hashes': {
        if (!isRecord(value)) return;
        const sha256 = text(value['sha256']).toLowerCase();
        if (!/^[0-9a-f]{64}$/u.test(sha256)) return;
        if (info.hashes.length >= MAX_HASHES) this.#cut = true;
        else info.hashes.push({ path: text(value['file_path']), sha256 });
        return;
      }
      case null:
        return;
    }
  }

  end(): MemberSays {
    const { reason, faultAt } = this.#records.end();
    this.#done({ path: this.#path, ...this.#info });
    return {
      reason: reason ?? (this.#cut ? 'tooManyRecords' : null),
      faultAt,
      records: this.#records.records,
      clock: 'analystLocal',
      oddities: this.#records.oddities,
    };
  }
}

/** `hashes.csv` of an acquisition: path and SHA-256 of each file beside it. */
export const statedOfRow = (row: readonly string[]): StatedHash | null => {
  const sha256 = row
    .find((cell) => /^[0-9a-fA-F]{64}$/u.test(cell.trim()))
    ?.trim()
    .toLowerCase();
  const path = row.find((cell) => cell.trim() !== '' && !/^[0-9a-fA-F]{32,128}$/u.test(cell.trim()));
  return sha256 === undefined || path === undefined ? null : { path: path.trim(), sha256 };
};

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

/** Hashes of what lies in the container, by the last part of the path. */
export class KnownFiles {
  readonly #byName = new Map<string, { path: string; sha256: string }[]>();

  add(path: string, sha256: string): void {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const list = this.#byName.get(name);
    if (list === undefined) this.#byName.set(name, [{ path, sha256 }]);
    else if (list.length < 1_000) list.push({ path, sha256 });
  }

  /**
   * Compares stated hashes with what is here. A stated path counts as a file here when its end below the folder that
   * the tool read is the end of that file's path. The tool's own results bear the same names as the files that it read
   * (`packages.json`): in the folder of the results themselves, `beside`, another content is therefore no difference.
   */
  compare(
    stated: readonly StatedHash[],
    targetPath: string,
    beside: string | null,
  ): {
    total: number;
    verified: number;
    different: string[];
    differentCount: number;
    notHere: number;
  } {
    const result = {
      total: stated.length,
      verified: 0,
      different: [] as string[],
      differentCount: 0,
      notHere: 0,
    };
    const prefix = targetPath.replaceAll('\\', '/').replace(/\/$/u, '');
    for (const { path, sha256 } of stated) {
      const plain = path.replaceAll('\\', '/');
      const below =
        prefix !== '' && plain.startsWith(`${prefix}/`)
          ? plain.slice(prefix.length + 1)
          : plain.replace(/^\/+/u, '');
      const name = below.slice(below.lastIndexOf('/') + 1);
      const here = (this.#byName.get(name) ?? []).filter(
        (one) => one.path === below || one.path.endsWith(`/${below}`),
      );
      if (here.some((one) => one.sha256 === sha256)) result.verified += 1;
      else if (here.some((one) => beside === null || folderOf(one.path) !== beside)) {
        result.differentCount += 1;
        if (result.different.length < 100) result.different.push(below.slice(0, 1_000));
      } else result.notHere += 1;
    }
    return result;
  }
}
