import { POWERS } from '#shared/contract/define.ts';
import { z } from 'zod';
import { jsonColumn, sql, type Reader } from '../../db/index.ts';

const slotRow = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['passphrase', 'words', 'shares']),
  powers: jsonColumn(z.array(z.enum(POWERS))),
  sign_public: z.instanceof(Uint8Array),
  added_at: z.number().int(),
  retired_at_seq: z.number().int().nullable(),
  replaces: z.string().nullable(),
});

/** One person (or one set of paper) through all the slots that they had: a changed passphrase makes a new slot. */
export interface SlotFamily {
  /** The slot that opens now, or the last one that did. */
  readonly current: string;
  readonly ids: readonly string[];
  readonly name: string;
  readonly kind: 'passphrase' | 'words' | 'shares';
  readonly powers: readonly (typeof POWERS)[number][];
  /** False for those who have left. */
  readonly active: boolean;
  /** Ms since epoch of the first slot. */
  readonly since: number;
  /** Journal position after which the last slot may not sign; null while active. */
  readonly retiredAt: number | null;
  readonly signPublics: readonly Buffer[];
}

/** Everybody of the roster, found by any of their slot ids. */
export class SlotFamilies {
  readonly all: readonly SlotFamily[];
  readonly #byId = new Map<string, SlotFamily>();

  constructor(reader: Reader) {
    const rows = reader.all(
      sql`SELECT r.id, r.name, r.kind, r.powers, r.sign_public, r.added_at, r.retired_at_seq, d.replaces
          FROM roster r LEFT JOIN slot_detail d ON d.id = r.id ORDER BY r.added_at, r.id`,
      slotRow,
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    const rootOf = (id: string): string => {
      const seen = new Set<string>();
      let at = id;
      for (;;) {
        const before = byId.get(at)?.replaces ?? null;
        if (before === null || seen.has(at)) return at;
        seen.add(at);
        at = before;
      }
    };
    const groups = new Map<string, (typeof rows)[number][]>();
    for (const row of rows) {
      const root = rootOf(row.id);
      groups.set(root, [...(groups.get(root) ?? []), row]);
    }
    this.all = [...groups.values()].flatMap((group) => {
      const last = group.find((row) => row.retired_at_seq === null) ?? group.at(-1);
      if (last === undefined) return [];
      const family: SlotFamily = {
        current: last.id,
        ids: group.map((row) => row.id),
        name: last.name,
        kind: last.kind,
        powers: last.powers,
        active: last.retired_at_seq === null,
        since: Math.min(...group.map((row) => row.added_at)),
        retiredAt: last.retired_at_seq,
        signPublics: group.map((row) => Buffer.from(row.sign_public)),
      };
      return [family];
    });
    for (const family of this.all) for (const id of family.ids) this.#byId.set(id, family);
  }

  /** The person of a slot, retired ones included; undefined for an id that never was one. */
  of(id: string): SlotFamily | undefined {
    return this.#byId.get(id);
  }

  /** The person whose key signed something. */
  ofSigner(signPublic: Uint8Array): SlotFamily | undefined {
    return this.all.find((family) => family.signPublics.some((key) => key.equals(signPublic)));
  }

  /** People who can be put on a list: in, and no paper. */
  get people(): readonly SlotFamily[] {
    return this.all.filter((family) => family.active && family.kind === 'passphrase');
  }
}
