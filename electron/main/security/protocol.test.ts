import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ViewPart } from '#shared/contract/engine-wire.ts';

import { openAppFiles } from './app-table.ts';
import { writeAppTable } from './build-table.ts';
import { appProtocol } from './protocol.ts';
import type { FetchView } from './protocol.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'resguardo-table-'));
  mkdirSync(join(folder, 'renderer', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'outside');
  writeFileSync(join(folder, 'renderer', 'index.html'), '<meta nonce="__NONCE__"><p>page</p>');
  writeFileSync(join(folder, 'renderer', 'assets', 'a.js'), 'export {};');
  writeAppTable(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TOKEN = 'a'.repeat(32);
const noViews: FetchView = () => Promise.resolve(null);
const ask = (
  url: string,
  options: { method?: string; range?: string; fetchView?: FetchView } = {},
): Promise<Response> =>
  appProtocol(
    openAppFiles(folder),
    options.fetchView ?? noViews,
  )({
    url,
    method: options.method ?? 'GET',
    headers: new Headers(options.range === undefined ? {} : { range: options.range }),
  });

describe('app://resguardo', () => {
  it('serves what the build listed, with the policy and a fresh nonce on every page', async () => {
    const [one, two] = await Promise.all([
      ask('app://resguardo/index.html'),
      ask('app://resguardo/index.html'),
    ]);
    expect(one.status).toBe(200);
    const nonces = [await one.text(), await two.text()].map(
      (html) => /nonce="([^"]+)"/.exec(html)?.[1] ?? '',
    );
    expect(nonces[0]).not.toBe('__NONCE__');
    expect(nonces[0]).not.toBe(nonces[1]);
    const policy = one.headers.get('content-security-policy') ?? '';
    expect(policy).toContain(`'nonce-${nonces[0]}'`);
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "object-src 'none'",
      "worker-src 'self'",
      "require-trusted-types-for 'script'",
    ])
      expect(policy.split('; ')).toContain(rule);
    expect(policy).not.toMatch(/unsafe|blob:|\*/);
    expect((await ask('app://resguardo/assets/a.js')).headers.get('content-type')).toMatch(
      /^text\/javascript/,
    );
  });

  it.each([
    'app://resguardo/../secret.txt',
    'app://resguardo/..%2fsecret.txt',
    'app://resguardo/%2e%2e/secret.txt',
    'app://resguardo/%2e%2e%2fsecret.txt',
    'app://resguardo/..%5csecret.txt',
    'app://resguardo/..\\secret.txt',
    'app://resguardo/assets/../index.html',
    'app://resguardo/assets/%2e%2e/index.html',
    'app://resguardo/index.html%00',
    'app://resguardo/index.html%00.js',
    'app://resguardo//index.html',
    'app://resguardo/./index.html',
    'app://resguardo/index.html/',
    'app://resguardo/index.html?x=1',
    'app://resguardo/index.html#x',
    'app://resguardo/INDEX.HTML',
    'app://resguardo/index.html::$DATA',
    'app://resguardo/index.html.',
    'app://resguardo/index.html%20',
    'app://resguardo/C:/Windows/win.ini',
    'app://resguardo/C%3A%5CWindows%5Cwin.ini',
    'app://resguardo//etc/passwd',
    'app://resguardo/%c0%ae%c0%ae/secret.txt',
    'app://resguardo/%e0%80%ae%e0%80%ae/secret.txt',
    'app://resguardo/%252e%252e/secret.txt',
    'app://resguardo/__proto__',
    'app://resguardo/constructor',
    'app://resguardo/',
    'app://resguardo',
    'app://resguardo.example/index.html',
    'app://resguardo:80/index.html',
    'app://user@resguardo/index.html',
    'app://otro/index.html',
    'file:///etc/passwd',
  ])('refuses %s', async (url) => {
    const response = await ask(url);
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('');
  });

  it.each(['HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'])('refuses %s', async (method) => {
    expect((await ask('app://resguardo/index.html', { method })).status).toBe(405);
  });

  it('does not serve a file that changed after the build', async () => {
    const path = join(folder, 'renderer', 'assets', 'a.js');
    writeFileSync(path, 'export const changed = 1;');
    expect((await ask('app://resguardo/assets/a.js')).status).toBe(404);
    writeFileSync(path, 'export {};');
    expect((await ask('app://resguardo/assets/a.js')).status).toBe(200);
  });
});

describe('app://visor', () => {
  const content = Buffer.from('0123456789');
  const view =
    (mime: string, pieceBytes = 100): FetchView =>
    (token, range) => {
      const start = range?.start ?? 0;
      const end = Math.min(range?.end ?? content.length - 1, start + pieceBytes - 1, content.length - 1);
      const part: ViewPart = {
        mime,
        totalBytes: content.length,
        start,
        bytes: content.subarray(start, end + 1),
      };
      return Promise.resolve(token === TOKEN ? part : null);
    };

  it('shows what a token stands for, sandboxed, never sniffed, never kept', async () => {
    const response = await ask(`app://visor/${TOKEN}`, { fetchView: view('image/png') });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('0123456789');
    expect(response.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('puts together what the engine gives in pieces', async () => {
    const response = await ask(`app://visor/${TOKEN}`, { fetchView: view('image/png', 3) });
    expect(response.headers.get('content-length')).toBe('10');
    expect(await response.text()).toBe('0123456789');
  });

  it('answers ranges as a player asks for them', async () => {
    const response = await ask(`app://visor/${TOKEN}`, { fetchView: view('video/mp4'), range: 'bytes=2-4' });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe('bytes 2-4/10');
    expect(await response.text()).toBe('234');
    expect(
      (await ask(`app://visor/${TOKEN}`, { fetchView: view('video/mp4'), range: 'bytes=4-2,7' })).status,
    ).toBe(416);
  });

  it.each([
    'text/html',
    'image/svg+xml',
    'application/pdf',
    'application/xhtml+xml',
    'text/xml',
    'message/rfc822',
    '',
  ])('does not show %s', async (mime) => {
    expect((await ask(`app://visor/${TOKEN}`, { fetchView: view(mime) })).status).toBe(415);
  });

  it.each([`${TOKEN}b`, 'short', '../index.html', `${TOKEN}/x`, `${TOKEN}?x`, ''])(
    'refuses the token %s',
    async (token) => {
      expect((await ask(`app://visor/${token}`, { fetchView: view('image/png') })).status).toBe(404);
    },
  );
});
