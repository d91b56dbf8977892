/**
 * Makes the links of a text harmless to show and to copy: nothing in it opens by a click or by pasting it into an
 * address line. `https://evil.example/a` becomes `hxxps://evil[.]example/a`. Doing it twice changes nothing. Each rule
 * looks at a bounded stretch around one sign, so that a hostile text of any length is read in linear time.
 */
export function defangText(text: string): string {
  return withoutSchemes(text)
    .replace(DOT_OF_HOST, '[.]')
    .replace(IPV4, (address) => address.replaceAll('.', '[.]'))
    .replace(AT_OF_ADDRESS, '[@]');
}

/** A dot with a label before it and the beginning of a name behind it: of a host, not of a number or a sentence. */
const DOT_OF_HOST = /(?<=[\p{L}\p{N}_-])\.(?=\p{L}{2})/gu;
const IPV4 = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])/gu;
const AT_OF_ADDRESS = /(?<=[\p{L}\p{N}._%+-])@(?=[\p{L}\p{N}])/gu;
const WEB_SCHEME = /(https?|ftp)(?=:\/\/|%3a%2f%2f)/giu;
const OTHER_SCHEME = /([a-z0-9+.-]{1,24}):\/\//giu;
const HARMLESS_SCHEME = /(?:hxxps?|fxp)$/iu;

const withoutSchemes = (text: string): string =>
  text
    .replace(WEB_SCHEME, (scheme) => scheme.replace(/^http/iu, 'hxxp').replace(/^ftp/iu, 'fxp'))
    .replace(OTHER_SCHEME, (whole, scheme: string) =>
      HARMLESS_SCHEME.test(scheme) ? whole : `${scheme}[:]//`,
    );

/** The same for one value that is known to be an address, a host, an e-mail address or a range: its path stays exact. */
export function defangUrl(url: string): string {
  const plain = withoutSchemes(url);
  const scheme = /^[a-z0-9+.-]{1,24}(?::|\[:\])\/\//iu.exec(plain)?.[0] ?? '';
  const rest = plain.slice(scheme.length);
  const end = rest.search(/[/?#]/u);
  const host = end === -1 ? rest : rest.slice(0, end);
  const path = end === -1 ? '' : rest.slice(end);
  return `${scheme}${host.replace(/(?<!\[)\.(?!\])/gu, '[.]').replace(/(?<!\[)@(?!\])/gu, '[@]')}${path}`;
}
