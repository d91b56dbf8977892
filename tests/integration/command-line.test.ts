import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DUMP_CONFIRMATIONS } from '#shared/contract/dump.ts';
import { METHOD_NAMES } from '#shared/contract/index.ts';
import { BuiltCommand, CHEAP, type Ran } from '../support/built-command.ts';

/* The built command, as a child process, as administrators and scripts run it. */

const PASSPHRASE = 'faro niebla cobre tejado luna';
/** An age key of nobody: what its owner would need is kept nowhere. */
const AGE_KEY = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p';
const root = join(import.meta.dirname, '../..');
let folder = '';
let program = '';
let command: BuiltCommand;
let secret = '';

const environment = (extra: Record<string, string> = {}): NodeJS.ProcessEnv => command.environment(extra);

const run = (
  args: readonly string[],
  { fd3, ...options }: { env?: Record<string, string>; input?: string; fd3?: string } = {},
): Promise<Ran> => command.run(args, { ...options, fds: [fd3 ?? ''] });

const withSecret = (...args: string[]): string[] => [...args, '--passphrase-file', secret];
const json = (ran: Ran): unknown => JSON.parse(ran.stdout);

beforeAll(async () => {
  command = await BuiltCommand.make('cli-test', 'es_MX.UTF-8');
  ({ folder, program } = command);
  secret = command.secret('secret', `${PASSPHRASE}\n`);
});
afterAll(() => {
  command.end();
});

describe('without a vault', () => {
  it('says what it can do, in the language of the terminal', async () => {
    const none = await run([]);
    expect(none.code).toBe(2);
    expect(none.stdout).toContain('expedientes cifrados');
    const english = await run(['help'], { env: { LANG: 'en_US.UTF-8' } });
    expect(english.code).toBe(0);
    expect(english.stdout).toContain('encrypted protection casework');
    expect((await run(['help', '--language', 'en'])).stdout).toContain('Exit codes');
  });

  it('says of one command or of one group what it takes, without a passphrase', async () => {
    for (const asked of [
      ['help', 'devices'],
      ['devices', '--help'],
    ]) {
      const { code, stdout } = await run(asked);
      expect(code).toBe(0);
      expect(stdout).toContain('resguardo devices add --vault DIR --kind KIND');
      expect(stdout).not.toContain('resguardo vault create');
      expect(stdout).toContain('--passphrase-file');
    }
    const one = await run(['devices', 'add', '--kind', 'x', '--help', '--language', 'en']);
    expect(one.code).toBe(0);
    expect(one.stdout.match(/^ {2}resguardo /gmu)).toHaveLength(1);
    const half = await run(['devices']);
    expect(half.code).toBe(2);
    expect(half.stderr).toContain('devices list, devices show, devices add');
    const none = await run(['help', 'nada']);
    expect([none.code, none.stdout]).toEqual([2, '']);
  });

  it('names the fields of a method, and points to them where one is wrong', async () => {
    const { stdout } = await run(['methods', 'cases.open']);
    expect(stdout).toMatch(/^ {2}title +necesario +string$/mu);
    expect(stdout).toMatch(/^ {2}state +opcional +intake\|active\|/mu);
    expect(stdout).toContain('resguardo methods cases.open --schema');
    const wrong = await run(withSecret('call', 'cases.open', '{"title":7}', '--vault', join(folder, 'none')));
    expect(wrong.code).toBe(1);
  });

  it.each([
    [['vaul', 'create']],
    [['vault', 'create']],
    [['vault', 'info', '--frase', 'x']],
    [['call']],
    [['call', 'cases.nothing']],
    [['call', 'vault.unlock', '{}']],
    [['evidence', 'get', 'not-an-id', '--out', 'x', '--vault', 'v']],
    [['export', '--vault', 'v']],
  ])('answers wrong usage %j with exit code 2, and says nothing on stdout', async (args) => {
    const ran = await run(args);
    expect(ran.code).toBe(2);
    expect(ran.stdout).toBe('');
    expect(ran.stderr.length).toBeGreaterThan(10);
  });

  it('lists the contract, also as JSON Schema', async () => {
    const plain = json(await run(['methods', '--json'])) as { methods: { name: string }[] };
    expect(plain.methods.map(({ name }) => name)).toEqual([...METHOD_NAMES]);
    interface Schema {
      type?: string;
      anyOf?: Schema[];
      oneOf?: Schema[];
    }
    const isObject = (one: Schema): boolean =>
      one.type === 'object' || (one.anyOf ?? one.oneOf)?.every(isObject) === true;
    const schema = json(await run(['methods', '--schema'])) as {
      methods: { name: string; input: Schema; output: Schema }[];
    };
    expect(schema.methods).toHaveLength(METHOD_NAMES.length);
    const odd = schema.methods.filter(({ input, output }) => !isObject(input) || !isObject(output));
    expect(odd.map(({ name }) => name)).toEqual([]);
    const one = json(await run(['methods', 'evidence.get', '--schema'])) as { methods: { name: string }[] };
    expect(one.methods.map(({ name }) => name)).toEqual(['evidence.get']);
    expect((await run(['methods', 'evidence.nothing'])).code).toBe(2);
  });

  it('as JSON, errors are JSON too', async () => {
    const ran = await run(['vault', 'info', 'nowhere', '--json', ...withSecret()]);
    expect(ran.code).toBe(1);
    expect((JSON.parse(ran.stderr) as { error: { code: string } }).error.code).toBe('vault.notFound');
  });

  it('bin/resguardo.mjs runs the same program', () => {
    const ran = spawnSync(process.execPath, [join(root, 'bin/resguardo.mjs'), 'methods', '--json'], {
      env: environment(),
      encoding: 'utf8',
    });
    expect(ran.status).toBe(0);
    expect((JSON.parse(ran.stdout) as { methods: unknown[] }).methods.length).toBeGreaterThan(20);
  });
});

describe('passphrase', () => {
  it('is refused from a file that others may read, before anything is made', async () => {
    const open = join(folder, 'open-secret');
    writeFileSync(open, PASSPHRASE);
    chmodSync(open, 0o644);
    const ran = await run([
      'vault',
      'create',
      'v-open',
      '--practice',
      '--owner',
      'Ana',
      '--passphrase-file',
      open,
    ]);
    expect(ran.code).toBe(2);
    expect(existsSync(join(folder, 'v-open'))).toBe(false);
  });

  it('from the environment makes no real vault', async () => {
    const ran = await run(['vault', 'create', 'v-env', '--owner', 'Ana', ...CHEAP], {
      env: { RESGUARDO_PASSPHRASE: PASSPHRASE },
    });
    expect(ran.code).toBe(2);
    expect(existsSync(join(folder, 'v-env'))).toBe(false);
  });

  it('from the environment opens no real vault: exit code 2', async () => {
    const made = await run(withSecret('vault', 'create', 'v-real', '--owner', 'Ana', ...CHEAP));
    expect([made.code, made.stderr]).toEqual([0, '']);
    const env = { RESGUARDO_PASSPHRASE: PASSPHRASE };
    const ran = await run(['vault', 'info', 'v-real'], { env });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('RESGUARDO_PASSPHRASE');
    /* The control: with the file it does open. */
    expect((await run(withSecret('vault', 'info', 'v-real'))).code).toBe(0);
  });

  it('comes from a descriptor, too', async () => {
    await run(withSecret('vault', 'create', 'v-fd', '--practice', '--owner', 'Ana', ...CHEAP));
    expect(
      (await run(['vault', 'info', 'v-fd', '--passphrase-fd', '3'], { fd3: `${PASSPHRASE}\n` })).code,
    ).toBe(0);
    expect((await run(['vault', 'info', 'v-fd', '--passphrase-fd', '3'], { fd3: 'otra\n' })).code).toBe(1);
    expect((await run(['vault', 'info', 'v-fd', '--passphrase-fd', '3'], { fd3: '' })).code).toBe(2);
  });

  it('is asked for on a terminal without showing it', async () => {
    const exists = spawnSync('script', ['--version']).error === undefined;
    if (!exists) {
      if (process.env['CI'] === 'true') throw new Error('script (bsdutils) is missing');
      return;
    }
    const command = `${process.execPath} ${program} vault info ${join(folder, 'v-fd')}`;
    const shown = await new Promise<{ code: number | null; text: string }>((resolve) => {
      const child = spawn('script', ['-qec', command, '/dev/null'], {
        env: environment({ TERM: 'dumb', SHELL: '/bin/sh' }),
      });
      let text = '';
      let answered = false;
      child.stdout.on('data', (part: Buffer) => {
        text += part.toString();
        if (!answered && text.includes('Frase de acceso')) {
          answered = true;
          child.stdin.write(`${PASSPHRASE}\r`);
        }
      });
      child.on('close', (code) => resolve({ code, text }));
    });
    expect(shown.code).toBe(0);
    expect(shown.text).toContain('Argon2id');
    for (const word of PASSPHRASE.split(' ')) expect(shown.text).not.toContain(word);
  });
});

describe('a practice vault', () => {
  const vault = (): string => join(folder, 'v');
  const here = (...args: string[]): string[] => withSecret(...args, '--vault', vault());

  beforeAll(async () => {
    const made = await run(
      withSecret('vault', 'create', vault(), '--practice', '--owner', 'Ana Prueba', ...CHEAP),
    );
    expect(made.code).toBe(0);
  });

  it('is made for its owner only', () => {
    expect(statSync(vault()).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(vault())) expect(statSync(join(vault(), name)).mode & 0o077).toBe(0);
  });

  it('does not open with another passphrase, and says so in both languages', async () => {
    const wrong = join(folder, 'wrong');
    writeFileSync(wrong, 'otras palabras cualesquiera del monte', { mode: 0o600 });
    const spanish = await run(['vault', 'info', vault(), '--passphrase-file', wrong]);
    const english = await run(['vault', 'info', vault(), '--passphrase-file', wrong, '--language', 'en']);
    expect([spanish.code, english.code]).toEqual([1, 1]);
    expect(spanish.stdout + english.stdout).toBe('');
    expect(spanish.stderr).not.toBe(english.stderr);
  });

  it('tells about itself', async () => {
    const info = json(await run(here('vault', 'info', '--json'))) as {
      use: string;
      kdf: { ops: number };
      people: unknown[];
    };
    expect(info.use).toBe('practice');
    expect(info.kdf.ops).toBe(3);
    expect(info.people).toHaveLength(1);
  });

  const openCase = {
    code: 'EXP-2026-001',
    title: 'Taller de prueba',
    state: 'active',
    summary: '',
    openedDay: '2026-01-15',
    language: { kind: 'notAsked' },
    interpreter: 'notAsked',
    safeChannel: { medium: '', hours: '', avoid: '' },
    placeOrigin: '',
    placeRefuge: '',
  };

  it('answers any method of the contract, with JSON as an argument or on standard input', async () => {
    const made = await run(here('call', 'cases.open', '-'), { input: JSON.stringify(openCase) });
    expect([made.code, made.stderr]).toEqual([0, '']);
    const again = await run(here('call', 'cases.open', JSON.stringify(openCase)));
    expect(again.code).toBe(1);
    const list = json(await run(here('call', 'cases.list'))) as { total: number; rows: { code: string }[] };
    expect(list.rows.map(({ code }) => code)).toEqual(['EXP-2026-001']);
    const wrong = await run(here('call', 'cases.list', '{"limit":"many"}', '--json'));
    expect(wrong.code).toBe(1);
    expect((JSON.parse(wrong.stderr) as { error: { code: string; field: string } }).error).toMatchObject({
      code: 'call.invalidInput',
      field: 'limit',
    });
    expect((await run(here('call', 'cases.list', '{oops'))).code).toBe(2);
    const told = await run(here('call', 'cases.open', '{"title":7,"colour":"red"}'));
    expect(told.code).toBe(1);
    for (const line of ['falta: openedDay', 'no es válido: title', 'no existe ese campo: colour'])
      expect(told.stderr).toContain(line);
    expect(told.stderr).not.toContain('sigue aquí');
  });

  it('takes evidence in and gives the same bytes back', async () => {
    const files = join(folder, 'files');
    mkdirSync(files);
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 31) % 256));
    writeFileSync(join(files, 'grabación uno.bin'), bytes);
    writeFileSync(join(files, 'nota.txt'), 'La camioneta gris volvió a pasar.');
    const taken = await run(
      here('import', 'evidence', files, '--case', 'EXP-2026-001', '--from', 'Ana', '--json'),
    );
    expect([taken.code, taken.stderr]).toEqual([0, '']);
    const items = (json(taken) as { taken: { id: string; name: string }[] }).taken;
    expect(items.map(({ name }) => name)).toEqual(['grabación uno.bin', 'nota.txt']);
    const again = await run(here('import', 'evidence', join(files, 'nota.txt')));
    expect(again.code).toBe(0);
    expect(again.stderr).toContain(items[1]?.id);
    const out = join(folder, 'copia.bin');
    const got = await run(here('evidence', 'get', items[0]?.id ?? '', '--out', out));
    expect(got.code).toBe(0);
    expect(readFileSync(out).equals(bytes)).toBe(true);
    expect(statSync(out).mode & 0o077).toBe(0);
    expect((await run(here('evidence', 'get', items[0]?.id ?? '', '--out', out))).code).toBe(1);
    const detail = json(await run(here('call', 'evidence.get', JSON.stringify({ id: items[0]?.id })))) as {
      custody: { action: string }[];
      fromWords: string;
    };
    expect(detail.fromWords).toBe('Ana');
    expect(detail.custody.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['received', 'copied']),
    );
  });

  it('names the file that is refused and takes the others', async () => {
    const good = join(folder, 'buena.txt');
    writeFileSync(good, 'buena');
    const ran = await run(here('import', 'evidence', good, '--case', 'EXP-NO', '--json'));
    expect(ran.code).toBe(1);
    const missing = await run(here('import', 'evidence', 'no-hay.txt'));
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain('«no-hay.txt»');
  });

  it('tells the words that a dump in clear asks for', async () => {
    const wrong = await run(here('dump', '--out', join(folder, 'volcado'), '--plain', 'Práctica'));
    expect(wrong.code).toBe(1);
    for (const { es: words } of Object.values(DUMP_CONFIRMATIONS))
      expect(wrong.stderr).toContain(`«${words}»`);
    expect(existsSync(join(folder, 'volcado'))).toBe(false);
  });

  it('finds what was written, whatever the accents', async () => {
    const found = json(await run(here('search', 'CAMIONETA', '--json'))) as { hits: { kind: string }[] };
    expect(found.hits.map(({ kind }) => kind)).toContain('evidence');
    expect((json(await run(here('search', 'helicóptero', '--json'))) as { hits: unknown[] }).hits).toEqual(
      [],
    );
  });

  it('gives its children an environment without the passphrase', async () => {
    const photo = join(folder, 'foto.png');
    await sharp({ create: { width: 900, height: 700, channels: 3, background: '#884422' } })
      .png()
      .toFile(photo);
    const child = spawn(process.execPath, [program, 'import', 'evidence', photo, '--vault', vault()], {
      cwd: folder,
      env: environment({ RESGUARDO_PASSPHRASE: PASSPHRASE }),
    });
    const seen = new Map<number, string>();
    const childrenOf = (pid: number): number[] => {
      try {
        return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
          .trim()
          .split(' ')
          .filter(Boolean)
          .map(Number);
      } catch {
        return [];
      }
    };
    const look = (pid: number): void => {
      for (const one of childrenOf(pid)) {
        try {
          const command = readFileSync(`/proc/${one}/cmdline`, 'utf8');
          const environ = readFileSync(`/proc/${one}/environ`, 'utf8');
          // Between fork and exec a child still is its parent, for the kernel too; it is looked at again.
          if (command !== readFileSync(`/proc/${pid}/cmdline`, 'utf8')) seen.set(one, environ + command);
        } catch {
          /* It has ended between the two looks. */
        }
        look(one);
      }
    };
    const timer = setInterval(() => look(child.pid ?? 0), 4);
    const code = await new Promise((resolve) => child.on('close', resolve));
    clearInterval(timer);
    expect(code).toBe(0);
    if (process.platform !== 'linux') return;
    expect(seen.size).toBeGreaterThan(0);
    for (const text of seen.values()) {
      expect(text).not.toContain('RESGUARDO_');
      expect(text).not.toContain('faro');
    }
  });

  it('lets a package out only after everything was decided and read, and checks it without a vault', async () => {
    const { rows } = json(await run(here('call', 'cases.list'))) as { rows: { id: string }[] };
    const caseId = rows[0]?.id;
    const person = await run(here('call', 'persons.record', '-'), {
      input: JSON.stringify({ name: 'Eduviges Tlatoani Prado', caseId }),
    });
    expect(person.code).toBe(0);
    const incident = await run(here('call', 'incidents.record', '-'), {
      input: JSON.stringify({
        caseId,
        happened: { kind: 'day', day: '2026-03-01' },
        narrative: 'Eduviges Tlatoani Prado recibió una llamada.',
      }),
    });
    expect(incident.code).toBe(0);
    const out = join(folder, 'salida');
    const args = ['export', '--case', 'EXP-2026-001', '--profile', 'public', '--out', out];
    const undecided = await run(here(...args));
    expect(undecided.code).toBe(1);
    const unread = await run(here(...args, '--withhold-undecided'));
    expect(unread.code).toBe(1);
    expect(existsSync(out) ? readdirSync(out) : []).toEqual([]);
    const alone = await run(here(...args, '--withhold-undecided', '--inventory-read'));
    expect([alone.code, alone.stdout]).toEqual([1, '']);
    const id = /--export ([0-9a-f-]{36})/u.exec(alone.stderr)?.[1] ?? '';
    expect(alone.stderr).toContain('--second-passphrase-file');
    expect(existsSync(out)).toBe(false);
    // Whoever types what the refusal says gets what they began: for her key, in this form.
    const forHer = ['--recipient', AGE_KEY, '--form', 'filing'];
    const stopped = await run(here('export', '--export', id, '--out', out, '--inventory-read', ...forHer));
    expect(stopped.stderr).toContain(`--export ${id} --form filing --recipient ${AGE_KEY} --inventory-read`);
    // What the refusal names goes on from there.
    expect(alone.stderr).toContain(`--export ${id} --inventory-read y --emergency`);
    const done = await run(
      here('export', '--export', id, '--out', out, '--inventory-read', '--emergency', 'prueba'),
    );
    expect(done.code).toBe(0);
    expect(done.stdout).toMatch(/^Sin firma: .*--sign/mu);
    const [name] = readdirSync(out);
    const archive = join(out, name ?? '');
    const bytes = readFileSync(archive);
    expect(bytes.includes(Buffer.from('Tlatoani'))).toBe(false);
    const good = await run(['verify', archive, '--json']);
    expect(json(good)).toMatchObject({ intact: true, authentic: null, signed: false });
    expect(good.code).toBe(0);
    const told = await run(['verify', archive]);
    expect(told.stdout).toContain('no está firmado');
    expect(told.stdout).not.toContain('--key');
    const changed = join(folder, 'changed.zip');
    const place = bytes.indexOf('BagIt-Version');
    writeFileSync(
      changed,
      Buffer.concat([bytes.subarray(0, place), Buffer.from('B_g'), bytes.subarray(place + 3)]),
    );
    expect((await run(['verify', changed])).code).toBe(1);
    expect((await run(['verify', join(folder, 'secret')])).code).toBe(1);
  });

  it('is approved by a second person at the same terminal, and signed where that is asked for', async () => {
    const second = command.secret('secret-bea', 'barro cumbre lince pardo vela junco\n');
    const added = await run(
      here('slots', 'add', '--name', 'Nayeli', '--preset', 'coordination', '--new-passphrase-file', second),
    );
    expect(added.code).toBe(0);
    const out = join(folder, 'firmada');
    const args = ['export', '--case', 'EXP-2026-001', '--profile', 'public', '--out', out, '--sign'];
    const ready = ['--withhold-undecided', '--inventory-read', '--second-passphrase-file'];
    const self = await run(here(...args, ...ready, secret));
    expect(self.code).toBe(1);
    expect(existsSync(out)).toBe(false);
    const done = await run(here(...args, ...ready, second));
    expect([done.code, done.stderr.includes('Falta')]).toEqual([0, false]);
    // Nobody approves blind, and no log of a script gets the names.
    expect(done.stderr).toMatch(/^Lo que se aprueba: .*EXP-2026-001.*como paquete/mu);
    expect(done.stderr).toMatch(/^Saldrá sin cifrar/mu);
    expect(done.stderr).toMatch(/^Nombres, números, lugares y fechas que se podrán leer: [1-9]/mu);
    expect(done.stderr).not.toContain('palabra  ');
    expect(done.stdout).toMatch(/^Sin cifrar: /mu);
    const key = /^Firmada\. .*: ([A-Za-z0-9+/=]{56})\./mu.exec(done.stdout)?.[1] ?? '';
    const archive = join(out, readdirSync(out)[0] ?? '');
    expect(json(await run(['verify', archive, '--key', key, '--json']))).toMatchObject({ authentic: true });
    expect((await run(['verify', archive])).stdout).toContain('--key');
    expect((await run(here(...args, '--unsigned'))).code).toBe(2);
  });

  it('is whole, and a changed byte is found', async () => {
    const good = await run(here('vault', 'check', '--json'));
    expect(good.code).toBe(0);
    expect((json(good) as { ok: boolean; checked: { objects: number } }).checked.objects).toBeGreaterThan(0);
    const objects = readdirSync(join(vault(), 'objects'), { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile(),
    );
    const [first] = objects;
    if (first === undefined) throw new Error('no object was written');
    const path = join(first.parentPath, first.name);
    const bytes = readFileSync(path);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 40) ^ 1, bytes.length - 40);
    chmodSync(path, 0o600);
    writeFileSync(path, bytes);
    const bad = await run(here('vault', 'check', '--json'));
    expect(bad.code).toBe(1);
    expect((json(bad) as { findings: { part: string }[] }).findings.map(({ part }) => part)).toContain(
      'objects',
    );
  });
});
