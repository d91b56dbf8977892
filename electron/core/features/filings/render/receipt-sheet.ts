import type { FilingDocument } from '#shared/model/filing-document.ts';
import { span } from './inline.ts';
import { PAGE, TEXT_WIDTH } from './pdf-writer.ts';
import type { RenderedPdf, RenderPorts } from './pdf.ts';
import { dateField, frame, renderSheet, signLine } from './sheet.ts';
import { fill } from './words.ts';

const BLANK = '______';

/**
 * The sheet for the stamp of the office that receives, a PDF/A-2a of its own. Numbers that are not known
 * before printing are left as a line to fill in.
 * Throws `AppError` `call.invalidInput` where the document has no data for it.
 */
export const renderReceiptSheet = (document: FilingDocument, ports: RenderPorts): Promise<RenderedPdf> =>
  renderSheet(
    document,
    ports,
    (valid, words) => {
      const { receipt } = valid;
      if (receipt === undefined) return null;
      const text = words.receiptSheet;
      return {
        title: text.title,
        texts: [valid.title, valid.place, receipt.addressee, receipt.contact],
        fields: [
          { label: text.document, text: valid.title },
          { label: text.addressee, text: receipt.addressee },
          { label: text.date, text: dateField(valid, words) },
          ...(receipt.contact === undefined ? [] : [{ label: text.contact, text: receipt.contact }]),
        ],
        hashLabel: text.hash,
      };
    },
    (sheet) => {
      const { flow, root, words } = sheet;
      const { receipt } = sheet.document;
      const text = words.receiptSheet;
      const consists = fill(text.consists, {
        sheets: receipt?.sheets ?? BLANK,
        annexes: receipt?.annexes ?? BLANK,
      });
      flow.y += 4;
      flow.text(root, 'P', [span(consists, 13, 'semibold')], { leading: 18, after: 14 });
      frame(sheet, root, text.stamp, { x: PAGE.left, y: flow.y, width: TEXT_WIDTH, height: 190 });
      flow.y += 190;
      const half = (TEXT_WIDTH - 24) / 2;
      const right = PAGE.left + half + 24;
      signLine(sheet, root, text.receivedBy, { x: PAGE.left, y: flow.y + 44, width: TEXT_WIDTH });
      signLine(sheet, root, text.receivedAt, { x: PAGE.left, y: flow.y + 92, width: half });
      signLine(sheet, root, text.assignedNumber, { x: right, y: flow.y + 92, width: half });
      signLine(sheet, root, text.observations, { x: PAGE.left, y: flow.y + 140, width: TEXT_WIDTH });
      flow.y += 160;
    },
  );
