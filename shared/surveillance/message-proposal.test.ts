import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defangUrl } from './defang.ts';
import { proposeMessage, type MessageProposal, type SeenLine } from './message-proposal.ts';

/** Height of the picture in all examples: status below 60, head below 250. */
const HEIGHT = 1_000;
const LINE = 20;

interface Placed {
  readonly y?: number;
  readonly x?: number;
  readonly width?: number;
  readonly confidence?: number;
}
const line = (text: string, { y = 400, x = 40, width = 300, confidence = 90 }: Placed = {}): SeenLine => ({
  text,
  box: { x, y, width, height: LINE },
  confidence,
});

/** Whatever begins as a link does, up to the next blank. */
const linksOf = (text: string): string[] => text.match(/https?:\/\/\S+/gu) ?? [];
const propose = (lines: readonly SeenLine[], links = linksOf): MessageProposal =>
  proposeMessage(lines, HEIGHT, links);

/** Lines below each other in the body of the picture, two lines apart. */
const below = (texts: readonly string[], width = 300): SeenLine[] =>
  texts.map((text, at) => line(text, { y: 400 + at * 3 * LINE, width }));

describe('who it seems to be from', () => {
  test.each([
    ['a short code', '50089', '50089'],
    ['a number with its country', '+52 55 0000 0199', '+52 55 0000 0199'],
    ['a number behind a sign of the program', '‹ (000) 555-01-27 ›', '(000) 555-01-27'],
    ['an account', '@lumbre.noticias', '@lumbre.noticias'],
    ['an address', 'avisos@correo.example', 'avisos@correo.example'],
    ['an address with a label', 'De: Avisos <avisos@correo.example>', 'avisos@correo.example'],
    ['a name with a label', 'Remitente:  Banco  Cenit', 'Banco Cenit'],
    ['a name alone', 'Banco Cenit', 'Banco Cenit'],
  ])('%s in the head', (_what, head, sender) => {
    const found = propose([line(head, { y: 120 }), ...below(['Su recibo vence hoy.'])]);
    expect(found).toMatchObject({ sender, text: 'Su recibo vence hoy.' });
  });

  test.each([
    ['below the head', '50089', 300],
    ['a sentence', 'Su recibo vence hoy.', 120],
    ['a long name', 'Secretaria General de Asuntos Pendientes y Otros', 120],
    ['an address in the middle of other words', 'escribanos hoy mismo a quejas@x.example sin falta', 120],
  ])('nobody: %s', (_what, text, y) => {
    const found = propose([line(text, { y }), ...below(['Vea aqui.'])]);
    expect(found.sender).toBe('');
    expect(found.text).toBe(`${text}\nVea aqui.`);
  });

  test('a name that stands with the lines below it belongs to the message', () => {
    const together = [line('Buenas tardes', { y: 200 }), line('vea su recibo', { y: 200 + LINE + 5 })];
    expect(propose(together)).toMatchObject({ sender: '', text: 'Buenas tardes\nvea su recibo' });
    const apart = [line('Buenas tardes', { y: 200 }), line('vea su recibo', { y: 400 })];
    expect(propose(apart)).toMatchObject({ sender: 'Buenas tardes', text: 'vea su recibo' });
  });

  test('a picture of one line is the message itself', () => {
    expect(propose([line('Te vemos', { y: 120 })])).toMatchObject({ sender: '', text: 'Te vemos' });
  });

  test('the first that is one; what comes after it is said by the message', () => {
    const found = propose([line('50089', { y: 120 }), line('000 555 01 27', { y: 180 })]);
    expect(found).toMatchObject({ sender: '50089', text: '000 555 01 27' });
  });
});

describe('what the program around the message wrote', () => {
  test.each([
    'Mensaje de texto',
    'iMessage',
    'Hoy',
    'Hoy 10:02',
    'Yesterday',
    'lun. 3 de marzo de 2026, 10:02',
    'Tue 3 Mar 10:02 p.m.',
    'Remitente no está en tu lista de contactos.',
    'Report junk',
    'Añadir a contactos',
  ])('is no part of it: %s', (chrome) => {
    expect(propose([...below([chrome, 'Su recibo vence hoy.', chrome])]).text).toBe('Su recibo vence hoy.');
  });

  test('hour and battery on top are not; the same hour further below is', () => {
    expect(propose([line('10:02 82%', { y: 10 }), ...below(['Su recibo vence.'])]).text).toBe(
      'Su recibo vence.',
    );
    expect(propose(below(['10:02 82 por ciento de descuento'])).text).toBe(
      '10:02 82 por ciento de descuento',
    );
  });

  test('words that only begin like it stay', () => {
    const texts = ['Mensaje de texto urgente de su banco', 'Hoy 10:02 vence su recibo'];
    expect(propose(below(texts)).text).toBe(texts.join('\n'));
  });
});

describe('links over the edge of a line', () => {
  const START = 'https://recibos-luz.example/ver/';

  test('are put together where the line was full, and said to be', () => {
    const { text, links } = propose(below([`Consulte ${START}`, 'id=77152 hoy']));
    expect(text).toBe(`Consulte ${START}id=77152 hoy`);
    expect(links).toEqual([
      {
        url: `${START}id=77152`,
        defanged: 'hxxps://recibos-luz[.]example/ver/id=77152',
        joined: true,
      },
    ]);
  });

  test.each([
    ['the line ends before the edge', [line(START, { width: 100 }), line('id=77152', { y: 460 })]],
    ['a word follows', below([START, 'Gracias'])],
    ['another link follows', below([START, 'https://otra.example/a1'])],
    ['another link without a scheme follows', below([START, 'www.otra.example/a1'])],
    ['a sentence ended', below([`${START}.`, '77152'])],
    ['nothing before it is a link', below(['Su clave es', '77152'])],
  ])('stay apart where %s', (_what, lines) => {
    const { text, links } = propose(lines);
    expect(text.split('\n')).toHaveLength(2);
    expect(links.every(({ joined }) => !joined)).toBe(true);
  });

  test('three lines of one link are one', () => {
    const { links } = propose(below([START, 'a1/b2/', 'c3=d4']));
    expect(links.map(({ url, joined }) => [url, joined])).toEqual([[`${START}a1/b2/c3=d4`, true]]);
  });

  test('an address without a scheme goes on as well', () => {
    expect(propose(below(['vea recibos-luz.example/ver/', '77152'])).text).toBe(
      'vea recibos-luz.example/ver/77152',
    );
  });
});

describe('how sure it is, and how much it takes', () => {
  test('confidence is that of the lines of the message alone', () => {
    const found = propose([
      line('50089', { y: 120, confidence: 10 }),
      line('Su recibo vence hoy.', { confidence: 80 }),
      line('Consulte aqui.', { y: 460, confidence: 91 }),
    ]);
    expect(found.confidence).toBe(86);
  });

  test('nothing seen, or only a sender, proposes no text', () => {
    expect(propose([])).toEqual({ text: '', sender: '', links: [], confidence: 0 });
    expect(propose([line('50089', { y: 120 })])).toEqual({
      text: '',
      sender: '50089',
      links: [],
      confidence: 0,
    });
  });

  test('a hostile picture is cut: text and links are bounded', () => {
    const long = propose(below(Array.from({ length: 400 }, () => 'palabra '.repeat(20))));
    expect(long.text.length).toBe(20_000);
    const many = propose(below(['x.']), () => Array.from({ length: 500 }, () => 'https://a.example/'));
    expect(many.links).toHaveLength(50);
  });
});

/** Signs of which lines of messages, links, numbers and rubbish are made. */
const words = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.stringMatching(/^[a-z0-9 :/.?=&@+()-]{0,60}$/u),
  fc.constantFrom('50089', '10:02', 'Hoy', 'https://recibos-luz.example/ver/', 'id=7', '@a', 'De: x', ''),
);
const seenLine = fc.record({
  text: words,
  box: fc.record({
    x: fc.integer({ min: 0, max: 1_080 }),
    y: fc.integer({ min: 0, max: HEIGHT }),
    width: fc.integer({ min: 1, max: 1_080 }),
    height: fc.integer({ min: 1, max: 80 }),
  }),
  confidence: fc.integer({ min: 0, max: 100 }),
});
const seen = fc.array(seenLine, { maxLength: 20 });
const letters = (text: string): string => text.replace(/\s+/gu, '');

describe('whatever was seen', () => {
  test('every letter of the proposal was in the picture, in its order; nothing is made up', () => {
    fc.assert(
      fc.property(seen, (lines) => {
        const { text, sender } = propose(lines);
        // Lines are taken whole and in order: the text is what is left after leaving some of them out.
        const said = letters(text);
        const reached = new Set([0]);
        for (const one of lines) {
          const whole = letters(one.text);
          for (const at of [...reached]) if (said.startsWith(whole, at)) reached.add(at + whole.length);
        }
        expect(reached).toContain(said.length);
        expect(sender === '' || lines.some((one) => letters(one.text).includes(letters(sender)))).toBe(true);
      }),
    );
  });

  test('no line of the body is lost: each stands in the text, is the sender, or is of the program', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[b-df-hj-np-tv-z]{3,9} [b-df-hj-np-tv-z]{3,9}!$/u), {
          minLength: 1,
          maxLength: 12,
        }),
        (texts) => {
          expect(propose(below(texts)).text).toBe(texts.join('\n'));
        },
      ),
    );
  });

  test('links are those of the text, exactly, harmless to show, and joined only at a seam', () => {
    fc.assert(
      fc.property(seen, (lines) => {
        const { text, links } = propose(lines);
        expect(links.map(({ url }) => url)).toEqual(linksOf(text).slice(0, 50));
        for (const { url, defanged, joined } of links) {
          expect(defanged).toBe(defangUrl(url));
          expect(defanged).not.toMatch(/^https?:/iu);
          const alone = lines.some((one) => one.text.replace(/\s+/gu, ' ').includes(url));
          expect(joined || alone).toBe(true);
        }
      }),
    );
  });

  test('bounds hold, and the same picture gives the same proposal', () => {
    fc.assert(
      fc.property(seen, (lines) => {
        const found = propose(lines);
        expect(found.text.length).toBeLessThanOrEqual(20_000);
        expect(found.confidence).toBeGreaterThanOrEqual(0);
        expect(found.confidence).toBeLessThanOrEqual(100);
        expect(propose(lines)).toEqual(found);
      }),
    );
  });

  test('a link cut anywhere at the edge of its bubble comes back whole', () => {
    const link = fc.stringMatching(
      /^https:\/\/recibos-luz\.example\/[a-z0-9]{4,12}[/=_-][0-9]{4,12}[a-z0-9/=_-]{4,12}$/u,
    );
    fc.assert(
      fc.property(link, fc.nat(), (url, cut) => {
        // Behind the host, and so that the rest begins with something that no word holds.
        const places = [...url.matchAll(/(?<=example\/.*)(?=[0-9=_/-])/gu)].map(({ index }) => index);
        const at = places[cut % places.length] ?? url.length - 1;
        const { links, text } = propose(below([`Vea ${url.slice(0, at)}`, url.slice(at)]));
        expect(text).toBe(`Vea ${url}`);
        expect(links).toEqual([{ url, defanged: defangUrl(url), joined: true }]);
      }),
    );
  });
});
