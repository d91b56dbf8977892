import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const PAGES = ['renderer/index.html', 'renderer/unlock.html'] as const;

it.each(PAGES)('%s offers its text to no translation service', (page) => {
  const html = readFileSync(join(import.meta.dirname, '../..', page), 'utf8');
  expect(html).toMatch(/<html [^>]*translate="no"/u);
  expect(html).toContain('<meta name="google" content="notranslate" />');
});
