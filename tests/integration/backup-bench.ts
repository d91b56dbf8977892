import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CallOutput } from '#shared/contract/index.ts';
import type { Ports } from '../../electron/core/ports/index.ts';
import { Bench, PASSPHRASE } from './harness.ts';

/** What tests of backups and restores share: one vault at a time, and the folders that stand for its sticks. */
export const SECRET = { kind: 'passphrase', passphrase: PASSPHRASE } as const;

let bench: Bench;

/** A fresh vault with a profile, which the functions below work on. The caller ends it. */
export const freshBench = async (ports: Partial<Ports> = {}): Promise<Bench> => {
  bench = new Bench({ profile: true, ports });
  mkdirSync(join(bench.folder, 'profile'));
  return bench.create();
};

export const targetPath = (name = 'usb'): string => join(bench.folder, name);

export const newTarget = (name = 'usb') => {
  mkdirSync(targetPath(name), { recursive: true });
  return bench.outTarget('targetFolder', targetPath(name));
};

export const openCase = (code: string): Promise<CallOutput<'cases.open'>> =>
  bench.call('cases.open', {
    code,
    title: `Caso ${code}`,
    state: 'active',
    summary: '',
    openedDay: '2026-03-01',
    language: { kind: 'notAsked' },
    interpreter: 'needed',
    safeChannel: { medium: '', hours: '', avoid: '' },
    placeOrigin: '',
    placeRefuge: '',
  });

export const codeOf = (work: Promise<unknown>): Promise<string | null> =>
  work.then(
    () => null,
    (thrown: unknown) => (thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown)),
  );

export const back = (name = 'usb') => bench.call('backup.run', { target: newTarget(name) });

/** Everything below a folder, byte for byte. */
export const contentOf = (root: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(root.length), readFileSync(path).toString('base64')]),
  );

/** Takes a file of the given bytes into the vault; gives the id of the evidence. */
export const takeFile = async (name: string, bytes: Buffer): Promise<string> => {
  const path = join(bench.folder, name);
  writeFileSync(path, bytes);
  const { id } = await bench.call('evidence.take', { source: bench.fileTarget(path) });
  rmSync(path);
  return id;
};

/** What a restore from `usb` into the vault's own folder asks for. */
export const restoreInput = (name = 'usb') => ({
  source: bench.outTarget('targetFolder', targetPath(name)),
  secret: SECRET,
  folder: bench.vaultTarget('create'),
});

/** Locks the vault and puts its folder out of the way; the lost one can be named by what is given. */
export const loseVault = async () => {
  await bench.call('vault.lock', {});
  cpSync(bench.vaultFolder, targetPath('perdida'), { recursive: true });
  rmSync(bench.vaultFolder, { recursive: true });
  return bench.outTarget('targetFolder', targetPath('perdida'));
};

/** Draws recovery pages, types them back as a person does, and gives their words. */
const drawPages = async (ticket: string): Promise<string[]> => {
  const own = { passphrase: PASSPHRASE };
  const shown = await bench.call('slots.draw', { ticket, own });
  const page = (n: number) => shown.pages.find((one) => one.page === n)?.words ?? [];
  await bench.call('slots.confirm', {
    ticket,
    asked: shown.ask.map((one) => page(one.page)[one.word - 1] ?? ''),
    retyped: page(shown.retype).join(' '),
  });
  return shown.pages.map((one) => one.words.join(' '));
};

/** 24 recovery words that open the vault. */
export const recoveryWords = async (): Promise<string> => {
  const { ticket } = await bench.call('slots.prepare', {
    purpose: 'slots.addWords',
    name: 'Sobre',
    language: 'es',
  });
  return (await drawPages(ticket))[0] ?? '';
};

/** Pages of which `needed` open the vault. */
export const recoveryPages = async (needed: number, pages: number): Promise<string[]> => {
  const { ticket } = await bench.call('slots.prepare', {
    purpose: 'slots.addShares',
    name: 'Hojas',
    language: 'es',
    needed,
    pages,
  });
  return drawPages(ticket);
};
