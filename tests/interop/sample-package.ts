import { loadPackageFonts } from '../../electron/core/ports/node/package-fonts.ts';
import type { Crypto, Random } from '../../electron/core/ports/index.ts';
import {
  annexIndexCsv,
  commitTo,
  custodyCsv,
  createSeriesKey,
  prepareBag,
} from '../../electron/core/features/filings/package/index.ts';
import type {
  PayloadFile,
  PreparedBag,
  SeriesKey,
} from '../../electron/core/features/filings/package/index.ts';
import { plainTextBytes, renderDocx, renderPdf } from '../../electron/core/features/filings/render/index.ts';
import { sampleFiling } from './sample-filing.ts';

const inMemory = (path: string, bytes: Uint8Array): PayloadFile => ({ path, open: () => [bytes] });

export interface SamplePackage {
  readonly bag: PreparedBag;
  readonly key: SeriesKey | null;
}

/** A whole fictional package: filing in both formats, annexes, tables. */
export const samplePackage = async (
  crypto: Crypto,
  random: Random,
  options: { signed?: boolean; annexBytes?: Uint8Array } = {},
): Promise<SamplePackage> => {
  const key = options.signed === false ? null : createSeriesKey(crypto, random);
  const pdf = await renderPdf(sampleFiling, { random, loadFonts: loadPackageFonts });
  const { commitment } = commitTo(Buffer.alloc(32, 5), random);
  const steps = [
    {
      annex: 1,
      step: 1,
      day: '2026-11-13',
      event: 'recepción',
      who: 'Persona documentadora',
      note: '',
      originalCommitment: commitment,
    },
  ];
  const bag = await prepareBag(
    {
      day: sampleFiling.day,
      baseName: `paquete-${sampleFiling.day}`,
      signingKey: key,
      payload: [
        inMemory('filing.pdf', pdf.bytes),
        inMemory('filing.docx', await renderDocx(sampleFiling)),
        inMemory('filing.txt', plainTextBytes(sampleFiling)),
        inMemory('annexes/Anexo_01_fotografia.png', options.annexBytes ?? Buffer.alloc(70_000, 3)),
        inMemory('annexes/Anexo_02_testimonio.pdf', Buffer.from('testimonio')),
        inMemory('annex-index.csv', annexIndexCsv(sampleFiling.annexes, 'es')),
        inMemory('custody.csv', custodyCsv(steps, sampleFiling.annexes, 'es')),
      ],
    },
    crypto,
  );
  return { bag, key };
};

/** All bytes of a stream. */
export const collect = async (stream: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
};
