import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { trustedSql } from '../../electron/core/db/sql.ts';
import { exportDatabase, openDatabase } from '../../electron/core/db/open.ts';
import { withExpectedSchema } from '../../electron/core/migrations/expected-schema.ts';
import { schemaStatements } from '../../electron/core/features/vault/check-repo.ts';
import { openDirectly } from '../support/stored-text.ts';
import { code } from './export-case.ts';
import { Bench } from './harness.ts';

const PERSON = 'Ximena Altamirano Cruz';

let bench: Bench;
beforeAll(async () => {
  bench = await new Bench().create();
  await bench.call('persons.record', { name: PERSON });
  const path = join(bench.folder, 'foto.txt');
  writeFileSync(path, 'x'.repeat(200_000));
  await bench.call('evidence.take', { source: bench.fileTarget(path) });
});
afterAll(async () => {
  await bench.end();
});

const report = async (name: string, format: 'text' | 'json' | 'pdf', language: 'es' | 'en' = 'es') => {
  const path = join(bench.folder, name);
  const done = await bench.call('vault.checkReport', {
    format,
    language,
    target: bench.outTarget('targetFile', path),
  });
  const text =
    format === 'pdf'
      ? execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' })
      : readFileSync(path, 'utf8');
  return { done, text, path };
};

const behindTheBack = async (statement: string): Promise<void> => {
  await bench.call('vault.lock', {});
  const vault = await openDirectly(bench.ports, bench.vaultFolder);
  vault.db.connection.exec(statement);
  await vault.close();
  await bench.unlock();
};

test('a whole vault: the same facts as text, JSON and PDF, in both languages, naming nobody', async () => {
  const json = await report('a.json', 'json');
  const facts = JSON.parse(json.text) as { ok: boolean; checked: Record<string, number>; vaultId: string };
  expect(facts.ok).toBe(true);
  expect(facts.checked).toMatchObject({ objects: 1, erasedPayloads: 0 });
  expect(facts.checked['journal']).toBeGreaterThanOrEqual(3);
  for (const language of ['es', 'en'] as const)
    for (const format of ['text', 'pdf'] as const) {
      const { text, done } = await report(`a-${language}.${format}`, format, language);
      expect(done).toMatchObject({ ok: true, findings: 0 });
      expect(text).toContain(facts.vaultId);
      expect(text).toMatch(
        language === 'es' ? /Todo lo revisado está íntegro/u : /Everything checked is intact/u,
      );
      expect(text).toMatch(new RegExp(`${language === 'es' ? 'Asientos' : 'Journal'}[^\\n]*: \\d+`, 'u'));
      expect(text).not.toContain('Ximena');
    }
  expect(json.text).not.toContain('Ximena');
  // Never over what is there.
  expect(await code(report('a.json', 'json'))).toBe('disk.targetExists');
});

test('what the vault consists of is what the steps make, in a fresh file and after a change of keys', async () => {
  const plain = (db: Parameters<typeof schemaStatements>[0]): string[] =>
    schemaStatements(db).map(({ type, name, sql }) => `${type} ${name} ${sql.replace(/\s+/gu, ' ').trim()}`);
  const expected = withExpectedSchema(plain);
  expect(expected.length).toBeGreaterThan(80);
  await bench.call('vault.lock', {});
  const vault = await openDirectly(bench.ports, bench.vaultFolder);
  const copy = join(bench.folder, 'copy.db');
  const key = Buffer.alloc(32, 9);
  exportDatabase(vault.db.connection, copy, key);
  const opened = openDatabase(copy, key);
  expect(plain(vault.db.connection)).toEqual(expected);
  expect(plain(opened)).toEqual(expected);
  opened.close();
  rmSync(copy);
  await vault.close();
  await bench.unlock();
});

test.each([
  [
    'a trigger added',
    'CREATE TRIGGER sly AFTER INSERT ON person BEGIN DELETE FROM note; END',
    'DROP TRIGGER sly',
    'trigger sly',
  ],
  ['a view added', 'CREATE VIEW sly AS SELECT 1', 'DROP VIEW sly', 'view sly'],
  [
    'an index taken away',
    'DROP INDEX person_fold',
    'CREATE INDEX person_fold ON person (fold, id)',
    'index person_fold',
  ],
])('%s is named', async (_name, change, back, subject) => {
  await behindTheBack(change);
  const { findings } = await bench.call('vault.check', { objects: 'presence' });
  expect(findings).toEqual([{ part: 'database', code: 'vault.schemaChanged', subject }]);
  const { text, done } = await report(`${subject.replace(' ', '-')}.txt`, 'text');
  expect(done.ok).toBe(false);
  expect(text).toContain(`base de datos: vault.schemaChanged (${subject})`);
  expect(text).toContain('La estructura de la base de datos no es la que este programa escribe');
  await behindTheBack(back);
  expect((await bench.call('vault.check', { objects: 'presence' })).ok).toBe(true);
});

test('words of a record that is gone, and an index that says something else than its documents, are named', async () => {
  await behindTheBack(
    `INSERT INTO search_doc (kind, ref, case_id, title, body, when_key)
     VALUES ('person', 'nobody', NULL, 'Nadie', '', '')`,
  );
  expect((await bench.call('vault.check', { objects: 'presence' })).findings).toEqual([
    { part: 'search', code: 'vault.searchStale', subject: 'person/nobody' },
  ]);
  await behindTheBack(`DELETE FROM search_doc WHERE ref = 'nobody'`);
  expect((await bench.call('vault.check', { objects: 'presence' })).ok).toBe(true);
  // Words enter the index with the first search after them.
  expect((await bench.call('search.everything', { text: 'Altamirano' })).hits).toHaveLength(1);
  await bench.call('vault.lock', {});
  const vault = await openDirectly(bench.ports, bench.vaultFolder);
  vault.db.connection.exec('DROP TRIGGER search_doc_update');
  vault.db.connection.run(trustedSql(`UPDATE search_doc SET body = 'otra cosa' WHERE kind = 'person'`));
  await vault.close();
  await bench.unlock();
  const { findings } = await bench.call('vault.check', { objects: 'presence' });
  expect(findings.map(({ part, code: found }) => [part, found])).toEqual(
    expect.arrayContaining([
      ['database', 'vault.schemaChanged'],
      ['search', 'vault.databaseDamaged'],
    ]),
  );
});
