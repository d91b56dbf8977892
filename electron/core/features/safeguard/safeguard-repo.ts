import { SAFEGUARD_STEPS } from '#shared/contract/safeguard.ts';
import { z } from 'zod';
import { list, sql, type Reader, type Tx } from '../../db/index.ts';

const said = { by: z.string(), at: z.number().int() } as const;

const stepSchema = z.object({ step: z.enum(SAFEGUARD_STEPS), ...said });
const carrierSchema = z.object({ target: z.string(), slotId: z.string(), ...said });
const goneSchema = z.object({ ledgerId: z.string(), ...said });

/** The list as it is kept, one document: it is small and always wanted whole. */
export interface StoredSafeguard {
  readonly steps: readonly z.infer<typeof stepSchema>[];
  readonly carriers: readonly z.infer<typeof carrierSchema>[];
  readonly gone: readonly z.infer<typeof goneSchema>[];
}

/** Entries of one list that this version understands: one that it does not must not take the others with it. */
const readable = <T>(schema: z.ZodType<T>, entries: unknown): T[] =>
  (Array.isArray(entries) ? entries : []).flatMap((entry) => {
    const { data, success } = schema.safeParse(entry);
    return success ? [data] : [];
  });

const EMPTY: StoredSafeguard = { steps: [], carriers: [], gone: [] };
const KEY = 'safeguard';

const documentIn = (bytes: Uint8Array): Readonly<Record<string, unknown>> => {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch {
    return {};
  }
};

/** What was said so far. What cannot be read is to be looked at again; the rest stays. */
export const storedSafeguard = (db: Reader): StoredSafeguard => {
  const row = db.get(
    sql`SELECT value FROM meta WHERE key = ${KEY}`,
    z.object({ value: z.instanceof(Uint8Array) }),
  );
  if (row === null) return EMPTY;
  const stored = documentIn(row.value);
  return {
    steps: readable(stepSchema, stored['steps']),
    carriers: readable(carrierSchema, stored['carriers']),
    gone: readable(goneSchema, stored['gone']),
  };
};

/** Keeps the whole list anew. */
export const keepSafeguard = (tx: Tx, state: StoredSafeguard): void => {
  const bytes = Buffer.from(JSON.stringify(state), 'utf8');
  tx.run(sql`INSERT INTO meta (key, value) VALUES (${KEY}, ${bytes})
    ON CONFLICT (key) DO UPDATE SET value = excluded.value`);
};

/** Those of the deliveries that this person may see. */
export const knownDeliveries = (db: Reader, ids: readonly string[]): ReadonlySet<string> =>
  new Set(
    db
      .all(sql`SELECT id FROM ledger WHERE id IN ${list([...ids])}`, z.object({ id: z.string() }))
      .map(({ id }) => id),
  );

/** Names of the sticks that the vault knows, by id. */
export const isKnownTarget = (db: Reader, id: string): boolean =>
  db.get(sql`SELECT id FROM backup_target WHERE id = ${id}`, z.object({ id: z.string() })) !== null;
