const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Elements that end a line of text in office formats; all others may stand in the middle of a word. */
const BREAKS = new Set([
  'p',
  'h',
  'br',
  'tab',
  'cr',
  'tr',
  'tc',
  'table-row',
  'table-cell',
  'row',
  'c',
  'si',
  'is',
  'line-break',
  'list-item',
  'title',
  'subject',
  'creator',
  'description',
  'keywords',
  'lastModifiedBy',
  'li',
  'div',
  'td',
  'Template',
  'Company',
  'Manager',
  'Application',
  'lpwstr',
  'author',
  'cp',
]);

const decodeEntities = (text: string): string =>
  text.replaceAll(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, body: string) => {
    if (!body.startsWith('#')) return NAMED[body] ?? whole;
    const code = /^#x/i.test(body) ? Number.parseInt(body.slice(2), 16) : Number.parseInt(body.slice(1), 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

/**
 * The text of an XML document with the pieces of a word joined: office programs cut a word into several
 * elements wherever spelling, revision or style changes. Deleted and inserted text both count. Attribute
 * values, comments and instructions follow, one a line. A reader of marks, not a parser: it cannot be made
 * to expand entities, and it never refuses.
 */
export const xmlText = (xml: string): string => {
  let text = '';
  const aside: string[] = [];
  const TOKEN =
    /<!--([\s\S]*?)-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?([\s\S]*?)\?>|<(\/?)([\w.-]+:)?([\w.-]+)((?:"[^"]*"|'[^']*'|[^>"'])*)>|<!([^>]*)>|([^<]+)|</g;
  for (const match of xml.matchAll(TOKEN)) {
    const [, comment, cdata, instruction, , , name, attributes, declaration, run] = match;
    if (run !== undefined) text += decodeEntities(run);
    else if (cdata !== undefined) text += cdata;
    else if (comment !== undefined) aside.push(comment);
    else if (instruction !== undefined) aside.push(instruction);
    else if (declaration !== undefined) aside.push(declaration);
    else if (name !== undefined) {
      if (BREAKS.has(name)) text += '\n';
      for (const [, , double, single] of (attributes ?? '').matchAll(/=\s*("([^"]*)"|'([^']*)')/g)) {
        const value = double ?? single;
        if (value !== undefined && value !== '') aside.push(decodeEntities(value));
      }
    }
  }
  const lines = text.replaceAll(/[ \t]*\n\s*/g, '\n').trim();
  return aside.length === 0 ? lines : `${lines}\n${aside.join('\n')}`;
};
