import { afterEach, expect, it } from 'vitest';
import type { ExportView } from '#shared/contract/exports.ts';
import { closePage, openPage } from '../../testing/open-page.tsx';
import { AlteredPanel } from './AlteredPanel.tsx';

afterEach(closePage);

const examination = (device: string, leftOut: boolean) => ({
  examinationId: device,
  device,
  deviceKind: 'phone',
  comparedAt: ['2026-11-20T18:00:00.000Z'],
  findings: 2,
  leftOut,
});
const told = async (...altered: ReturnType<typeof examination>[]): Promise<string> => {
  const view = { id: 'one', state: 'deciding', digital: { altered } } as unknown as ExportView;
  await openPage(() => <AlteredPanel view={view} />);
  return document.querySelector('[role="alert"], [role="status"]')?.textContent ?? '';
};

it.each([
  [[false], '1 examen detiene esta salida', 'seguir sin ese examen'],
  [[false, false], '2 exámenes detienen esta salida', 'seguir sin esos exámenes'],
  // Of two, one was left out: only the other stops.
  [[true, false], '1 examen detiene esta salida', 'seguir sin ese examen'],
  [[true], 'Sin 1 examen alterado', 'Nada de ese examen sale'],
  [[true, true], 'Sin 2 exámenes alterados', 'Nada de esos exámenes sale'],
])('of altered examinations that are left out as %j it is told how many stop', async (out, title, text) => {
  const words = await told(...out.map((leftOut, at) => examination(`Teléfono ${String(at)}`, leftOut)));
  expect(words).toContain(title);
  expect(words).toContain(text);
});
