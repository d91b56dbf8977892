import { expect, test, vi } from 'vitest';
import { renderDocx } from './docx.ts';

/* An update in place took away the writer that is loaded by the first document. */
vi.mock('docx', () => {
  throw new Error('ERR_MODULE_NOT_FOUND');
});

test('a document whose writer cannot be loaded says to start again', async () => {
  const document = {
    language: 'es' as const,
    title: 'Título',
    folio: 'SAL-7',
    day: '2026-11-22',
    addressee: [],
    head: [],
    sections: [{ id: 'one', heading: 'Primero', blocks: [] }],
    closing: [],
    annexes: [],
  };
  await expect(renderDocx(document)).rejects.toMatchObject({ code: 'call.programChanged' });
});
