import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Decrypter } from 'age-encryption';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { CallOutput } from '#shared/contract/index.ts';
import { createNodeDisk } from '../../electron/core/ports/node/node-disk.ts';
import { trustedSql } from '../../electron/core/db/sql.ts';
import type { Disk } from '../../electron/core/ports/index.ts';
import { Case, code, DEFENDER, unzip } from '../integration/export-case.ts';
import { Bench } from '../integration/harness.ts';
import { openDirectly } from '../support/stored-text.ts';
import { describeWith, run, tryRun } from './outside-command.ts';

const RESERVED = 'Estrategia reservada: no ofrecer el dictamen.';

/** A disk that keeps everything that passes through it on its way out. */
const watching = (): { disk: Disk; written: () => Buffer } => {
  const real = createNodeDisk();
  const seen: Buffer[] = [];
  return {
    disk: {
      ...real,
      open: async (path, mode) => {
        const file = await real.open(path, mode);
        return {
          ...file,
          read: (buffer, position) => file.read(buffer, position),
          write: (buffer, position) => {
            seen.push(Buffer.from(buffer));
            return file.write(buffer, position);
          },
          sync: () => file.sync(),
          stat: () => file.stat(),
          setTimes: (seconds) => file.setTimes(seconds),
          close: () => file.close(),
        };
      },
    },
    written: () => Buffer.concat(seen.splice(0)),
  };
};

const countRow = z.object({ n: z.number() });

describeWith(['python3', 'age', 'age-keygen'], 'the dump, read by others', () => {
  let bench: Bench;
  let counts: Record<string, number>;
  const watched = watching();

  const dump = async (
    folder: string,
    lock: { kind: 'plain' } | { kind: 'passphrase' } | { kind: 'recipients'; keys: string[] },
    reservedNotes = false,
  ): Promise<CallOutput<'dump.write'> & { path: string }> => {
    const into = join(bench.folder, folder);
    mkdirSync(into);
    const plan = await bench.call('dump.prepare', { lock, reservedNotes, language: 'es' });
    watched.written();
    const done = await bench.call('dump.write', {
      id: plan.id,
      target: bench.outTarget('targetFolder', into),
      typedPlain: lock.kind === 'plain' ? 'sin cifrar' : '',
      typedReserved: reservedNotes ? 'notas reservadas' : '',
    });
    return { ...done, path: join(into, done.file) };
  };

  const unpacked = (archive: string, name: string): string => {
    const into = join(bench.folder, name);
    mkdirSync(into);
    unzip(archive, into);
    return into;
  };

  const lines = (folder: string, ...names: string[]): Record<string, unknown>[] =>
    readFileSync(join(folder, ...names), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  beforeAll(async () => {
    bench = await new Bench({ ports: { disk: watched.disk } }).create();
    const example = await new Case(bench).build();
    await bench.call('notes.write', { caseId: example.caseId, kind: 'privileged', body: RESERVED });
    await bench.call('notes.write', {
      caseId: example.caseId,
      kind: 'work',
      body: 'Llamar el lunes, ñandú.',
    });
    const program = join(bench.folder, 'Actualización segura.apk');
    writeFileSync(program, Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(9_000, 7)]));
    await bench.call('evidence.take', { source: bench.fileTarget(program), caseId: example.caseId });
    const renamed = join(bench.folder, 'recibo.jpg');
    writeFileSync(renamed, Buffer.concat([Buffer.from('MZ'), Buffer.alloc(900, 7)]));
    await bench.call('evidence.take', { source: bench.fileTarget(renamed) });
    const empty = join(bench.folder, 'vacío.txt');
    writeFileSync(empty, '');
    await bench.call('evidence.take', { source: bench.fileTarget(empty) });
    const gone = join(bench.folder, 'borrada.txt');
    writeFileSync(gone, 'ya no');
    const { id } = await bench.call('evidence.take', { source: bench.fileTarget(gone) });
    await bench.call('evidence.delete', {
      evidenceId: id,
      reason: 'repetida',
      legalBasis: 'propia',
      typed: 'borrar',
    });
    await bench.call('vault.lock', {});
    const vault = await openDirectly(bench.ports, bench.vaultFolder);
    counts = Object.fromEntries(
      ['person', 'incident', 'act', 'evidence', 'custody', 'consent', 'case_person'].map((table) => [
        table,
        countRow.parse(vault.db.connection.rawAll(trustedSql(`SELECT count(*) AS n FROM ${table}`))[0]).n,
      ]),
    );
    await vault.close();
    await bench.unlock();
  });
  afterAll(async () => {
    await bench.end();
  });

  it('in clear: Python alone finds every count, hash and link of the chain', async () => {
    const done = await dump('plain', { kind: 'plain' });
    expect(done.file).toMatch(/^volcado-\d{4}-\d{2}-\d{2}\.zip$/u);
    // The control of the other tests: what is written in clear can be seen here.
    expect(watched.written().includes(Buffer.from(DEFENDER))).toBe(true);
    const folder = unpacked(done.path, 'plain-open');
    const verdict = tryRun('python3', ['-I', join(folder, 'verify_dump.py')]);
    // Where Python has no library for them, nobody may believe that signatures were looked at.
    const without = tryRun('python3', ['-I', '-S', join(folder, 'verify_dump.py')]);
    expect(without.out).toContain('signatures NOT checked');
    expect(without.out).not.toMatch(/checked 0/u);
    expect(verdict.out).toContain('problems 0');
    expect(verdict.code).toBe(0);
    expect(run('sha256sum', ['--quiet', '-c', 'manifest-sha256.txt'], folder)).toBe('');
    for (const [table, expected] of Object.entries(counts))
      expect([table, lines(folder, 'tables', `${table}.jsonl`).length]).toEqual([table, expected]);
    const vault = JSON.parse(readFileSync(join(folder, 'vault.json'), 'utf8')) as {
      journal: { entries: number };
      reservedNotes: string;
    };
    expect(lines(folder, 'tables', 'journal.jsonl')).toHaveLength(vault.journal.entries);
    expect(verdict.out).toContain(`journal entries ${String(vault.journal.entries)}`);
    // Keys never leave, reserved notes only when asked for.
    expect(readdirSync(join(folder, 'tables'))).not.toContain('object_key.jsonl');
    expect(readdirSync(join(folder, 'tables'))).not.toContain('series_key.jsonl');
    expect(tryRun('grep', ['-rl', 'Estrategia reservada', folder]).out).toBe('');
    expect(vault.reservedNotes).toBe('left out');
    expect(lines(folder, 'left-out.jsonl').length).toBeGreaterThan(0);
    expect(lines(folder, 'tables', 'note.jsonl').map((note) => note['body'])).toEqual([
      'Llamar el lunes, ñandú.',
    ]);
    for (const name of ['LEEME.txt', 'README.txt'])
      expect(readFileSync(join(folder, name), 'utf8')).toContain('verify_dump.py');
  });

  it('evidence comes as it was, what may be run inside an age file', async () => {
    const done = await dump('programs', { kind: 'plain' });
    const folder = unpacked(done.path, 'programs-open');
    const index = lines(folder, 'evidence', 'index.jsonl');
    expect(index.map((item) => item['originalName'])).toEqual([
      'IMG_20250527_071233.jpg',
      'Actualización segura.apk',
      'recibo.jpg',
      'vacío.txt',
    ]);
    const [picture, program] = index;
    // Neither name nor type of the third tells it, its first bytes do.
    expect(index.map((item) => item['encrypted'])).toEqual([false, true, true, false]);
    expect(readFileSync(join(folder, String(picture?.['path']))).subarray(0, 2)).toEqual(
      Buffer.from([0xff, 0xd8]),
    );
    expect(program?.['encrypted']).toBe(true);
    expect(String(program?.['path'])).toMatch(/Actualizacion segura\.apk\.age$/u);
    expect(done.executablesPassphrase?.split(' ')).toHaveLength(10);
    const decrypter = new Decrypter();
    decrypter.addPassphrase(done.executablesPassphrase ?? '');
    const opened = await decrypter.decrypt(readFileSync(join(folder, String(program?.['path']))));
    expect(opened.length).toBe(9_004);
    expect(Object.keys(done)).not.toContain('executables');
  });

  it('reserved notes leave when they were asked for and typed', async () => {
    const into = join(bench.folder, 'typed');
    mkdirSync(into);
    const plan = await bench.call('dump.prepare', {
      lock: { kind: 'plain' },
      reservedNotes: true,
      language: 'es',
    });
    const target = bench.outTarget('targetFolder', into);
    expect(await code(bench.call('dump.write', { id: plan.id, target, typedPlain: 'sin cifrar' }))).toBe(
      'dump.notConfirmed',
    );
    expect(readdirSync(into)).toEqual([]);
    const done = await dump('reserved', { kind: 'plain' }, true);
    const folder = unpacked(done.path, 'reserved-open');
    expect(lines(folder, 'tables', 'note.jsonl').map((note) => note['body'])).toContain(RESERVED);
    expect(tryRun('python3', ['-I', join(folder, 'verify_dump.py')]).out).toContain('problems 0');
  });

  it('what was changed afterwards is named, each in its kind', async () => {
    const done = await dump('changed', { kind: 'plain' });
    const folder = unpacked(done.path, 'changed-open');
    const change = (file: string, from: string | RegExp, to: string): string => {
      const path = join(folder, ...file.split('/'));
      const before = readFileSync(path, 'utf8');
      expect(before).toMatch(from);
      writeFileSync(path, before.replace(from, to));
      const verdict = tryRun('python3', ['-I', join(folder, 'verify_dump.py')]);
      writeFileSync(path, before);
      expect(verdict.code).toBe(1);
      return verdict.out;
    };
    expect(change('tables/person.jsonl', DEFENDER, 'Otra Persona')).toContain('PROBLEM row person/');
    expect(change('tables/journal.jsonl', '"method":"persons.record"', '"method":"persons.amend"')).toContain(
      'PROBLEM journal hash',
    );
    expect(change('tables/journal_payload.jsonl', /"payload":"[^"]{4}/u, '"payload":"AAAA')).toContain(
      'PROBLEM journal payload',
    );
    expect(change('tables/note.jsonl', /^.*\n/u, '')).toContain('PROBLEM table note');
    const last = readFileSync(join(folder, 'tables', 'journal.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .at(-1);
    expect(change('tables/journal.jsonl', `${last ?? ''}\n`, '')).toContain('PROBLEM journal has');
  });

  it('to an age key: nothing in clear ever passes through the disk, and age opens it', async () => {
    const identity = join(bench.folder, 'key.txt');
    run('age-keygen', ['-o', identity]);
    const key = run('age-keygen', ['-y', identity]).trim();
    const done = await dump('age', { kind: 'recipients', keys: [key] });
    const written = watched.written();
    expect(written.length).toBeGreaterThan(10_000);
    expect(written.includes(Buffer.from(DEFENDER))).toBe(false);
    expect(written.includes(Buffer.from('verify_dump.py'))).toBe(false);
    expect(readdirSync(join(bench.vaultFolder, 'scratch'))).toEqual([]);
    const archive = join(bench.folder, 'opened.zip');
    expect(spawnSync('age', ['-d', '-i', identity, '-o', archive, done.path]).status).toBe(0);
    const folder = unpacked(archive, 'age-open');
    expect(tryRun('python3', ['-I', join(folder, 'verify_dump.py')]).out).toContain('problems 0');
    expect(lines(folder, 'evidence', 'index.jsonl').some((item) => item['encrypted'] === true)).toBe(false);
  });

  it('with a passphrase of ten words, shown once', async () => {
    const done = await dump('words', { kind: 'passphrase' });
    expect(done.passphrase?.split(' ')).toHaveLength(10);
    const decrypter = new Decrypter();
    decrypter.addPassphrase(done.passphrase ?? '');
    const zip = await decrypter.decrypt(readFileSync(done.path));
    expect(Buffer.from(zip.subarray(0, 4)).toString('latin1')).toBe('PK\u0003\u0004');
  });
});
