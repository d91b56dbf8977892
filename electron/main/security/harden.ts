import { app, protocol } from 'electron';
import type { Session, WebContents } from 'electron';

import { APP_ORIGIN, VIEWER_ORIGIN } from './policy.ts';

/**
 * Before the application is ready: no name is looked up, no proxy answers, no media or speech service is
 * asked, and the one scheme that pages come from is known.
 */
export const hardenStart = (): void => {
  const { commandLine } = app;
  commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  // A port where nothing listens: what gets past every other rule ends here, loopback included.
  commandLine.appendSwitch('proxy-server', 'http://127.0.0.1:9');
  commandLine.appendSwitch('proxy-bypass-list', '<-loopback>');
  // Two names, by version; a browser that does not know one of them ignores it without a word.
  commandLine.appendSwitch('webrtc-ip-handling-policy', 'disable_non_proxied_udp');
  commandLine.appendSwitch('force-webrtc-ip-handling-policy', 'disable_non_proxied_udp');
  commandLine.appendSwitch('disable-quic');
  commandLine.appendSwitch('disable-background-networking');
  commandLine.appendSwitch('disable-component-update');
  commandLine.appendSwitch('disable-domain-reliability');
  commandLine.appendSwitch('disable-breakpad');
  commandLine.appendSwitch('disable-speech-api');
  commandLine.appendSwitch('disable-spell-checking');
  commandLine.appendSwitch('no-pings');
  commandLine.appendSwitch(
    'disable-features',
    [
      'MediaRouter',
      'DialMediaRouteProvider',
      'WebSpeech',
      'OnDeviceSpeechRecognition',
      'OptimizationHints',
      'OptimizationGuideModelDownloading',
      'Translate',
      'AutofillServerCommunication',
      'InterestFeedContentSuggestions',
      'CertificateTransparencyComponentUpdater',
      'SpareRendererForSitePerProcess',
    ].join(','),
  );
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ]);
};

const REFUSED_DEVICE_EVENTS = ['select-hid-device', 'select-serial-port', 'select-usb-device'] as const;

/** Refuses everything that a page can ask of the computer: permissions, devices, downloads, other addresses. */
export const hardenSession = (session: Session): void => {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler(null);
  session.setSpellCheckerEnabled(false);
  for (const name of REFUSED_DEVICE_EVENTS) {
    session.on(name as 'select-usb-device', (event, _details, choose) => {
      event.preventDefault();
      choose();
    });
  }
  session.on('will-download', (event) => event.preventDefault());
  session.webRequest.onBeforeRequest((details, decide) => {
    const ours = details.url.startsWith(`${APP_ORIGIN}/`) || details.url.startsWith(`${VIEWER_ORIGIN}/`);
    const inline = details.url.startsWith('data:') && details.resourceType === 'image';
    decide({ cancel: !ours && !inline });
  });
};

/** A window stays on the page it was opened with, opens no other, and frames nothing but the viewer. */
export const hardenContents = (contents: WebContents): void => {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => {
    if (event.isMainFrame || !event.url.startsWith(`${VIEWER_ORIGIN}/`)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.on('select-bluetooth-device', (event, _devices, choose) => {
    event.preventDefault();
    choose('');
  });
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
};
