import { ZipFile } from 'yazl';

/** A chat as the messenger exports it, with a picture that was sent in it. */
export const chatExport = (name: string, lines: readonly string[], picture: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const zip = new ZipFile();
    const mtime = new Date('2025-06-04T06:30:00.000Z');
    zip.addBuffer(Buffer.from(lines.join('\n'), 'utf8'), `${name}.txt`, { mtime });
    zip.addBuffer(picture, 'IMG-20250603-WA0004.jpg', { mtime });
    zip.end();
    const parts: Buffer[] = [];
    zip.outputStream.on('data', (part: Buffer) => parts.push(part));
    zip.outputStream.on('end', () => resolve(Buffer.concat(parts)));
    zip.outputStream.on('error', reject);
  });

/** A tone of two seconds as uncompressed sound; what is secret about the item is its name. */
export const tone = (hertz = 220, seconds = 2): Buffer => {
  const rate = 16_000;
  const samples = rate * seconds;
  const wave = Buffer.alloc(44 + samples * 2);
  wave.write('RIFF', 0, 'latin1');
  wave.writeUInt32LE(36 + samples * 2, 4);
  wave.write('WAVEfmt ', 8, 'latin1');
  wave.writeUInt32LE(16, 16);
  wave.writeUInt16LE(1, 20);
  wave.writeUInt16LE(1, 22);
  wave.writeUInt32LE(rate, 24);
  wave.writeUInt32LE(rate * 2, 28);
  wave.writeUInt16LE(2, 32);
  wave.writeUInt16LE(16, 34);
  wave.write('data', 36, 'latin1');
  wave.writeUInt32LE(samples * 2, 40);
  for (let i = 0; i < samples; i += 1) {
    wave.writeInt16LE(Math.round(9_000 * Math.sin((2 * Math.PI * hertz * i) / rate)), 44 + i * 2);
  }
  return wave;
};

/** A message as a mail program saves it, with the address of the sending computer in its headers. */
export const email = (mail: {
  from: string;
  to: string;
  hidden: string;
  subject: string;
  body: string;
}): Buffer =>
  Buffer.from(
    [
      'Received: from [203.0.113.77] (casa-julia.example [203.0.113.77]) by mx.example; Sat, 9 Aug 2025 20:14:00 -0600',
      `From: ${mail.from}`,
      `To: ${mail.to}`,
      `Bcc: ${mail.hidden}`,
      `Subject: ${mail.subject}`,
      'Date: Sat, 9 Aug 2025 20:13:41 -0600',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: 8bit',
      '',
      mail.body,
      '',
    ].join('\r\n'),
    'utf8',
  );

/** A page as a browser saves it, with pictures that would be fetched from elsewhere if it were opened. */
export const savedPage = (title: string, words: string, savedBy: string): Buffer =>
  Buffer.from(
    `<!doctype html><html lang="es"><head><meta charset="utf-8"><title>${title}</title><meta name="author" content="${savedBy}"></head>` +
      `<body><h1>${title}</h1><p>${words}</p><img src="https://rastreo.example/pixel.gif?u=${encodeURIComponent(savedBy)}"></body></html>`,
    'utf8',
  );
