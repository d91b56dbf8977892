/** Letters, digits and the four signs that mean the same in clear and behind a percent sign (RFC 3986, 6.2.2.2). */
const UNRESERVED = /^[\w.~-]$/u;
const ODD = /[^\x21-\x7e]+|["<>`{}]+/gu;

/** One form for what may be written in two: unreserved letters in clear, other escapes in capitals, the rest escaped. */
function sameEscapes(text: string): string {
  const clear = text.includes('%')
    ? text.replaceAll(/%([\da-f]{2})/giu, (escape, hex: string) => {
        const sign = String.fromCharCode(Number.parseInt(hex, 16));
        return UNRESERVED.test(sign) ? sign : escape.toUpperCase();
      })
    : text;
  // Half a character cannot be escaped: it becomes what browsers make of it.
  return clear.replaceAll(ODD, (run) => encodeURIComponent(run.replaceAll(/\p{Surrogate}/gu, '\ufffd')));
}

/**
 * What comes behind the host of a link in the form in which two links are compared: no fragment, `\` as `/`, unreserved
 * letters in clear, `.` and `..` resolved, and slashes in a row as one. The last of these is no rule of links; servers
 * nearly always read both the same way, and only a link whose host is the indicator's is compared at all.
 */
export function normalTail(tail: string): string {
  const hash = tail.indexOf('#');
  const shown = hash === -1 ? tail : tail.slice(0, hash);
  const question = shown.indexOf('?');
  const path = question === -1 ? shown : shown.slice(0, question);
  const query = question === -1 ? '' : shown.slice(question);
  return `${normalPath(path)}${query === '' ? '' : sameEscapes(query)}`;
}

function normalPath(path: string): string {
  const same = sameEscapes(path.replaceAll('\\', '/'));
  if (!/\/[./]/u.test(same)) return same === '' ? '/' : same;
  const kept: string[] = [];
  const parts = same.split('/');
  const last = parts.at(-1);
  for (const part of parts) {
    if (part === '..') kept.pop();
    else if (part !== '' && part !== '.') kept.push(part);
  }
  const endsInFolder = kept.length > 0 && (last === '' || last === '.' || last === '..');
  return `/${kept.join('/')}${endsInFolder ? '/' : ''}`;
}
