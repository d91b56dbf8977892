import { describe, expect, it } from 'vitest';
import type { Indicator, IndicatorType } from '#shared/surveillance/indicators.ts';
import { StrictMatcher } from './strict-checks.ts';

const make = (type: IndicatorType, ...values: string[]): StrictMatcher =>
  new StrictMatcher(values.map((value): Indicator => ({ value, type, collection: 'C', set: 's' })));

const hows = (matches: readonly { how: string }[]): string[] => matches.map(({ how }) => how);

describe('strict links', () => {
  const hosts = make(
    'domains',
    'sub.evil-host.net',
    'www.evil-www.org',
    'bücher-evil.de',
    '203.0.113.7',
    '198.51.100.0/24',
  );

  it.each([
    'https://sub.evil-host.net/x',
    'https://a.b.sub.evil-host.net',
    'HTTPS://SUB.Evil-Host.NET:8443/',
    'https://user:pw@sub.evil-host.net./',
    'sub.evil-host.net',
    'hxxps://sub[.]evil-host(.)net/login',
    'https://sub%2Eevil-host%2enet/',
    'https://sub。evil-host。net/',
    'https_sub.evil-host.net_0',
    'intent://sub.evil-host.net/#Intent;scheme=https;end',
    'https://example.com/?u=https%3A%2F%2Fsub.evil-host.net%2Fx',
    'https://example.com/r?to=https://sub.evil-host.net/x',
    ' https://sub.evil-host.net/',
  ])('sees through the notation of %s', (url) => {
    expect(hosts.url(url).map(({ indicator }) => indicator.value)).toEqual(['sub.evil-host.net']);
  });

  it.each([
    'https://evil-host.net/',
    'https://notsub.evil-host.net.example.com/',
    'https://xsub.evil-host.net.mx/',
    'https://sub.evil-host.net@example.com/',
    'https://example.com/sub.evil-host.net',
    'mailto:a@sub.evil-host.net',
    'https://evil-www.org/',
  ])('does not mistake %s for it', (url) => {
    expect(hosts.url(url)).toEqual([]);
  });

  it('takes www for a label like any other', () => {
    expect(hows(hosts.url('https://www.evil-www.org/'))).toEqual(['host']);
    expect(hows(hosts.url('https://a.www.evil-www.org/'))).toEqual(['sub-domain']);
  });

  it('knows both forms of an international name', () => {
    expect(hows(hosts.url('https://xn--bcher-evil-9db.de/'))).toEqual(['host']);
    expect(hows(hosts.url('https://BÜCHER-evil.de/'))).toEqual(['host']);
  });

  it.each([
    'https://xn--a.sub.evil-host.net/',
    'https://XN--99999999.sub.evil-host.net/x',
    'https://xn--.Sub.evil-host.net',
    'https://xn--a。sub．evil-host｡net/',
    'https://b\u00FCcher.xn--a.sub.evil-host.net/',
    'https://\u0644a.sub.evil-host.net/',
  ])('lets no label that international names refuse hide the host of %s', (url) => {
    expect(hosts.url(url).map(({ indicator }) => indicator.value)).toEqual(['sub.evil-host.net']);
  });

  it('knows an international name below a label that is none', () => {
    expect(hows(hosts.url('https://xn--a.b\u00FCcher-evil.de/'))).toEqual(['sub-domain']);
    expect(hows(make('domains', 'xn--a.example').url('https://XN--A.example/'))).toEqual(['host']);
  });

  it('compares addresses as numbers, ranges too', () => {
    expect(hows(hosts.url('http://203.0.113.7:8080/x'))).toEqual(['address']);
    expect(hosts.url('http://203.0.113.70/')).toEqual([]);
    expect(hosts.url('http://1203.0.113.7/')).toEqual([]);
    expect(hows(hosts.url('http://[::ffff:203.0.113.7]/'))).toEqual(['address']);
    expect(hows(hosts.url('198.51.100.200'))).toEqual(['address-range']);
    expect(hosts.url('198.51.101.1')).toEqual([]);
  });

  it('lists every campaign that a link belongs to', () => {
    const both = new StrictMatcher([
      { value: 'evil.com', type: 'domains', collection: 'A', set: '1' },
      { value: 'evil.com', type: 'domains', collection: 'B', set: '2' },
      { value: 'https://x.evil.com/p', type: 'urls', collection: 'C', set: '3' },
    ]);
    expect(both.url('http://x.evil.com:80/p#top').map(({ indicator }) => indicator.collection)).toEqual([
      'C',
      'A',
      'B',
    ]);
  });

  it('always knows the own link of an indicator', () => {
    for (const url of [
      'https://a.example/Path/?q=1',
      'b.example/x',
      'http://c.example',
      'http://[2001:db8::1]:8080/x',
    ]) {
      expect(hows(make('urls', url).url(url))).toEqual(['exact-url']);
    }
  });
});

describe('strict files, names and hashes', () => {
  it('counts path components, not letters', () => {
    const paths = make('file_paths', '/private/var/tmp/evil/');
    expect(hows(paths.filePath('/private/var/tmp/evil'))).toEqual(['path']);
    expect(hows(paths.filePath('/private/var/tmp/evil/a/b'))).toEqual(['path']);
    expect(paths.filePath('/private/var/tmp/evil2')).toEqual([]);
  });

  it('compares names that the system cut to 16 bytes as cut', () => {
    const names = make('processes', 'com.apple.rapports.events', 'bh');
    expect(hows(names.process('com.apple.rappor'))).toEqual(['truncated']);
    expect(names.process('com.apple.rappo')).toEqual([]);
    expect(hows(names.process('/usr/libexec/bh'))).toEqual(['equal']);
  });

  it('reads e-mail, hashes and package processes as people write them', () => {
    expect(hows(make('emails', 'a@b.com').email(' mailto:A@B.com '))).toEqual(['equal']);
    expect(hows(make('app_cert_hashes', 'ABAB').certificateHash('ab:ab'))).toEqual(['equal']);
    expect(hows(make('app_ids', 'com.Evil').appId('com.evil:service'))).toEqual(['equal']);
    expect(make('ios_profile_ids', '1A2B3C4D').profile('1A2B')).toEqual([]);
  });
});
