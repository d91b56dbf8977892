import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toPlainText } from '#shared/model/filing-text.ts';
import { DOCX_PARTS, filingWords, renderDocx } from '../../electron/core/features/filings/render/index.ts';
import { describeWith, run, scratch } from './outside-command.ts';
import { sampleFiling } from './sample-filing.ts';

const bare = (text: string): string => text.replace(/\s+/gu, '');

describeWith(['soffice', 'pdftotext', 'unzip'], 'DOCX against LibreOffice', () => {
  const folder = scratch();
  afterAll(() => folder.dispose());
  const file = folder.join('filing.docx');
  beforeAll(async () => {
    writeFileSync(file, await renderDocx(sampleFiling));
    mkdirSync(folder.join('profile'));
    const profile = `-env:UserInstallation=file://${folder.join('profile')}`;
    run('soffice', [profile, '--headless', '--convert-to', 'pdf', '--outdir', folder.path, file]);
    run('soffice', [
      profile,
      '--headless',
      '--convert-to',
      'txt:Text (encoded):UTF8',
      '--outdir',
      folder.path,
      file,
    ]);
  });

  it('opens as a PDF with exactly the plain text', () => {
    const raw = run('pdftotext', [
      '-raw',
      '-x',
      '0',
      '-y',
      '60',
      '-W',
      '612',
      '-H',
      '650',
      folder.join('filing.pdf'),
      '-',
    ]);
    const heading = bare('Fecha Hecho Denuncia Días Anexo');
    const [first, ...more] = bare(raw).split(heading);
    // The heading row is marked as one: it is repeated on every page that the table runs over.
    expect(more.length).toBeGreaterThan(2);
    expect(`${first ?? ''}${heading}${more.join('')}`).toBe(
      bare(toPlainText(sampleFiling, filingWords('es'))),
    );
  });

  it('has page numbers and the binding to the text on each page', () => {
    const text = bare(run('pdftotext', ['-raw', folder.join('filing.pdf'), '-']));
    expect(text).toMatch(/Página1de\d/);
    expect(text.split(bare(`Folio ${sampleFiling.folio}`)).length).toBeGreaterThan(5);
  });

  it('consists of the allowed parts alone and names nobody', () => {
    const names = run('unzip', ['-Z1', file]).trim().split('\n');
    expect(names).toEqual([...DOCX_PARTS]);
    const all = names.map((name) => run('unzip', ['-p', file, name.replace('[', '\\[')])).join('\n');
    expect(all).not.toMatch(/rsid|docId|paraId|Un-named|docx|w:author|comment/i);
    expect(run('unzip', ['-p', file, 'docProps/core.xml'])).toContain(
      '<dc:creator></dc:creator><cp:lastModifiedBy></cp:lastModifiedBy>',
    );
    expect([...all.matchAll(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g)].map(([day]) => day)).toEqual([
      '2026-11-22T00:00:00Z',
      '2026-11-22T00:00:00Z',
    ]);
    run('unzip', ['-t', file]);
  });

  it('uses styles and real numbering, so that a lawyer can go on writing', () => {
    const xml = run('unzip', ['-p', file, 'word/document.xml']);
    for (const style of ['Heading1', 'Fact', 'TableText', 'Quote', 'BodyText', 'Title']) {
      expect(xml).toContain(`<w:pStyle w:val="${style}"/>`);
    }
    expect(xml).toContain('<w:tblHeader/>');
    const styles = run('unzip', ['-p', file, 'word/styles.xml']);
    for (const [, used] of xml.matchAll(/<w:[pr]Style w:val="([^"]+)"/g))
      expect(styles).toContain(`w:styleId="${used ?? ''}"`);
  });
});
