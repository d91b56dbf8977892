import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadPackageFonts } from '../../electron/core/ports/node/package-fonts.ts';
import { DOCX_PARTS, renderDocx, renderPdf } from '../../electron/core/features/filings/render/index.ts';
import { describeWith, run, scratch } from './outside-command.ts';
import { sampleFiling } from './sample-filing.ts';
import { seededRandom } from './seeded-random.ts';

/** Lines about the file on this disk and the tool itself, which are not in the file. */
const isOfTheFile = (line: string): boolean => !/^\[(System|ExifTool)\]/.test(line);
const facts = (path: string): string[] =>
  run('exiftool', ['-a', '-G1', '-s', path])
    .trim()
    .split('\n')
    .filter(isOfTheFile)
    .map((line) => line.replace(/\s+/g, ' '));

describeWith(['exiftool', 'unzip'], 'metadata of filings against exiftool', () => {
  const folder = scratch();
  afterAll(() => folder.dispose());
  beforeAll(async () => {
    const ports = { random: seededRandom('exif'), loadFonts: loadPackageFonts };
    writeFileSync(folder.join('filing.pdf'), (await renderPdf(sampleFiling, ports)).bytes);
    writeFileSync(folder.join('filing.docx'), await renderDocx(sampleFiling));
  });

  it('a PDF tells title, language, conformance, one day, and nothing else', () => {
    expect(facts(folder.join('filing.pdf'))).toEqual([
      '[File] FileType : PDF',
      '[File] FileTypeExtension : pdf',
      '[File] MIMEType : application/pdf',
      '[PDF] PDFVersion : 1.7',
      '[PDF] Linearized : No',
      '[PDF] PageCount : 6',
      '[PDF] Language : es-MX',
      '[PDF] TaggedPDF : Yes',
      '[PDF] PageMode : UseOutlines',
      '[PDF] CreateDate : 2026:11:22 00:00:00Z',
      '[PDF] Title : Solicitud de medidas cautelares',
      '[XMP-pdfaid] Part : 2',
      '[XMP-pdfaid] Conformance : A',
      '[XMP-dc] Title : Solicitud de medidas cautelares',
      '[XMP-dc] Language : es-MX',
      '[XMP-xmp] CreateDate : 2026:11:22 00:00:00Z',
    ]);
  });

  it('a DOCX tells title, language, one day, and nobody', () => {
    const all = facts(folder.join('filing.docx'));
    expect(all.filter((line) => !/^\[(?:ZIP|File)\]/.test(line))).toEqual([]);
    writeFileSync(
      folder.join('core.xml'),
      run('unzip', ['-p', folder.join('filing.docx'), 'docProps/core.xml']),
    );
    expect(facts(folder.join('core.xml')).filter((line) => !/xmlns|schemaLocation/i.test(line))).toEqual([
      '[File] FileType : XML',
      '[File] FileTypeExtension : xml',
      '[File] MIMEType : application/xml',
      '[XMP-cp] CorePropertiesTitle : Solicitud de medidas cautelares',
      '[XMP-cp] CorePropertiesCreator : ',
      '[XMP-cp] CorePropertiesLastModifiedBy : ',
      '[XMP-cp] CorePropertiesCreatedType : dcterms:W3CDTF',
      '[XMP-cp] CorePropertiesCreated : 2026:11:22 00:00:00Z',
      '[XMP-cp] CorePropertiesModifiedType : dcterms:W3CDTF',
      '[XMP-cp] CorePropertiesModified : 2026:11:22 00:00:00Z',
      '[XMP-cp] CorePropertiesLanguage : es-MX',
    ]);
    const dates = all.filter((line) => line.includes('ModifyDate') && line.startsWith('[ZIP]'));
    expect(dates).toHaveLength(DOCX_PARTS.length);
    for (const date of dates) expect(date).toBe('[ZIP] ZipModifyDate : 1980:01:01 00:00:00');
    const names = all.filter((line) => line.startsWith('[ZIP] ZipFileName'));
    expect(names).toEqual(DOCX_PARTS.map((name) => `[ZIP] ZipFileName : ${name}`));
  });
});
