import { join } from 'node:path';
import type { OpenVault } from '../../../electron/core/features/vault/index.ts';
import { createVault, unlockVault } from '../../../electron/core/features/vault/index.ts';
import type { Ports } from '../../../electron/core/ports/index.ts';
import { sql, write } from '../../../electron/core/db/index.ts';
import { COST, PASSPHRASE } from './ports.ts';

export const create = (
  ports: Ports,
  base: string,
  use: 'real' | 'practice' = 'practice',
): Promise<OpenVault> =>
  createVault(ports, {
    folder: join(base, 'vault'),
    use,
    ownerName: 'Ana Ruiz',
    passphrase: PASSPHRASE,
    cost: COST,
    onLost: () => undefined,
  });

export const unlock = (ports: Ports, base: string, passphrase = PASSPHRASE): Promise<OpenVault> =>
  unlockVault(ports, { folder: join(base, 'vault'), passphrase, onLost: () => undefined });

const at = 1_700_000_000_000;

/** Records a fictional case. */
export const addCase = (vault: OpenVault, id: string, code: string): void => {
  write({ db: vault.db, method: 'cases.open' }, (tx) => {
    tx.run(sql`INSERT INTO case_file (id, code, neutral_code, title, state, summary, opened_day, language,
        interpreter, safe_channel, place_origin, place_refuge, version, created_at, updated_at)
      VALUES (${id}, ${code}, ${`N-${code}`}, ${`Caso ${code}`}, ${'open'}, ${'Resumen'}, ${'2026-01-05'}, ${'es'},
        ${''}, ${''}, ${'{}'}, ${'{}'}, 1, ${at}, ${at})`);
    tx.journal({ table: 'case_file', id, payload: { code } });
  });
};

export const addPerson = (vault: OpenVault, id: string, name: string): void => {
  write({ db: vault.db, method: 'persons.record' }, (tx) => {
    tx.run(sql`INSERT INTO person (id, kind, name, legal_name, aliases, contacts, identifiers, in_own_words, work,
        minor, group_size, level, note, fold, version, created_at, updated_at)
      VALUES (${id}, ${'individual'}, ${name}, ${''}, ${'[]'}, ${'[]'}, ${'[]'}, ${'{}'}, ${'{}'}, 0, NULL, ${'normal'},
        ${''}, ${name.toLowerCase()}, 1, ${at}, ${at})`);
    tx.journal({ table: 'person', id, payload: { name } });
  });
};

export const addConsent = (vault: OpenVault, id: string, caseId: string, personId: string): void => {
  write({ db: vault.db, method: 'consents.record' }, (tx) => {
    tx.run(sql`INSERT INTO consent (id, case_id, person_id, recipient_class, answer, to_body, to_state, to_public,
        form, given_on, expires_day, impediment, to_ratify, ratified_day, withdrawn_day, condition, evidence_id, note,
        version, created_at, updated_at)
      VALUES (${id}, ${caseId}, ${personId}, ${'mechanism'}, ${'yes'}, 1, 1, 0, ${'spoken'}, ${'2026-01-06'}, NULL, NULL,
        0, NULL, NULL, ${''}, NULL, ${''}, 1, ${at}, ${at})`);
    tx.journal({ table: 'consent', id, payload: { answer: 'yes' } });
  });
};

export const withdrawConsent = (vault: OpenVault, id: string): void => {
  write({ db: vault.db, method: 'consents.withdraw' }, (tx) => {
    tx.run(sql`UPDATE consent SET answer = ${'no'}, withdrawn_day = ${'2026-02-01'}, version = version + 1
      WHERE id = ${id}`);
    tx.journal({ table: 'consent', id, payload: { answer: 'no' } });
  });
};

/** The error code that a call ends in, or null where it works. */
export const codeOf = async (work: () => unknown): Promise<string | null> => {
  try {
    await work();
    return null;
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown);
  }
};
