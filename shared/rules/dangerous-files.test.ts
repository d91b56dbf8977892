import { expect, test } from 'vitest';
import { isExecutable } from './dangerous-files.ts';

const item = (originalName: string, mime = 'application/octet-stream', sizeBytes = 100) => ({
  originalName,
  mime,
  sizeBytes,
});

test('by content, whatever it is called', () => {
  for (const mime of [
    'application/vnd.android.package-archive',
    'application/x-msdownload',
    'application/x-elf',
  ])
    expect([mime, isExecutable(item('foto.jpg', mime))]).toEqual([mime, true]);
});

test('by name, whatever it looks like', () => {
  for (const name of ['x.APK', 'Factura.pdf.exe', 'a.lnk', 'b.docm', 'c.js ', 'd.dmg'])
    expect([name, isExecutable(item(name, 'text/plain'))]).toEqual([name, true]);
});

test('the harmless test file of antivirus makers', () => {
  expect(isExecutable(item('eicar_com', 'text/plain', 68))).toBe(true);
});

test('documents, pictures and recordings are none', () => {
  for (const name of ['acta.pdf', 'foto.jpeg', 'audio.opus', 'exeter.txt', 'carta.docx', 'apk'])
    expect([name, isExecutable(item(name, 'application/pdf'))]).toEqual([name, false]);
});
