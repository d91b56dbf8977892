import { afterEach, expect, it } from 'vitest';
import { closePage, openPage } from '../../testing/open-page.tsx';
import { NoTraces } from './Cautions.tsx';

afterEach(closePage);

it('a withdrawn comparison is not told as one that never was', async () => {
  await openPage(() => <NoTraces checked={false} withdrawn />, {});
  expect(document.body.textContent).toContain('no era de este dispositivo');
  expect(document.body.textContent).not.toContain('Todavía no se ha cotejado');
  await openPage(() => <NoTraces checked={false} withdrawn={false} />, {});
  expect(document.body.textContent).toContain('Todavía no se ha cotejado');
});
