import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';

import type { BrowserContext, CDPSession, Page, Route } from 'playwright-core';

import { toApp, toBrowser } from './addresses.ts';
import { denyPermissions, newWindowContext, rendererPids } from './browser.ts';
import { decode, encode } from './encoding.ts';
import type { StandIn } from './stand-in.ts';
import { pageWorldScript } from './page-world.ts';
import type { HostMessage, PageMessage } from './page-messages.ts';
import { resolveFiles } from './picked-files.ts';
import type { Session } from './session.ts';
import { WebContents } from './web-contents.ts';

type NavigationEvent = { preventDefault: () => void; url: string; isMainFrame: boolean };

interface WindowOptions {
  width?: number;
  height?: number;
  webPreferences?: { session?: Session; preload?: string; additionalArguments?: string[] };
}

/** Windows are opened one after the other, so that a new renderer process can be told from the others. */
let opening: Promise<unknown> = Promise.resolve();

/** One window of the application as a page of the installed browser, in a profile of its own. */
export class PreviewWindow extends EventEmitter {
  readonly webContents: WebContents;
  readonly kind: 'main' | 'unlock';
  private readonly standIn: StandIn;
  private readonly options: WindowOptions;
  private readonly session: Session;
  private readonly deliver = `r${randomBytes(8).toString('hex')}`;
  private readonly frame = { url: '' };
  private readonly ready: Promise<void>;
  private context: BrowserContext | null = null;
  private page_: Page | null = null;
  private devtools: CDPSession | null = null;
  private mainContext = 0;
  private pid: number | null = null;
  private gone = false;
  private expected = '';
  private backlog: HostMessage[] = [];

  constructor(standIn: StandIn, options: WindowOptions) {
    super();
    this.standIn = standIn;
    this.options = options;
    const preferences = options.webPreferences ?? {};
    if (preferences.session === undefined) throw new Error('a window needs a session of its own');
    this.session = preferences.session;
    this.kind =
      preferences.additionalArguments?.includes('--resguardo-window=unlock') === true ? 'unlock' : 'main';
    this.webContents = new WebContents({
      session: this.session,
      mainFrame: this.frame,
      send: (message) => this.sendToPage(message),
      crash: () => void this.devtools?.send('Page.crash').catch(() => undefined),
      pid: () => this.pid,
      print: () => this.print(),
    });
    this.ready = opening = opening
      .then(() => this.open())
      .catch((error: unknown) => {
        standIn.problem(error);
      });
    standIn.windowCreated(this);
  }

  get page(): Page | null {
    return this.page_;
  }
  get rendererPid(): number | null {
    return this.pid;
  }
  get session_(): CDPSession | null {
    return this.devtools;
  }

  private async open(): Promise<void> {
    if (this.gone) return;
    const browser = await this.standIn.browser();
    const { width = 1_280, height = 720 } = this.options;
    this.context = await newWindowContext(browser, this.standIn.launch, {
      width,
      height: this.kind === 'main' ? 720 : height,
    });
    await this.context.route('**/*', (route) => this.route(route));
    const page = await this.context.newPage();
    this.page_ = page;
    this.context.on('page', (other) => void other.close());
    page.on('close', () => this.markClosed());
    page.on('crash', () => this.webContents.emit('render-process-gone', {}, { reason: 'crashed' }));
    const devtools = await this.context.newCDPSession(page);
    this.devtools = devtools;
    await denyPermissions(devtools);
    devtools.on('Runtime.executionContextCreated', ({ context }) => {
      const data = context.auxData as { isDefault?: boolean; frameId?: string } | undefined;
      if (data?.isDefault === true && data.frameId === this.mainFrameId) this.mainContext = context.id;
    });
    devtools.on('Runtime.bindingCalled', ({ payload, executionContextId }) => {
      void this.receive(payload, executionContextId).catch((error: unknown) => this.standIn.problem(error));
    });
    const { frameTree } = await devtools.send('Page.getFrameTree');
    this.mainFrameId = frameTree.frame.id;
    await devtools.send('Page.enable');
    devtools.on('Page.frameNavigated', ({ frame }) => {
      if (frame.parentId === undefined) this.frame.url = toApp(frame.url);
    });
    await devtools.send('Runtime.enable');
    const binding = `b${randomBytes(8).toString('hex')}`;
    await devtools.send('Runtime.addBinding', { name: binding });
    const { preload, additionalArguments = [] } = this.options.webPreferences ?? {};
    await devtools.send('Page.addScriptToEvaluateOnNewDocument', {
      source: pageWorldScript(
        { binding, deliver: this.deliver, argv: additionalArguments.map(toBrowser) },
        preload === undefined ? '' : readFileSync(preload, 'utf8'),
      ),
    });
    page.on('load', () => {
      this.webContents.emit('did-finish-load');
      this.emit('ready-to-show');
    });
    this.standIn.windowOpened(this, page, () => this.gone);
  }
  private mainFrameId = '';

  async loadURL(url: string): Promise<void> {
    this.expected = toBrowser(url);
    await this.ready;
    if (this.gone || this.page_ === null) return;
    const browser = await this.standIn.browser();
    await this.page_.goto(this.expected).catch((error: unknown) => {
      if (!this.gone) this.standIn.problem(error);
    });
    if (this.gone) return;
    // Its profile is its own, so its process is one that no window had before.
    this.pid = [...(await rendererPids(browser))].find((id) => !this.standIn.knownPids.has(id)) ?? null;
    if (this.pid !== null) this.standIn.knownPids.add(this.pid);
    await this.standIn.mark(this);
  }

  /** Every request of the page and of its frames; what main does not serve does not happen. */
  private async route(route: Route): Promise<void> {
    const request = route.request();
    const url = toApp(request.url());
    try {
      const isMainFrame = request.isNavigationRequest() && request.frame() === this.page_?.mainFrame();
      if (request.isNavigationRequest() && !this.mayNavigate(request.url(), url, isMainFrame)) {
        // "No content" leaves the page where it is, as a prevented navigation does; an abort would show an error page.
        return await (isMainFrame ? route.fulfill({ status: 204 }) : route.abort('blockedbyclient'));
      }
      const response = await this.session.answer(
        url,
        request.resourceType(),
        new Request(url, { method: request.method(), headers: await request.allHeaders() }),
      );
      if (response === null) {
        this.standIn.refused(url);
        return await route.abort('blockedbyclient');
      }
      const headers: Record<string, string> = {};
      response.headers.forEach((value, name) => (headers[name] = toBrowser(value)));
      await route.fulfill({
        status: response.status,
        headers,
        body: Buffer.from(await response.arrayBuffer()),
      });
    } catch (error) {
      if (!this.gone) this.standIn.problem(error);
    }
  }

  private mayNavigate(browserUrl: string, url: string, isMainFrame: boolean): boolean {
    if (isMainFrame && browserUrl === this.expected && this.frame.url === '') return true;
    let prevented = false;
    const event: NavigationEvent = { preventDefault: () => (prevented = true), url, isMainFrame };
    if (isMainFrame) this.webContents.emit('will-navigate', event, url);
    this.webContents.emit('will-frame-navigate', event);
    if (prevented) this.standIn.refused(url);
    return !prevented;
  }

  private async receive(payload: string, executionContextId: number): Promise<void> {
    const message = decode(payload) as PageMessage;
    if (this.gone) return;
    if (message.t === 'copied') return this.standIn.copied(message.text);
    if (message.t === 'port') return void this.webContents.ports.get(message.id)?.postMessage(message.data);
    // A frame other than the main one has a context of its own and is shown to main as such.
    const senderFrame = executionContextId === this.mainContext ? this.frame : { url: 'about:blank' };
    try {
      const args = (await resolveFiles(
        message.args,
        this.deliver,
        this.devtools,
        this.mainContext,
      )) as unknown[];
      const value = await this.standIn.invoke(
        message.channel,
        { sender: this.webContents, senderFrame },
        args,
      );
      this.sendToPage({ t: 'answer', id: message.id, value });
    } catch (error) {
      this.sendToPage({ t: 'answer', id: message.id, failed: error instanceof Error ? error.name : 'Error' });
      this.standIn.problem(error);
    }
  }

  private sendToPage(message: HostMessage): void {
    if (this.gone || this.devtools === null) return;
    if (this.mainContext === 0) return void this.backlog.push(message);
    void this.devtools
      .send('Runtime.evaluate', {
        expression: `globalThis[${JSON.stringify(this.deliver)}](${JSON.stringify(encode(message))})`,
        contextId: this.mainContext,
      })
      .catch(() => undefined);
  }

  /** A browser that is driven has no printer; a test gets the file that one would have got. */
  private async print(): Promise<boolean> {
    const { test } = this.standIn.launch;
    if (test === null || this.devtools === null) return false;
    const { data } = await this.devtools.send('Page.printToPDF', { printBackground: true });
    test.printed.push(new Uint8Array(Buffer.from(data, 'base64')));
    return true;
  }

  private markClosed(): void {
    if (this.gone) return;
    this.gone = true;
    this.webContents.markDestroyed();
    this.emit('closed');
    this.standIn.windowClosed(this);
  }

  show(): void {}
  focus(): void {
    void this.page_?.bringToFront().catch(() => undefined);
  }
  /** Blanks the page from outside it, which needs no script of the page to run. */
  hide(): void {
    void this.devtools
      ?.send('Emulation.setDefaultBackgroundColorOverride', { color: { r: 0, g: 0, b: 0, a: 1 } })
      .catch(() => undefined);
    void this.page_
      ?.evaluate(() => document.documentElement.style.setProperty('visibility', 'hidden'))
      .catch(() => undefined);
  }
  setContentProtection(_enabled: boolean): void {}
  isDestroyed(): boolean {
    return this.gone;
  }
  destroy(): void {
    const context = this.context;
    this.markClosed();
    void this.ready.then(() => (context ?? this.context)?.close()).catch(() => undefined);
  }
}
