/**
 * What a page of ours may do, as headers. Everything is refused that is not named; each line names
 * the threat where it is not plain.
 */
export const APP_ORIGIN = 'app://resguardo';
export const VIEWER_ORIGIN = 'app://visor';

/** For our own pages. `nonce` is fresh for every response: Mantine and its scroll lock write style elements. */
export const pagePolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    `img-src 'self' data: ${VIEWER_ORIGIN}`,
    "font-src 'self'",
    `media-src 'self' ${VIEWER_ORIGIN}`,
    `frame-src ${VIEWER_ORIGIN}`,
    "worker-src 'self'",
    "object-src 'none'",
    // default-src does not cover the next three
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    // text from the vault can never become script, whatever a library does with it
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ].join('; ');

/** For evidence: another origin, sandboxed, so that nothing in it runs or reaches the bridge. */
export const viewerPolicy = (): string =>
  [
    'sandbox',
    "default-src 'none'",
    "img-src 'self' data:",
    "media-src 'self'",
    "style-src 'unsafe-inline'",
    `frame-ancestors ${APP_ORIGIN}`,
  ].join('; ');

/** Every powerful feature that a document can be denied by header. */
const DENIED_FEATURES = [
  'accelerometer',
  'autoplay',
  'camera',
  'clipboard-read',
  'display-capture',
  'fullscreen',
  'geolocation',
  'gyroscope',
  'hid',
  'idle-detection',
  'local-fonts',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'publickey-credentials-get',
  'screen-wake-lock',
  'serial',
  'usb',
  'xr-spatial-tracking',
] as const;

/** Headers of every answer, ours or evidence. */
export const commonHeaders = (): Record<string, string> => ({
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'X-DNS-Prefetch-Control': 'off',
  'Permissions-Policy': DENIED_FEATURES.map((feature) => `${feature}=()`).join(', '),
});
