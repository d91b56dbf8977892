import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadPackageFonts } from '../../electron/core/ports/node/package-fonts.ts';
import { toPlainText } from '#shared/model/filing-text.ts';
import type { FilingDocument } from '#shared/model/filing-document.ts';
import {
  filingWords,
  renderPdf,
  renderReceiptSheet,
  renderSignatureSheet,
  textSha256,
} from '../../electron/core/features/filings/render/index.ts';
import type { RenderedPdf } from '../../electron/core/features/filings/render/index.ts';
import { describeWith, run, scratch } from './outside-command.ts';
import { sampleFiling } from './sample-filing.ts';
import { seededRandom } from './seeded-random.ts';

const words = filingWords('es');
const bare = (text: string): string => text.replace(/\s+/gu, '');
const ports = (): Parameters<typeof renderPdf>[1] => ({
  random: seededRandom('pdf'),
  loadFonts: loadPackageFonts,
});

/** Three pages: no contents page. */
const shortFiling: FilingDocument = {
  ...sampleFiling,
  sections: sampleFiling.sections.filter((one) => one.id !== 'facts'),
};

describeWith(['qpdf', 'pdftotext', 'pdffonts'], 'PDF/A-2a against qpdf and poppler', () => {
  const folder = scratch();
  afterAll(() => folder.dispose());
  let long: RenderedPdf;
  const file = folder.join('filing.pdf');
  beforeAll(async () => {
    long = await renderPdf(sampleFiling, ports());
    writeFileSync(file, long.bytes);
    writeFileSync(folder.join('short.pdf'), (await renderPdf(shortFiling, ports())).bytes);
    writeFileSync(folder.join('sign.pdf'), (await renderSignatureSheet(sampleFiling, ports())).bytes);
    writeFileSync(folder.join('receipt.pdf'), (await renderReceiptSheet(sampleFiling, ports())).bytes);
  });

  it.each(['filing.pdf', 'short.pdf', 'sign.pdf', 'receipt.pdf'])(
    'qpdf --check finds nothing wrong in %s',
    (name) => {
      expect(run('qpdf', ['--check', folder.join(name)])).toContain(
        'No syntax or stream encoding errors found',
      );
    },
  );

  it('embeds every font as a subset with a character map', () => {
    const fonts = run('pdffonts', [file]).trim().split('\n').slice(2);
    expect(fonts.length).toBeGreaterThanOrEqual(4);
    for (const font of fonts) expect(font).toMatch(/^[A-Z]{6}\+.*CID TrueType\s+Identity-H\s+yes yes yes/);
  });

  /** Text of the pages without header and footer. */
  const bodyText = (path: string, firstPage = 1): string =>
    run('pdftotext', [
      '-raw',
      '-f',
      String(firstPage),
      '-x',
      '0',
      '-y',
      '70',
      '-W',
      '612',
      '-H',
      '645',
      path,
      '-',
    ]);

  it('has exactly the plain text, in reading order', () => {
    expect(bare(bodyText(folder.join('short.pdf')))).toBe(bare(toPlainText(shortFiling, words)));
  });

  it('with contents: the same text, and each entry names the page of its section', () => {
    expect(long.contents).toBe(true);
    const text = bare(bodyText(file));
    const entries = [
      ...sampleFiling.sections.map((one, at) => `${String(at + 1)}. ${one.heading}`),
      words.annexes,
    ];
    const contents = bare(
      [words.contents, ...entries.map((entry, at) => `${entry}${String(long.sectionPages[at])}`)].join(''),
    );
    expect(text).toContain(contents);
    // The heading row of the long table is drawn once more on each page it runs over.
    const heading = bare('Fecha Hecho Denuncia Días Anexo');
    const [first, ...more] = text.replace(contents, '').split(heading);
    expect(more.length).toBeGreaterThan(2);
    expect(`${first ?? ''}${heading}${more.join('')}`).toBe(bare(toPlainText(sampleFiling, words)));
    entries.forEach((entry, at) => {
      const page = String(long.sectionPages[at]);
      expect(bare(run('pdftotext', ['-raw', '-f', page, '-l', page, file, '-']))).toContain(bare(entry));
    });
  });

  it('keeps the letters of Indigenous languages', () => {
    const text = bodyText(file);
    for (const word of ['ẍojwit', 'hñähñu', 'tsaꞌan', 'kʼin', 'ɨnä', 'ŝikä']) expect(text).toContain(word);
  });

  it('is tagged, has a language, an output intent, no script, no form, no attachment', () => {
    const json = JSON.parse(run('qpdf', ['--json', file])) as {
      qpdf: [unknown, Record<string, { value?: unknown }>];
    };
    const objects = Object.values(json.qpdf[1]).map((one) => JSON.stringify(one));
    const catalog = objects.find((one) => one.includes('"/Type":"/Catalog"')) ?? '';
    expect(catalog).toContain('"/Lang":"u:es-MX"');
    expect(catalog).toContain('/StructTreeRoot');
    expect(catalog).toContain('/OutputIntents');
    expect(catalog).toContain('/MarkInfo');
    const all = objects.join('\n');
    for (const key of [
      '/JavaScript',
      '/AcroForm',
      '/EmbeddedFiles',
      '/OpenAction',
      '/Launch',
      '/URI',
      '/Author',
      '/Producer"',
      '/ModDate',
    ]) {
      expect(all).not.toContain(key);
    }
    for (const tag of [
      '/Document',
      '/H1',
      '/H2',
      '/H3',
      '/P',
      '/L',
      '/LI',
      '/Lbl',
      '/LBody',
      '/Table',
      '/TR',
      '/TH',
      '/TD',
      '/TOC',
      '/TOCI',
      '/Link',
      '/BlockQuote',
    ]) {
      expect(all).toContain(`"/S":"${tag}"`);
    }
  });

  it('marks every stroke of every page: content outside tags would be lost to a screen reader', () => {
    const expanded = run('qpdf', ['--qdf', '--object-streams=disable', file, '-']);
    const streams = [...expanded.matchAll(/stream\n([\s\S]*?)\nendstream/g)].map((match) => match[1] ?? '');
    const pages = streams.filter((one) => /\bBT\b/.test(one) && /\bTJ\b/.test(one));
    expect(pages).toHaveLength(long.pages);
    for (const page of pages) {
      let depth = 0;
      for (const line of page.split('\n')) {
        if (/\b(BDC|BMC)$/.test(line)) depth += 1;
        else if (line === 'EMC') depth -= 1;
        else if (/(\bTJ|\bTj|^S|^f|^B)$/.test(line)) expect(depth).toBe(1);
      }
      expect(depth).toBe(0);
    }
  });

  it('binds the sheets by folio and hash of the text', () => {
    const digest = textSha256(sampleFiling);
    for (const name of ['sign.pdf', 'receipt.pdf']) {
      const text = bare(run('pdftotext', ['-raw', folder.join(name), '-']));
      expect(text).toContain(digest);
      expect(text).toContain(sampleFiling.folio);
    }
    expect(bare(run('pdftotext', ['-raw', file, '-']))).toContain(`Texto${digest.slice(0, 16)}`);
    const sign = run('pdftotext', ['-raw', folder.join('sign.pdf'), '-']);
    for (const phrase of [
      'Huella dactilar',
      'Testigo 1',
      'Testigo 2',
      'Firma en representación',
      'Pendiente de ratificar',
    ]) {
      expect(sign).toContain(phrase);
    }
    expect(run('pdftotext', ['-raw', folder.join('receipt.pdf'), '-'])).toContain(
      'Consta de ______ fojas y 5 anexos.',
    );
  });

  it('embeds no letter that is not on the pages', () => {
    // The glyphs of a font program are what its character map names; anything else would be left over from other text.
    const visible = new Set(run('pdftotext', ['-raw', file, '-']));
    const expanded = run('qpdf', ['--qdf', '--object-streams=disable', file, '-']);
    const maps = [...expanded.matchAll(/beginbfrange\n([\s\S]*?)endbfrange/g)].map((match) => match[1] ?? '');
    expect(maps.length).toBeGreaterThanOrEqual(4);
    let letters = 0;
    for (const map of maps) {
      for (const [, list] of map.matchAll(/\[([^\]]*)\]/g)) {
        for (const code of (list ?? '').match(/[0-9a-f]{4}/g) ?? []) {
          const letter = String.fromCharCode(parseInt(code, 16));
          if (letter === '\ufffd' || letter === ' ') continue;
          letters += 1;
          expect(visible.has(letter), `U+${code}`).toBe(true);
        }
      }
    }
    expect(letters).toBeGreaterThan(100);
  });
});
