export type { RenderedPdf, RenderPorts } from './pdf.ts';
export { groupHex, plainTextBytes, renderPdf, textSha256 } from './pdf.ts';
export { DOCX_PARTS } from './docx-package.ts';
export { renderDocx } from './docx.ts';
export { renderHandoverSheet } from './handover-sheet.ts';
export { renderReceiptSheet } from './receipt-sheet.ts';
export { renderSignatureSheet } from './signature-sheet.ts';
export type { RenderWords } from './words.ts';
export { fill, filingWords } from './words.ts';
