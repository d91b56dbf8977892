import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { CallOutput } from '#shared/contract/index.ts';
import type { PersonId } from '#shared/model/ids.ts';
import { trustedSql } from '../../electron/core/db/sql.ts';
import { allPages, databaseKey } from '../support/raw-pages.ts';
import type { OpenVault } from '../../electron/core/features/vault/index.ts';
import { everyCell, indexedWords, openDirectly } from '../support/stored-text.ts';
import { Case, code, DEFENDER, filesIn, WITNESS } from './export-case.ts';
import { Bench } from './harness.ts';

/** Everything by which the defender of the case is known, in the spellings in which it stands somewhere. */
const CANARIES = [
  'Maricela Xochimitl',
  'Marisela Xochimitl',
  'Xochimitl Olmedo, Maricela',
  '000 555 01 27',
  '0005550127',
  'mari.encino',
  'Locutora y defensora',
  'Maricha del Canal',
] as const;
const why = { reason: 'lo pidió ella', legalBasis: 'LFPDPPP, cancelación' };

let bench: Bench;
let example: Case;
let person: PersonId;
let sister: PersonId;
let counts: CallOutput<'vault.info'>['counts'];

const holding = (text: string): string[] =>
  CANARIES.filter((canary) => text.toLowerCase().includes(canary.toLowerCase()));

const noteRow = z.object({ body: z.string() });

beforeAll(async () => {
  bench = await new Bench().create();
  example = await new Case(bench).build();
  person = example.defender;
  const { caseId } = example;
  // A mention under a name that stands in no record.
  await bench.call('incidents.record', {
    caseId,
    narrative: `@[Maricha del Canal](person:${person}) y la Mari fueron juntas. Después vino Xochimitl Olmedo, Maricela.`,
    happened: { kind: 'day', day: '2026-06-01' },
    sources: [{ personId: person, words: 'me lo dijo Maricela Xochimitl Olmedo', knowledge: 'wasTold' }],
  });
  await bench.call('notes.write', {
    caseId,
    kind: 'work',
    body: 'Llamar a Maricela Xochimitl Olmedo (000-555-01-27). Su prima Xochimitl no sabe nada.',
  });
  ({ id: sister } = await bench.call('persons.record', {
    name: 'Eulalia Xochimitl Olmedo',
    contacts: [{ kind: 'phone', value: '000 555 99 99', sensitivity: 'usual' }],
  }));
  await bench.call('drafts.save', {
    id: 'draft-1',
    form: 'incident',
    title: 'Maricela Xochimitl Olmedo',
    payload: JSON.stringify({ narrative: 'Volvió a llamar Maricela Xochimitl Olmedo' }),
  });
  const path = join(bench.folder, 'Carta de Maricela Xochimitl.txt');
  writeFileSync(path, 'Yo, Maricela Xochimitl Olmedo, doy mi testimonio.');
  await bench.call('evidence.take', {
    source: bench.fileTarget(path),
    caseId,
    fromPersonId: person,
    fromWords: 'la trajo Maricela Xochimitl',
  });
  const other = join(bench.folder, 'acta.txt');
  writeFileSync(other, 'Acta: asistió Maricela Xochimitl Olmedo.');
  await bench.call('evidence.take', { source: bench.fileTarget(other), caseId });
  await example.consent(person, 'given', true);
  const id = await example.prepare('CIDH');
  await bench.call('exports.treatPerson', { id, personId: person, treatment: 'name' });
  await example.decideAll(id);
  await bench.call('exports.check', { id, form: 'filing' });
  await example.judgeAll(id);
  await bench.call('exports.confirmInventory', { id });
  await example.release(id, join(bench.folder, 'out'), 'filing');
  // Begun and not sent: what was found in it still speaks of her.
  const second = await example.prepare('Otra instancia');
  await example.decideAll(second);
  counts = (await bench.call('vault.info', {})).counts;
  // An export is made, read back and searched here: minutes on a busy machine.
}, 400_000);
afterAll(async () => {
  await bench.end();
});

describe('what we know of her', () => {
  test('is told in words for her, without any source or other person', async () => {
    const other = await bench.call('persons.record', { name: 'Teodora Nájera Pinzón' });
    await bench.call('incidents.record', {
      caseId: example.caseId,
      narrative: 'Teodora Nájera Pinzón contó que vio a Maricela Xochimitl Olmedo.',
      sources: [{ personId: other.id, words: 'Teodora Nájera, vecina', knowledge: 'sawIt' }],
    });
    for (const language of ['es', 'en'] as const) {
      const sheet = await bench.call('erasure.know', { personId: person, language });
      const text = JSON.stringify(sheet);
      expect(text).toContain(DEFENDER);
      expect(text).toContain('000 555 01 27');
      expect(text).toContain('CIDH');
      for (const stranger of ['Teodora', 'Nájera', WITNESS, 'Eulalia', 'vecina', 'Su prima'])
        expect([stranger, text.includes(stranger)]).toEqual([stranger, false]);
    }
    counts = (await bench.call('vault.info', {})).counts;
  });

  test('the time of her request runs from the day it came, two ways', async () => {
    const { id } = await bench.call('dataRequests.open', {
      personId: person,
      kinds: ['access', 'erase'],
      receivedOn: '2026-11-02',
      channel: 'Signal',
      identifiedBy: 'mismo canal del expediente',
    });
    const found = await bench.call('dataRequests.get', { id });
    expect(found.clocks.map(({ ruleId, strictDay, lenientDay }) => [ruleId, strictDay, lenientDay])).toEqual([
      ['ARCO-1', '2026-11-22', '2026-11-30'],
      ['ARCO-2', null, null],
      ['ARCO-3', null, null],
    ]);
    const noted = await bench.call('dataRequests.note', { id, version: 1, answeredOn: '2026-11-20' });
    expect(noted.version).toBe(2);
    const after = await bench.call('dataRequests.get', { id });
    expect(after.state).toBe('answered');
    expect(after.clocks[1]).toMatchObject({ strictDay: '2026-12-05', lenientDay: '2026-12-11' });
    expect(await code(bench.call('dataRequests.note', { id, version: 1, close: true }))).toBe(
      'record.changedMeanwhile',
    );
  });
});

describe('held back', () => {
  test('restricted: seen here, in no export whatever anybody chooses', async () => {
    await bench.call('erasure.restrict', { personId: person, requestId: null, ...why });
    expect((await bench.call('persons.list', { text: 'Maricela' })).total).toBe(1);
    const id = await example.prepare('Una tercera');
    await bench.call('exports.treatPerson', { id, personId: person, treatment: 'name' });
    const view = await example.view(id);
    expect(view.consents.find((one) => one.personId === person)).toMatchObject({
      result: 'blocked',
      because: 'held',
      treatment: 'withhold',
    });
    expect(
      view.annexes.filter((one) => one.title.includes('Carta')).map((one) => one.allowedTreatments),
    ).toEqual([['leaveOut']]);
    await bench.call('erasure.release', { personId: person, reason: 'prueba' });
    const again = (await example.view(id)).consents.find((one) => one.personId === person);
    expect(again?.because).not.toBe('held');
  });

  test('blocked: in no list, search or suggestion; the ledger keeps, its copy is shut', async () => {
    await bench.call('erasure.block', { personId: person, requestId: null, ...why });
    expect((await bench.call('persons.list', { text: 'Maricela' })).total).toBe(0);
    expect((await bench.call('persons.list', {})).rows.map((row) => row.id)).not.toContain(person);
    const hits = (await bench.call('search.everything', { text: 'Maricela', kinds: ['person'] })).hits;
    expect(hits).toEqual([]);
    const people = (await bench.call('cases.get', { id: example.caseId })).persons;
    expect(people.map((one) => one.personId)).not.toContain(person);
    expect(await code(bench.call('persons.get', { id: person }))).toBe('person.blocked');
    expect(await code(bench.call('persons.amend', { id: person, version: 1, changes: { work: 'x' } }))).toBe(
      'person.blocked',
    );
    const ledger = (await bench.call('exports.ledger', {})).rows;
    expect(ledger.map((row) => [row.recipient, row.copy])).toEqual([['CIDH', 'blocked']]);
    expect((await bench.call('erasure.held', {})).rows).toMatchObject([
      { personId: person, hold: 'blocked' },
    ]);
    await bench.call('erasure.release', { personId: person, reason: 'prueba' });
    expect((await bench.call('persons.list', { text: 'Maricela' })).total).toBe(1);
    expect((await bench.call('exports.ledger', {})).rows[0]?.copy).toBe('kept');
  });
});

describe('the copy that was kept of a delivery', () => {
  const frozenRow = z.object({ id: z.string(), frozen: z.instanceof(Uint8Array) });

  /** Does something to the database behind the program's back. */
  const behind = async <T>(work: (connection: OpenVault['db']['connection']) => T): Promise<T> => {
    await bench.call('vault.lock', {});
    const vault = await openDirectly(bench.ports, bench.vaultFolder);
    const result = work(vault.db.connection);
    await vault.close();
    await bench.unlock();
    return result;
  };

  test('is compared with what the journal signed: another one, none, and the true one', async () => {
    const findings = async () => (await bench.call('vault.check', { objects: 'presence' })).findings;
    expect(await findings()).toEqual([]);
    const { id, frozen } = await behind((connection) => {
      const row = connection.need(trustedSql('SELECT ledger_id AS id, frozen FROM ledger_copy'), frozenRow);
      const other = Buffer.from(row.frozen);
      other[40]! ^= 1;
      connection.run(trustedSql('UPDATE ledger_copy SET frozen = ?', [other]));
      return row;
    });
    const altered = [{ part: 'journal', code: 'export.copyAltered', subject: `ledger ${id}` }];
    expect(await findings()).toEqual(altered);
    await behind((connection) => connection.run(trustedSql('DELETE FROM ledger_copy')));
    expect(await findings()).toEqual(altered);
    await behind((connection) =>
      connection.run(
        trustedSql('INSERT INTO ledger_copy (ledger_id, frozen) VALUES (?, ?)', [id, Buffer.from(frozen)]),
      ),
    );
    expect(await findings()).toEqual([]);
  });
});

describe('letters', () => {
  test('an answer to her, and to each recipient no more than it has', async () => {
    const folder = join(bench.folder, 'letters');
    mkdirSync(folder);
    for (const format of ['pdf', 'docx'] as const) {
      const { files } = await bench.call('erasure.letters', {
        personId: person,
        requestId: null,
        target: bench.outTarget('targetFolder', folder),
        language: 'es',
        format,
        letters: ['answer', 'recipients'],
      });
      expect(files).toHaveLength(2);
    }
    const text = filesIn(folder)
      .filter((file) => file.endsWith('.pdf'))
      .map((file) => execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }))
      .join('\n');
    expect(text).toContain('CIDH');
    expect(text).toMatch(/15 días/u);
    expect(text).not.toContain('Rosario');
    expect(readFileSync(join(folder, filesIn(folder)[0]?.split('/').at(-1) ?? '')).length).toBeGreaterThan(
      2_000,
    );
  });
});

describe('erased', () => {
  let preview: CallOutput<'erasure.preview'>;
  let key: Buffer;

  test('not before it was blocked, typed, and every item and doubt decided', async () => {
    const base = {
      personId: person,
      requestId: null,
      ...why,
      evidence: [],
      keepMentions: [],
      replaceMentions: [],
      copies: 'erase' as const,
      language: 'es' as const,
      typed: 'suprimir',
    };
    expect(await code(bench.call('erasure.erase', { ...base, typed: 'sí' }))).toBe('erasure.notConfirmed');
    expect(await code(bench.call('erasure.erase', base))).toBe('erasure.blockFirst');
    await bench.call('erasure.block', { personId: person, requestId: null, ...why });
    expect(await code(bench.call('erasure.erase', base))).toBe('erasure.undecided');
  });

  test('the controls: before, her data is in the tables, the index, the pages and the journal', async () => {
    preview = await bench.call('erasure.preview', { personId: person });
    await bench.call('vault.lock', {});
    key = await databaseKey(bench.ports, bench.vaultFolder);
    expect(holding(allPages(bench.vaultFolder, key).toString('latin1')).length).toBeGreaterThan(4);
    const vault = await openDirectly(bench.ports, bench.vaultFolder);
    const tables = new Set(
      everyCell(vault)
        .filter((cell) => holding(cell.text).length > 0)
        .map((cell) => cell.table),
    );
    expect([...tables].sort()).toEqual(
      expect.arrayContaining([
        'draft',
        'evidence',
        'evidence_derived',
        'incident',
        'journal_payload',
        'ledger',
        'note',
        'person',
        'search_doc',
      ]),
    );
    expect(indexedWords(vault)).toEqual(expect.arrayContaining(['maricela', 'xochimitl']));
    await vault.close();
    await bench.unlock();
    expect(preview.mentions.some((one) => one.certain)).toBe(true);
    expect(preview.mentions.some((one) => !one.certain)).toBe(true);
    expect(preview.disclosures).toHaveLength(1);
    expect(preview.evidence).toHaveLength(1);
  });

  test('afterwards nothing of hers is anywhere, what stays says so, figures are the same', async () => {
    const uncertain = preview.mentions.filter((one) => !one.certain);
    // "Su prima Xochimitl" and the sister's own record are not her.
    const keep = uncertain.filter((one) => one.before.endsWith('prima ') || one.recordId === sister);
    expect(keep.length).toBeGreaterThanOrEqual(2);
    const done = await bench.call('erasure.erase', {
      personId: person,
      requestId: null,
      ...why,
      evidence: preview.evidence.map((item) => ({ evidenceId: item.id, action: 'delete' as const })),
      keepMentions: keep.map((one) => one.id),
      replaceMentions: uncertain.filter((one) => !keep.includes(one)).map((one) => one.id),
      copies: 'erase',
      language: 'es',
      typed: 'SUPRIMIR',
    });
    expect(done.code).toMatch(/^P-[A-Z0-9]{8}$/u);
    expect(done.evidenceDeleted).toBe(1);
    expect(done.payloads).toBeGreaterThan(4);

    const pages = allPages(bench.vaultFolder, key).toString('latin1');
    expect(holding(pages)).toEqual([]);
    await bench.call('vault.lock', {});
    const vault = await openDirectly(bench.ports, bench.vaultFolder);
    const left = everyCell(vault).filter((cell) => holding(cell.text).length > 0);
    expect(left.map((cell) => [cell.table, holding(cell.text)])).toEqual([]);
    const words = indexedWords(vault);
    for (const word of ['maricela', 'marisela', 'maricha', 'locutora']) expect(words).not.toContain(word);
    const note = vault.db.connection.need(trustedSql('SELECT body FROM note'), noteRow);
    expect(note.body).toBe(
      'Llamar a [persona suprimida] ([persona suprimida]). Su prima Xochimitl no sabe nada.',
    );
    await vault.close();
    await bench.unlock();

    expect((await bench.call('vault.info', {})).counts).toMatchObject({
      cases: counts.cases,
      persons: counts.persons,
      incidents: counts.incidents,
      evidence: counts.evidence,
    });
    const check = await bench.call('vault.check', {});
    expect(check.findings).toEqual([]);
    expect(check.checked.erasedPayloads).toBe(done.payloads);
    const ledger = (await bench.call('exports.ledger', {})).rows;
    expect(ledger.map((row) => [row.recipient, row.persons, row.copy])).toEqual([['CIDH', 2, 'erased']]);
    expect((await bench.call('persons.get', { id: sister })).name).toBe('Eulalia Xochimitl Olmedo');
    const found = (await bench.call('search.everything', { text: 'prima' })).hits;
    expect(found).toHaveLength(1);
    expect(await code(bench.call('erasure.preview', { personId: person }))).toBe('erasure.alreadyErased');
    expect(await code(bench.call('erasure.release', { personId: person, reason: 'x' }))).toBe(
      'erasure.alreadyErased',
    );
  });

  test('an export of the case afterwards says nothing of her and passes its check', async () => {
    const id = await example.prepare('Una cuarta');
    await bench.call('exports.treatPerson', { id, personId: person, treatment: 'withhold' });
    await example.decideAll(id);
    const { report } = await bench.call('exports.check', { id, form: 'filing' });
    await example.judgeAll(id);
    expect(report.hits.filter((hit) => !hit.adjudicable)).toEqual([]);
    expect(holding(JSON.stringify(await example.view(id)))).toEqual([]);
  }, 400_000);

  test('an erased entry that is given another content again is named by the check', async () => {
    await bench.call('vault.lock', {});
    const vault = await openDirectly(bench.ports, bench.vaultFolder);
    const { connection } = vault.db;
    const position = z
      .object({ position: z.number() })
      .parse(
        connection.rawAll(trustedSql('SELECT min(position) AS position FROM erased_payload'))[0],
      ).position;
    const replay = `UPDATE journal_payload SET payload = '{}', salt = zeroblob(16) WHERE position = ${String(position)}`;
    // The rule itself refuses; whoever can write pages takes the rule away first.
    expect(() => {
      connection.exec(replay);
    }).toThrow();
    connection.exec('DROP TRIGGER journal_payload_no_update');
    connection.exec(
      `UPDATE journal_payload SET payload = CAST('{"name":"otra"}' AS BLOB) WHERE position = ${String(position)}`,
    );
    await vault.close();
    await bench.unlock();
    const check = await bench.call('vault.check', { objects: 'presence' });
    expect(check.findings).toEqual(
      expect.arrayContaining([
        { part: 'database', code: 'vault.schemaChanged', subject: 'trigger journal_payload_no_update' },
        { part: 'journal', code: 'vault.journalDamaged', subject: String(position) },
        { part: 'journal', code: 'vault.journalDamaged', subject: `payload ${String(position)}` },
      ]),
    );
  });
});
