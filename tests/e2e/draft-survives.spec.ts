import { join } from 'node:path';

import { EmergencyPage } from '../pages/emergency-page.ts';
import { IncidentForm } from '../pages/incident-form.ts';
import { MainPage } from '../pages/main-page.ts';
import { UnlockPage } from '../pages/unlock-page.ts';
import { wordsOf } from '../pages/words.ts';

import { createVault, PASSPHRASE } from './support/bridge.ts';
import { waitFor } from './support/host.ts';
import { enginePid, lives } from './support/processes.ts';
import { expect, test } from './support/test.ts';

/** What somebody was writing when the power went: at most two seconds of it are lost. */
const MOST_LOST_MS = 2_000;
const SENTENCE =
  'Están golpeando la puerta de la cabina y gritan que salga la locutora, son tres y uno graba ';

const words = wordsOf('es');
const { t } = words;

for (const form of ['incident', 'emergency'] as const) {
  test(`a half written ${form} outlives an engine that is killed in mid-sentence`, async ({
    launch,
    folder,
  }) => {
    test.setTimeout(150_000);
    const app = await launch();
    let page = await createVault(app, join(folder, 'vault'));
    await new MainPage(page, words).heading(t('today:title')).waitFor();
    await page.keyboard.press(form === 'incident' ? 'F2' : 'Shift+F2');
    const field =
      form === 'incident'
        ? (await new IncidentForm(page, words).opened()).what
        : (await new EmergencyPage(page, words).opened()).what;
    await field.focus();

    const typedAt: number[] = [];
    const startMs = performance.now();
    while (performance.now() - startMs < 6_000) {
      typedAt.push(performance.now());
      await page.keyboard.type(SENTENCE[(typedAt.length - 1) % SENTENCE.length] ?? ' ');
      await page.waitForTimeout(25);
    }
    const engine = await enginePid(app);
    const killedMs = performance.now();
    process.kill(engine, 'SIGKILL');
    await waitFor(() => (lives(engine) ? null : true), 'the engine to end');

    const unlock = await app.window('unlock');
    await expect(unlock.getByRole('alert')).toContainText(words.error('call.engineStopped'));
    await new UnlockPage(unlock, words).unlock(PASSPHRASE);
    page = await app.window('main');
    const drafts = page.getByRole('region', { name: t('today:drafts') });
    await drafts.getByRole('button', { name: t('today:goOn') }).click();
    const again =
      form === 'incident'
        ? (await new IncidentForm(page, words).opened()).what
        : (await new EmergencyPage(page, words).opened()).what;
    const kept = await again.inputValue();
    const typed = SENTENCE.repeat(Math.ceil(typedAt.length / SENTENCE.length)).slice(0, typedAt.length);
    expect(typed.startsWith(kept), 'what is kept is what was typed').toBe(true);
    const firstLostMs = typedAt[kept.length] ?? killedMs;
    expect(killedMs - firstLostMs, `${kept.length} of ${typed.length} letters`).toBeLessThanOrEqual(
      MOST_LOST_MS,
    );
  });
}
