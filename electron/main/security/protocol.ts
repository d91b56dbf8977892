import { randomBytes } from 'node:crypto';

import type { ViewPart } from '#shared/contract/engine-wire.ts';

import type { AppFiles } from './app-table.ts';
import { APP_ORIGIN, commonHeaders, pagePolicy, VIEWER_ORIGIN, viewerPolicy } from './policy.ts';

/** Gives the bytes behind a view token; null when there are none (any more). */
export type FetchView = (
  token: string,
  range: { start: number; end: number | null } | null,
) => Promise<ViewPart | null>;

/** What the viewer shows. Markup of any kind is not among it; mail and office files come as plain text. */
const VIEWABLE = /^(image\/(png|jpeg|webp|gif)|text\/plain|audio\/[a-z0-9.+-]+|video\/[a-z0-9.+-]+)$/;
const TOKEN = /^\/([A-Za-z0-9_-]{16,128})$/;
const RANGE = /^bytes=(\d{1,15})-(\d{1,15})?$/;

const refuse = (status: number): Response => new Response(null, { status, headers: commonHeaders() });

const answerPage = (files: AppFiles, target: string): Response => {
  const found = files.get(target);
  if (found === null) return refuse(404);
  const headers: Record<string, string> = { ...commonHeaders(), 'Content-Type': found.type };
  if (!found.type.startsWith('text/html')) return new Response(new Uint8Array(found.bytes), { headers });
  const nonce = randomBytes(18).toString('base64');
  headers['Content-Security-Policy'] = pagePolicy(nonce);
  headers['Cross-Origin-Opener-Policy'] = 'same-origin';
  return new Response(found.bytes.toString('utf8').replaceAll('__NONCE__', nonce), { headers });
};

/** The engine gives large things in pieces; one picture asked for whole is put together as it is read. */
const wholeView = (fetchView: FetchView, token: string, first: ViewPart): ReadableStream<Uint8Array> => {
  let next: ViewPart | null = first;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (next === null || next.bytes.length === 0) return controller.close();
      controller.enqueue(new Uint8Array(next.bytes));
      const position: number = next.start + next.bytes.length;
      next = position < first.totalBytes ? await fetchView(token, { start: position, end: null }) : null;
      if (position >= first.totalBytes) controller.close();
    },
  });
};

const answerView = async (fetchView: FetchView, target: string, range: string | null): Promise<Response> => {
  const token = TOKEN.exec(target)?.[1];
  if (token === undefined) return refuse(404);
  const asked = range === null ? null : RANGE.exec(range);
  if (range !== null && asked === null) return refuse(416);
  const part = await fetchView(
    token,
    asked === null
      ? null
      : { start: Number(asked[1]), end: asked[2] === undefined ? null : Number(asked[2]) },
  );
  if (part === null) return refuse(404);
  const mime = part.mime.split(';')[0]?.trim() ?? '';
  if (!VIEWABLE.test(mime)) return refuse(415);
  const headers: Record<string, string> = {
    ...commonHeaders(),
    'Content-Type': mime === 'text/plain' ? 'text/plain; charset=utf-8' : mime,
    'Content-Security-Policy': viewerPolicy(),
    'Accept-Ranges': 'bytes',
    'Content-Length': String(part.bytes.length),
  };
  if (asked === null) {
    headers['Content-Length'] = String(part.totalBytes);
    return new Response(wholeView(fetchView, token, part), { headers });
  }
  if (part.bytes.length < part.totalBytes || part.start > 0) {
    headers['Content-Range'] = `bytes ${part.start}-${part.start + part.bytes.length - 1}/${part.totalBytes}`;
  }
  return new Response(new Uint8Array(part.bytes), { status: 206, headers });
};

/**
 * Answers `app://`. A request is looked up whole, as the string that arrived: nothing is decoded, joined or
 * cleaned, so there is no spelling of `..` to get wrong.
 */
export const appProtocol =
  (files: AppFiles, fetchView: FetchView) =>
  async (request: { url: string; method: string; headers: Headers }): Promise<Response> => {
    if (request.method !== 'GET') return refuse(405);
    const { url } = request;
    if (url.startsWith(`${APP_ORIGIN}/`)) return answerPage(files, url.slice(APP_ORIGIN.length));
    if (url.startsWith(`${VIEWER_ORIGIN}/`)) {
      return answerView(fetchView, url.slice(VIEWER_ORIGIN.length), request.headers.get('range'));
    }
    return refuse(404);
  };
