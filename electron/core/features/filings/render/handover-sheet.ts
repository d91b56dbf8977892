import type { FilingDocument } from '#shared/model/filing-document.ts';
import { runsText } from '#shared/model/filing-text.ts';
import { INK, span } from './inline.ts';
import { PAGE, TEXT_WIDTH } from './pdf-writer.ts';
import type { RenderedPdf, RenderPorts } from './pdf.ts';
import { dateField, renderSheet, signLine } from './sheet.ts';

const SIGN_HEIGHT = 120;
const GAP = 24;

/**
 * One sheet for handing something over: what, who and when as fields, conditions as a list, and a line to sign for
 * each signer, side by side; a PDF/A-2a of its own. Everything printed stands in the document.
 * Throws `AppError` `call.invalidInput` where the document names nobody who signs.
 */
export const renderHandoverSheet = (document: FilingDocument, ports: RenderPorts): Promise<RenderedPdf> =>
  renderSheet(
    document,
    ports,
    (valid, words) => {
      if (valid.signatures === undefined) return null;
      const fields = valid.sections.flatMap((section) =>
        section.blocks.flatMap((block) =>
          block.kind === 'fields'
            ? block.items.map((item) => ({ label: item.label, text: runsText(item.runs) }))
            : [],
        ),
      );
      return {
        title: valid.title,
        texts: [
          ...fields.flatMap(({ label, text }) => [label, text]),
          ...valid.signatures.signers.flatMap((signer) => [signer.role, signer.name]),
        ],
        fields: [{ label: words.signatureSheet.date, text: dateField(valid, words) }, ...fields],
        hashLabel: words.signatureSheet.hash,
      };
    },
    (sheet) => {
      const { flow, root, words } = sheet;
      for (const section of sheet.document.sections) {
        const lists = section.blocks.filter((block) => block.kind === 'list');
        if (lists.length === 0) continue;
        flow.text(root, 'H2', [span(section.heading, 12, 'semibold', INK.accent)], { leading: 17, after: 3 });
        for (const item of lists.flatMap((block) => block.items))
          flow.text(root, 'P', [span(`– ${runsText(item)}`, 10.4)], { leading: 14.4, after: 2 });
      }
      const signers = sheet.document.signatures?.signers ?? [];
      const width = (TEXT_WIDTH - GAP) / 2;
      flow.y += 10;
      signers.forEach((signer, at) => {
        const left = at % 2 === 0;
        if (left) flow.ensure(SIGN_HEIGHT);
        const x = left ? PAGE.left : PAGE.left + width + GAP;
        const label = [signer.role, signer.name ?? ''].filter((part) => part !== '').join(': ');
        signLine(sheet, root, label, { x, y: flow.y + 56, width });
        signLine(sheet, root, words.signatureSheet.placeAndDate, { x, y: flow.y + 96, width });
        if (!left || at === signers.length - 1) flow.y += SIGN_HEIGHT;
      });
    },
  );
