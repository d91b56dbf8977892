import { act, useState, type JSX } from 'react';
import { afterEach, expect, it } from 'vitest';
import type { EvidenceId } from '#shared/model/ids.ts';
import { DraftEngine } from '../../testing/draft-engine.ts';
import { closePage, openPage, press, type } from '../../testing/open-page.tsx';
import { errorWords } from '../../lib/use-error-text.ts';
import { DeleteEvidence } from './DeleteEvidence.tsx';

afterEach(closePage);

const OPEN = 'Borrar para siempre…';
const ACTION = 'Borrar para siempre';
let engine: DraftEngine;
/** The page learns that the item is gone while the dialog still stands. */
let learns: () => void = () => undefined;
function Page(): JSX.Element {
  const [gone, setGone] = useState(false);
  learns = () => setGone(true);
  return <DeleteEvidence id={'evidence' as EvidenceId} title="resultados.tar" gone={gone} />;
}
const open = async (found: Record<string, unknown> = {}, powers = ['keys']): Promise<void> => {
  engine = new DraftEngine();
  engine.answers.set('vault.status', { actor: { powers } });
  engine.answers.set('evidence.deletePreview', {
    ...{ title: 'resultados.tar', sizeBytes: 10, incidents: 0, consents: 0, disclosures: [], backups: [] },
    compared: [],
    ...found,
  });
  engine.answers.set('evidence.delete', {
    backups: [{ kind: 'backup', place: 'memoria-azul', at: '2026-11-20T10:00:00.000Z', reachable: true }],
    removed: true,
  });
  await openPage(Page, {}, { engine });
};
const fields = (): HTMLInputElement[] => [
  ...document.querySelectorAll<HTMLInputElement>('[role="dialog"] input'),
];
const button = (name: string): HTMLButtonElement | undefined =>
  [...document.querySelectorAll('button')].find((one) => one.textContent === name);
const asked = (): unknown[] =>
  engine.asked.filter(({ method }) => method === 'evidence.delete').map(({ input }) => input);

it('is offered to nobody who may not', async () => {
  await open({}, ['write']);
  expect(button(OPEN)).toBeUndefined();
});

it('deletes after reason, ground and word were written, and says so', async () => {
  await open({ incidents: 1 });
  await press(OPEN);
  expect(document.body.textContent).toContain('1 incidente la muestra.');
  for (const [at, words] of ['carpeta equivocada', 'llegó por error', 'otra cosa'].entries())
    await type(fields()[at] as HTMLInputElement, words);
  expect(button(ACTION)?.disabled).toBe(true);
  await type(fields()[2] as HTMLInputElement, 'Borrar');
  await press(ACTION);
  expect(asked()).toEqual([
    {
      ...{ evidenceId: 'evidence', reason: 'carpeta equivocada', legalBasis: 'llegó por error' },
      typed: 'Borrar',
      notOf: [],
    },
  ]);
  act(learns);
  expect(document.querySelector('[role="dialog"]')?.textContent).toContain('La evidencia se borró');
  expect(document.body.textContent).toContain('memoria-azul');
  await press('Cerrar');
  expect(document.body.textContent).toContain(errorWords('es', 'evidence.deleted'));
  expect(button(OPEN)).toBeUndefined();
});

it('asks of each device with which it was compared whether it was its own, and takes no answer for granted', async () => {
  await open({
    compared: [
      { deviceId: 'propio', device: 'Lumina L7', kind: 'phone' },
      { deviceId: 'ajeno', device: '', kind: 'tablet' },
    ],
  });
  await press(OPEN);
  const said = document.querySelector('[role="dialog"]')?.textContent;
  expect(said).toContain('¿Estos resultados eran de «Lumina L7»?');
  expect(said).toContain('¿Estos resultados eran de «Tableta»?');
  const [reason, basis, typed] = fields().filter((one) => one.type !== 'radio');
  for (const [field, words] of [
    [reason, 'carpeta equivocada'],
    [basis, 'llegó por error'],
    [typed, 'borrar'],
  ] as const)
    await type(field as HTMLInputElement, words);
  const choose = (device: number, answer: 'own' | 'other'): void => {
    const radios = [...document.querySelectorAll<HTMLInputElement>('input[type="radio"]')].filter(
      (one) => one.value === answer,
    );
    act(() => radios[device]?.click());
  };
  expect(document.querySelectorAll('input[type="radio"]:checked')).toHaveLength(0);
  choose(0, 'own');
  expect(button(ACTION)?.disabled).toBe(true);
  choose(1, 'other');
  await press(ACTION);
  expect(asked()).toMatchObject([{ notOf: ['ajeno'] }]);
});

it('does not say that a file is gone which the disk kept', async () => {
  await open();
  engine.answers.set('evidence.delete', { backups: [], removed: false });
  await press(OPEN);
  for (const [at, words] of ['carpeta equivocada', 'llegó por error', 'borrar'].entries())
    await type(fields()[at] as HTMLInputElement, words);
  await press(ACTION);
  const said = document.querySelector('[role="dialog"]')?.textContent;
  expect(said).toContain('Su llave ya no está en esta bóveda.');
  expect(said).toContain('Se intenta de nuevo en el próximo inicio');
  expect(said).not.toContain('ya no existen');
});

it('does not begin where a consent rests on it', async () => {
  await open({ consents: 2 });
  await press(OPEN);
  expect(document.body.textContent).toContain('2 consentimientos se apoyan en ella');
  expect(fields()).toEqual([]);
  expect(button(ACTION)).toBeUndefined();
});
