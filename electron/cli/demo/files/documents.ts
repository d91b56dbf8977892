import PDFDocument from 'pdfkit';
import {
  CommentRangeEnd,
  CommentRangeStart,
  CommentReference,
  DeletedTextRun,
  Document,
  InsertedTextRun,
  Packer,
  Paragraph,
  TextRun,
} from 'docx';

const MADE = new Date('2025-06-05T12:00:00.000Z');

type Draw = (pdf: PDFKit.PDFDocument) => void;

const pdfBytes = (info: Record<string, string>, draw: Draw): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const pdf = new PDFDocument({ size: 'LETTER', margin: 60, info: { ...info, CreationDate: MADE } });
    const parts: Buffer[] = [];
    pdf.on('data', (part: Buffer) => parts.push(part));
    pdf.on('end', () => resolve(Buffer.concat(parts)));
    pdf.on('error', reject);
    draw(pdf);
    pdf.end();
  });

/** A complaint that somebody "redacted" by drawing black boxes: the words under them are still text. */
export const blackBoxes = (
  open: readonly string[],
  covered: readonly string[],
  author: string,
): Promise<Buffer> =>
  pdfBytes({ Title: 'Denuncia', Author: author }, (pdf) => {
    pdf.fontSize(13);
    for (const text of open) pdf.text(text).moveDown();
    for (const text of covered) {
      const top = pdf.y;
      pdf.text(text);
      pdf.rect(58, top - 3, 480, pdf.y - top + 4).fill('#000000');
      pdf.fillColor('#000000').moveDown();
    }
  });

/** A scanned list: a picture, and over it the invisible text that the scanner's OCR left. */
export const scannedList = (page: Buffer, names: readonly string[]): Promise<Buffer> =>
  pdfBytes({ Title: 'lista_firmas', Producer: 'Escaner ficticio' }, (pdf) => {
    pdf.image(page, 0, 0, { width: 612, height: 792 });
    /* Text rendering mode 3: neither filled nor stroked. Not drawn, and found by every search. */
    (pdf as unknown as { addContent(data: string): void }).addContent('3 Tr');
    pdf.fontSize(10);
    names.forEach((name, row) => pdf.text(name, 66, 100 + row * 29, { lineBreak: false }));
  });

/** A plain report on one page. */
export const report = (title: string, author: string, paragraphs: readonly string[]): Promise<Buffer> =>
  pdfBytes({ Title: title, Author: author }, (pdf) => {
    pdf.fontSize(16).text(title).moveDown().fontSize(12);
    for (const text of paragraphs) pdf.text(text).moveDown();
  });

/** Minutes in Word with what was struck out, who did so, and a comment: none of it shows in print. */
export const trackedMinutes = (words: {
  author: string;
  kept: string;
  deleted: string;
  inserted: string;
  comment: string;
}): Promise<Buffer> =>
  Packer.toBuffer(
    new Document({
      creator: words.author,
      lastModifiedBy: words.author,
      features: { trackRevisions: true },
      comments: {
        children: [{ id: 0, author: words.author, date: MADE, children: [new Paragraph(words.comment)] }],
      },
      sections: [
        {
          children: [
            new Paragraph({ children: [new TextRun('Acta de la asamblea')] }),
            new Paragraph({
              children: [
                new CommentRangeStart(0),
                new TextRun(words.kept),
                new CommentRangeEnd(0),
                new TextRun({ children: [new CommentReference(0)] }),
                new DeletedTextRun({
                  text: words.deleted,
                  id: 1,
                  author: words.author,
                  date: MADE.toISOString(),
                }),
                new InsertedTextRun({
                  text: words.inserted,
                  id: 2,
                  author: words.author,
                  date: MADE.toISOString(),
                }),
              ],
            }),
          ],
        },
      ],
    }),
  );
