import { afterEach, expect, it } from 'vitest';
import type { ExaminationId } from '#shared/model/surveillance-ids.ts';
import { closePage, openPage, press } from '../../testing/open-page.tsx';
import { ImportPanel } from './ImportPanel.tsx';

afterEach(closePage);

it('what an import says is brought in front of whoever waited for it', async () => {
  const seen: (string | null)[] = [];
  // Nothing is laid out here, so that nothing can be scrolled either.
  Element.prototype.scrollIntoView = function (this: Element): void {
    seen.push(this.textContent);
  };
  await openPage(() => <ImportPanel examinationId={'examination' as ExaminationId} pending={false} first />, {
    'imports.phone': {
      ...{ evidenceId: 'evidence', sha256: 'b'.repeat(64), sizeBytes: 10, container: 'tar' },
      ...{ preservedOnly: false, runId: null, records: 0, sets: [], reasons: [], files: [], infos: [] },
      unread: 0,
      findings: { stored: 0, byTool: 0, newSinceTool: 0, known: 0 },
      fileCounts: { read: 0, partly: 0, notRead: 1 },
      ...{ shortened: 0, sameAs: null, leftOut: 0, recognised: true },
    } as never,
  });
  expect(seen).toEqual([]);
  await press('Elegir una carpeta');
  expect(seen).toHaveLength(1);
  expect(seen[0]).toContain('No se comparó nada');
});
