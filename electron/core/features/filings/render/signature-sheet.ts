import type { FilingDocument, Signer } from '#shared/model/filing-document.ts';
import { BODY } from './blocks.ts';
import { INK, span } from './inline.ts';
import type { PdfElement } from './pdf-writer.ts';
import { PAGE, TEXT_WIDTH } from './pdf-writer.ts';
import type { RenderedPdf, RenderPorts } from './pdf.ts';
import type { Sheet } from './sheet.ts';
import { dateField, frame, renderSheet, signLine } from './sheet.ts';
import { fill } from './words.ts';

/**
 * The sheet of signatures, a PDF/A-2a of its own: it can be printed and signed far away and rejoined,
 * because folio and SHA-256 of the text stand on it and on every page of the filing.
 * Throws `AppError` `call.invalidInput` where the document names nobody who signs.
 */
export const renderSignatureSheet = (document: FilingDocument, ports: RenderPorts): Promise<RenderedPdf> =>
  renderSheet(
    document,
    ports,
    (valid, words) =>
      valid.signatures === undefined
        ? null
        : {
            title: words.signatureSheet.title,
            texts: [
              valid.title,
              valid.place,
              ...valid.signatures.signers.flatMap((s) => [s.name, s.role, s.note]),
            ],
            fields: [
              { label: words.signatureSheet.document, text: valid.title },
              { label: words.signatureSheet.date, text: dateField(valid, words) },
            ],
            hashLabel: words.signatureSheet.hash,
          },
    (sheet) => {
      const { flow, root, words } = sheet;
      const small = (text: string): void => {
        flow.text(root, 'P', [span(text, 9.8, 'regular', INK.muted)], { leading: 13.4, after: 4 });
      };
      small(words.signatureSheet.binding);
      small(words.signatureSheet.check);
      flow.y += 8;
      for (const signer of sheet.document.signatures?.signers ?? []) writeSigner(sheet, signer);
    },
  );

/** Height of a signer's place on the sheet, points: it never breaks over pages. */
const HEIGHTS = { hand: 140, thumbprint: 214, representative: 184, later: 158 } as const;
const GAP = 24;

const writeSigner = (sheet: Sheet, signer: Signer): void => {
  const { flow, words } = sheet;
  const text = words.signatureSheet;
  const lines =
    signer.note === undefined ? 1 : flow.lines([span(signer.note, 10.4)], TEXT_WIDTH - 200).length;
  flow.ensure(HEIGHTS[signer.how] + (lines - 1) * 14);
  const place = flow.writer.element('Sect', sheet.root);
  flow.rule();
  flow.y += 10;
  writeWho(sheet, place, signer);
  const left: number = PAGE.left;
  const half = (TEXT_WIDTH - GAP) / 2;
  const line = (label: string, y: number, x = left, width = half): void =>
    signLine(sheet, place, label, { x, y, width });
  const right = left + half + GAP;
  switch (signer.how) {
    case 'hand':
      line(text.signature, flow.y + 42);
      line(text.placeAndDate, flow.y + 42, right);
      flow.y += 70;
      return;
    case 'representative':
      pair(sheet, place, text.represents, signer.note ?? '');
      line(text.power, flow.y + 30, left, TEXT_WIDTH);
      line(text.representative, flow.y + 82);
      line(text.placeAndDate, flow.y + 82, right);
      flow.y += 108;
      return;
    case 'thumbprint': {
      flow.text(place, 'P', [span(text.thumbprintNote, 9.8, 'regular', INK.muted)], {
        leading: 13.4,
        after: 6,
      });
      const thumb = 92;
      frame(sheet, place, text.thumbprint, { x: left, y: flow.y, width: thumb, height: 106 });
      const x = left + thumb + GAP;
      const width = TEXT_WIDTH - thumb - GAP;
      line(fill(text.witness, { number: 1 }), flow.y + 26, x, width);
      line(fill(text.witness, { number: 2 }), flow.y + 62, x, width);
      line(text.placeAndDate, flow.y + 98, x, width);
      flow.y += 128;
      return;
    }
    case 'later':
      pair(sheet, place, text.later, '');
      pair(sheet, place, text.reason, signer.note ?? '');
      line(text.ratification, flow.y + 40, left, TEXT_WIDTH);
      flow.y += 68;
  }
};

const writeWho = (sheet: Sheet, place: PdfElement, signer: Signer): void => {
  const { flow, words } = sheet;
  if (signer.name !== undefined) {
    flow.text(place, 'P', [span(signer.name, 12, 'semibold')], { leading: BODY.leading });
  } else {
    // A name that is not printed is written by hand at signing.
    flow.y += 22;
    signLine(sheet, place, words.signatureSheet.name, { x: PAGE.left, y: flow.y, width: TEXT_WIDTH });
    flow.y += 16;
  }
  flow.text(
    place,
    'P',
    [span(`${words.signatureSheet.role}:`, 10.4, 'semibold', INK.muted), span(` ${signer.role}`, 10.4)],
    { leading: 14.4, after: 2 },
  );
};

const pair = (sheet: Sheet, place: PdfElement, label: string, value: string): void => {
  const spans = [span(value === '' ? label : `${label}:`, 10.4, 'semibold', INK.muted)];
  if (value !== '') spans.push(span(` ${value}`, 10.4));
  sheet.flow.text(place, 'P', spans, { leading: 14.4, after: 2 });
};
