import { defangUrl } from './defang.ts';

/** One line that was seen in a picture; places in its pixels, `confidence` 0 to 100. */
export interface SeenLine {
  readonly text: string;
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly confidence: number;
}

export interface ProposedLink {
  /** Exactly as it was read, for the record. */
  readonly url: string;
  /** Safe to show. */
  readonly defanged: string;
  /** It reached the end of its line and was put together with the next: the seam may be wrong. */
  readonly joined: boolean;
}

/** What a picture of a message seems to say. A proposal and never a record: a person takes it over or not. */
export interface MessageProposal {
  readonly text: string;
  readonly sender: string;
  readonly links: readonly ProposedLink[];
  /** How sure the recogniser is of the lines that the text was made of, 0 to 100. */
  readonly confidence: number;
}

/** Beyond these a picture is no screenshot of a message. */
const MAX_TEXT_CHARS = 20_000;
const MAX_LINKS = 50;

/** Clock and battery stand in this part of the picture; what names the sender in this one. */
const STATUS_PART = 0.06;
const HEAD_PART = 0.25;
/** A line ends at the edge of its bubble where it reaches this part of the widest line. */
const FULL_LINE = 0.86;

const CLOCK = /^\W*\d{1,2}[:.]\d{2}(?:\s*[ap]\.?\s?m\.?)?\b/iu;
/** Words of the program around the message: fields to write in, headings of days, buttons. */
const CHROME =
  /^(?:mensaje de texto|text message|imessage|sms|rcs|mms|escribe un mensaje|escribir mensaje|mensaje|type a message|message|enviar|send|reportar(?: como)? (?:spam|correo no deseado)|report (?:junk|spam)|(?:el )?remitente no est[aá] en (?:tu lista de )?contactos\.?|the sender is not in your contact list\.?|a[ñn]adir a contactos|add to contacts|bloquear|block|hoy|ayer|today|yesterday|detalles|details)$/iu;
/** A day or an hour above a message, and nothing else on the line. */
const WHEN_LINE =
  /^\W*(?:(?:hoy|ayer|today|yesterday|lun|mar|mi[eé]|jue|vie|s[aá]b|dom|mon|tue|wed|thu|fri|sat|sun)[a-záéíóú]*\.?,?\s*)?(?:\d{1,2}\s*(?:de\s+)?[a-záéíóú]{3,10}\.?(?:\s*(?:de\s+)?\d{4})?,?\s*)?(?:(?:a las|at)\s*)?(?:\d{1,2}[:.]\d{2}(?:\s*[ap]\.?\s?m\.?)?)\W*$/iu;

const LABELLED = /^(?:de|from|remitente|sender)\s*[:：]\s*(.{2,120})$/iu;
const E_MAIL = /[\p{L}\d._%+-]{1,64}@[\p{L}\d-]{1,63}(?:\.[\p{L}\d-]{1,63}){1,6}/u;
const PHONE = /^[^\p{L}\d+(]*(\+?\(?\d[\d\s().-]{3,24}\d)[^\p{L}\d]*$/u;
const HANDLE = /^@[\p{L}\d._]{2,60}$/u;
/** A short name alone on the line, as programs show it above a conversation; a sentence ends with its mark. */
const NAME = /^[\p{L}\d][\p{L}\d.&'-]*(?: [\p{L}\d.&'-]+){0,3}(?<![.])$/u;
const MAX_NAME_CHARS = 40;

const tidy = (text: string): string => text.replace(/\s+/gu, ' ').trim();

const senderIn = (text: string): string | null => {
  const labelled = LABELLED.exec(text)?.[1];
  if (labelled !== undefined) return E_MAIL.exec(labelled)?.[0] ?? tidy(labelled);
  const phone = PHONE.exec(text)?.[1];
  if (phone !== undefined) return tidy(phone);
  if (HANDLE.test(text)) return text;
  const mail = E_MAIL.exec(text);
  return mail !== null && mail[0].length > text.length / 2 ? mail[0] : null;
};

/** Whether a line of the head stands apart from what follows it, as a name above a conversation does. */
const standsApart = (line: SeenLine, next: SeenLine | undefined): boolean =>
  next === undefined || next.box.y - (line.box.y + line.box.height) > 1.4 * line.box.height;

interface Head {
  readonly sender: string;
  readonly body: readonly SeenLine[];
}

const isName = (text: string): boolean => text.length <= MAX_NAME_CHARS && NAME.test(text);
const isChrome = (text: string): boolean => CHROME.test(text) || WHEN_LINE.test(text);

/** Takes the sender from the top, and everything that the program around the message wrote from the whole. */
function headAndBody(lines: readonly SeenLine[], height: number): Head {
  const told = lines
    .map((line) => ({ ...line, text: tidy(line.text) }))
    .filter(({ text, box }) => {
      const status = box.y < height * STATUS_PART && text.length < 40;
      return text !== '' && !isChrome(text) && !(status && (CLOCK.test(text) || !/\p{L}{3}/u.test(text)));
    });
  let sender = '';
  const body: SeenLine[] = [];
  told.forEach((line, at) => {
    const head = sender === '' && body.length === 0 && line.box.y < height * HEAD_PART;
    const found = head ? senderIn(line.text) : null;
    // A name alone is the sender only where something follows: a picture of one line is the message itself.
    const name = head && told.length > 1 && isName(line.text) && standsApart(line, told[at + 1]);
    if (found !== null) sender = found;
    else if (name) sender = line.text;
    else body.push(line);
  });
  return { sender, body };
}

const LINK_START = /(?:https?:\/\/|hxxps?:\/\/|www\.)\S*$|(?:[\p{L}\d-]{1,63}\.){1,6}\p{L}{2,24}\/\S*$/iu;
/** The rest of a link on the next line: no word of a language, by its signs. */
const GOES_ON = /^[\w%&=?#/.~+-]*[\d%&=?#/_~-][\w%&=?#/.~+-]*$/u;

const endOfSentence = (text: string): boolean => /[.!?…]$/u.test(text);

/** One text out of lines: a link that runs over the edge is put together, other lines stay lines. */
function joinLines(body: readonly SeenLine[]): { readonly text: string; readonly seams: readonly string[] } {
  const left = Math.min(...body.map((line) => line.box.x));
  const right = Math.max(...body.map((line) => line.box.x + line.box.width));
  const seams: string[] = [];
  let text = '';
  body.forEach((line, at) => {
    if (at === 0) {
      text = line.text;
      return;
    }
    const before = body[at - 1];
    const last = LINK_START.exec(text)?.[0];
    const first = line.text.split(' ', 1)[0] ?? '';
    const full = before !== undefined && before.box.x + before.box.width - left >= FULL_LINE * (right - left);
    const newLink = /^(?:https?:|hxxps?:|www\.)/iu.test(first);
    if (last !== undefined && full && !newLink && !endOfSentence(text) && GOES_ON.test(first)) {
      seams.push(`${last}${first}`);
      text += line.text;
    } else text += `\n${line.text}`;
  });
  return { text: text.slice(0, MAX_TEXT_CHARS), seams };
}

/**
 * What a screenshot of a message seems to say: who it is from, its words, its links. Pure: it judges lines that a
 * recogniser saw, decides nothing, and asks nobody.
 *
 * @param lines from top to bottom.
 * @param height of the picture in the pixels in which the lines' boxes are given.
 * @param linksOf finds the links of a text, exactly as they stand there.
 */
export function proposeMessage(
  lines: readonly SeenLine[],
  height: number,
  linksOf: (text: string) => readonly string[],
): MessageProposal {
  const { sender, body } = headAndBody(lines, height);
  if (body.length === 0) return { text: '', sender, links: [], confidence: 0 };
  const { text, seams } = joinLines(body);
  return {
    text,
    sender,
    links: linksOf(text)
      .slice(0, MAX_LINKS)
      .map((url) => ({
        url,
        defanged: defangUrl(url),
        joined: seams.some((seam) => seam.includes(url) || url.includes(seam)),
      })),
    confidence: Math.round(body.reduce((sum, line) => sum + line.confidence, 0) / body.length),
  };
}
