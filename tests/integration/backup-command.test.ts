import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BuiltCommand, type Ran } from '../support/built-command.ts';

/* The built command as a child process, from a vault to a stick and back. */

let folder = '';
let command: BuiltCommand;

const run = (...args: readonly string[]): Promise<Ran> =>
  command.run([...args, '--passphrase-file', join(folder, 'secret')]);

beforeAll(async () => {
  command = await BuiltCommand.make('backup-command', 'es_MX.UTF-8');
  folder = command.folder;
  command.secret('secret', 'faro niebla cobre tejado luna\n');
  mkdirSync(join(folder, 'usb'));
}, 120_000);
afterAll(() => {
  command.end();
});

it('runs, lists, verifies, rehearses, plans and restores', async () => {
  const vault = ['--vault', join(folder, 'vault')];
  const usb = join(folder, 'usb');
  const made = await run(
    'vault',
    'create',
    join(folder, 'vault'),
    '--practice',
    '--owner',
    'Ana',
    '--kdf-passes',
    '3',
    '--kdf-memory-mib',
    '64',
  );
  expect(made).toMatchObject({ code: 0 });
  const ran = await run('backup', 'run', ...vault, '--to', usb);
  expect(ran).toMatchObject({ code: 0 });
  expect(ran.stdout).toContain('Respaldo hecho');
  expect(ran.stdout).toContain('mismo disco');
  const listed = await run('backup', 'list', ...vault, '--json');
  const { targets } = JSON.parse(listed.stdout) as { targets: { id: string; snapshots: unknown[] }[] };
  expect(targets).toHaveLength(1);
  const id = targets[0]?.id ?? '';
  // Nothing is late a minute after the first backup: it was not done yet.
  const before = await run('backup', 'list', ...vault);
  expect(before.stdout).toContain('Ningún respaldo se ha verificado todavía');
  expect(await run('backup', 'verify', ...vault, '--to', id)).toMatchObject({ code: 0 });
  expect((await run('backup', 'list', ...vault)).stdout).toContain('Nunca se ha ensayado');
  const rehearsed = await run('backup', 'rehearse', ...vault, '--to', usb);
  expect(rehearsed.stdout).toContain('Ensayo logrado');
  const seen = await run('backup', 'inspect', usb, '--json');
  expect((JSON.parse(seen.stdout) as { use: string }).use).toBe('practice');
  const out = join(folder, 'restaurada');
  const plan = await run('backup', 'restore', usb, '--out', out, '--json');
  expect(plan).toMatchObject({ code: 0 });
  const { confirmDay, planCode } = JSON.parse(plan.stdout) as { confirmDay: string; planCode: string };
  expect(existsSync(out)).toBe(false);
  expect(await run('backup', 'restore', usb, '--out', out, '--confirm', confirmDay)).toMatchObject({
    code: 2,
  });
  const shown = await run('backup', 'restore', usb, '--out', out);
  // Nothing newer was named: only what can work is offered, and nobody claims to have looked at this computer.
  expect(shown.stdout).toContain(`--confirm ${confirmDay} --bring-back`);
  expect(shown.stdout).not.toContain('--apply');
  expect(shown.stdout).toContain('--newer');
  expect(shown.stdout).not.toContain('no conoce');
  const confirmed = ['backup', 'restore', usb, '--out', out, '--confirm', confirmDay];
  // To apply a list takes the code of that list, and the code of another one is no word for this.
  expect(await run(...confirmed, '--apply')).toMatchObject({ code: 2 });
  const uncompared = await run(...confirmed, '--apply', '--plan', planCode);
  expect(uncompared).toMatchObject({ code: 1 });
  expect(uncompared.stderr).toMatch(/--newer.*--bring-back/u);
  // Refused before anything is copied: no stage of it was begun.
  expect(uncompared.stderr).not.toContain('Copiando');
  const newer = ['--newer', join(folder, 'vault')];
  const compared = await run('backup', 'restore', usb, '--out', out, ...newer);
  expect(compared.stdout).toContain('No volvería nada');
  // What it was compared with says how many changes came after the copy, though no memory of this computer was asked.
  expect(compared.stdout).toMatch(/Cambios posteriores a esta copia: [1-9]/u);
  expect(compared.stdout).not.toContain('No se sabe');
  expect(compared.stdout).toMatch(/--plan [0-9a-f]{12} --apply/u);
  const another = await run(...confirmed, ...newer, '--apply', '--plan', '0123456789ab');
  expect(another).toMatchObject({ code: 1 });
  expect(another.stderr).toContain('ya no es lo que se te mostró');
  expect(existsSync(out)).toBe(false);
  const absent = await run('backup', 'run', ...vault, '--to', join(folder, 'sin-memoria'));
  expect(absent).toMatchObject({ code: 1 });
  expect(absent.stderr).toContain(`No existe «${join(folder, 'sin-memoria')}»`);
  const wrong = await run('backup', 'restore', usb, '--out', out, '--confirm', '2001-01-01', '--bring-back');
  expect(wrong).toMatchObject({ code: 1 });
  const done = await run('backup', 'restore', usb, '--out', out, '--confirm', confirmDay, '--bring-back');
  expect(done).toMatchObject({ code: 0 });
  expect(await run('vault', 'check', out)).toMatchObject({ code: 0 });
  const nothing = await run('backup', 'inspect', folder);
  expect(nothing).toMatchObject({ code: 1 });
  expect(nothing.stderr).toContain('no hay un respaldo');
}, 240_000);
