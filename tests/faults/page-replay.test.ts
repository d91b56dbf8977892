import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { read, sql } from '../../electron/core/db/index.ts';
import type { OpenVault } from '../../electron/core/features/vault/index.ts';
import { requireUntampered } from '../../electron/core/journal/index.ts';
import { fileNamed, outcomeOf, type Outcome } from './support/copies.ts';
import { freshFolder, realPorts } from './support/ports.ts';
import { addCase, addConsent, addPerson, create, unlock, withdrawConsent } from './support/vaults.ts';
import { tally } from '../support/tally.ts';

const PAGE = 4096;
const ports = realPorts();
const base = freshFolder();
let older: Buffer;
let newer: Buffer;
let differing: number[] = [];

const consentRow = z.object({ answer: z.string() });

beforeAll(async () => {
  const made = await create(ports, base.path);
  addCase(made, 'a', 'C-1');
  addPerson(made, 'p', 'Rosa');
  addConsent(made, 'k', 'a', 'p');
  await made.close();
  older = readFileSync(fileNamed(base.path, '.db'));
  const again = await unlock(ports, base.path);
  withdrawConsent(again, 'k');
  addCase(again, 'b', 'C-2');
  await again.close();
  newer = readFileSync(fileNamed(base.path, '.db'));
  const pages = Math.min(older.length, newer.length) / PAGE;
  differing = Array.from({ length: pages }, (_, index) => index).filter(
    (page) =>
      !older.subarray(page * PAGE, (page + 1) * PAGE).equals(newer.subarray(page * PAGE, (page + 1) * PAGE)),
  );
});
afterAll(() => {
  base.remove();
});

/** Puts pages of last week in the place of today's, as somebody with access to the folder can. */
const replay = (pages: readonly number[]) => (copy: string) => {
  const path = fileNamed(copy, '.db');
  const bytes = readFileSync(path);
  for (const page of pages) older.copy(bytes, page * PAGE, page * PAGE, (page + 1) * PAGE);
  writeFileSync(path, bytes);
};

interface Use {
  /** What a filing would see: the consent's answer, or the code of the refusal. */
  consent: string;
}

const tryPages = async (pages: readonly number[]): Promise<Outcome & Use> => {
  const use: Use = { consent: 'not reached' };
  const outcome = await outcomeOf(ports, base.path, replay(pages), (vault: OpenVault) => {
    const guard = { crypto: ports.crypto, vaultId: vault.vaultId, db: vault.db };
    try {
      use.consent = read({ db: vault.db, method: 'm' }, (db) => {
        requireUntampered(guard, db, 'consent', ['k']);
        return db.need(sql`SELECT answer FROM consent WHERE id = 'k'`, consentRow).answer;
      });
    } catch (thrown) {
      use.consent = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'failed';
    }
  });
  return { ...outcome, ...use };
};

test('the control: nothing replayed, the consent reads as withdrawn', async () => {
  expect(await tryPages([])).toEqual({ refused: null, readOnly: null, findings: [], consent: 'no' });
});

test('every page that differs: refused, named, or without effect; never a consent that was withdrawn', async () => {
  expect(differing.length).toBeGreaterThan(8);
  const silent: number[] = [];
  const consents = new Set<string>();
  let refusedAtUse = 0;
  for (const page of differing) {
    const outcome = await tryPages([page]);
    consents.add(outcome.consent);
    if (outcome.consent === 'vault.rowTampered') refusedAtUse += 1;
    const named = outcome.refused !== null || outcome.readOnly !== null || outcome.findings.length > 0;
    if (!named && outcome.consent !== 'no') silent.push(page);
  }
  tally({
    kind: 'page replays',
    what: 'every page that differs, one by one',
    done: differing.length,
    failures: silent.length,
    control: `${refusedAtUse} refused where the consent is used`,
  });
  expect(silent).toEqual([]);
  expect([...consents]).not.toContain('yes');
  // The page of the consent itself is among them, and it is caught where it is used.
  expect(refusedAtUse).toBeGreaterThan(0);
});

test('no two pages together turn the consent back', async () => {
  let pairs = 0;
  for (const [index, first] of differing.entries()) {
    for (const second of differing.slice(index + 1)) {
      const outcome = await tryPages([first, second]);
      expect([first, second, outcome.consent]).not.toEqual([first, second, 'yes']);
      pairs += 1;
    }
  }
  tally({
    kind: 'page replays',
    what: 'every two of them together',
    done: pairs,
    failures: 0,
    control: 'alone, each is refused, named or without effect',
  });
});

test('the whole database of last week beside today’s anchor: changes are missing', async () => {
  const outcome = await outcomeOf(ports, base.path, (copy) => writeFileSync(fileNamed(copy, '.db'), older));
  expect(outcome.readOnly).toBe('vault.changesMissing');
});
