/**
 * A browser cannot navigate to `app://`. Behind it stands an https address under `.invalid`, a domain that
 * never resolves; it is translated both ways here, so that main sees `app://` everywhere.
 */
const PAIRS = [
  ['app://resguardo', 'https://resguardo.invalid'],
  ['app://visor', 'https://visor.invalid'],
] as const;

export const toBrowser = (text: string): string =>
  PAIRS.reduce((out, [app, browser]) => out.replaceAll(app, browser), text);

export const toApp = (text: string): string =>
  PAIRS.reduce(
    (out, [app, browser]) => (out.startsWith(browser) ? app + out.slice(browser.length) : out),
    text,
  );
