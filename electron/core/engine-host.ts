import { contract, isMethodName } from '#shared/contract/index.ts';
import type { BridgeFailure, BridgeResult } from '#shared/contract/bridge.ts';
import type {
  EngineSettings,
  FromEngine,
  PortCall,
  ToEngine,
  ViewPart,
} from '#shared/contract/engine-wire.ts';
import { isAppError } from '#shared/errors.ts';
import { createCore, type Core } from './create-core.ts';
import { lookAtHeader } from './features/vault/index.ts';
import { ParserRelay } from './parser-relay.ts';
import type { ParserLauncher, Ports } from './ports/index.ts';
import type { ParentPort, WirePort } from './wire-port.ts';

/** Largest piece of a view that is sent at once; the viewer asks for the rest. */
const MAX_VIEW_BYTES = 16 * 1024 * 1024;

/** Failures that the same window may correct: nothing was tried yet, or nothing that proves a person. */
const CORRECTABLE: ReadonlySet<string> = new Set([
  'vault.passphraseTooWeak',
  'vault.passphraseLength',
  'call.invalidInput',
  'slots.secondPersonNeeded',
  'slots.keyFileSize',
  'slots.keyFileEditable',
  'slots.machineSecret',
  'recovery.wordCount',
  'recovery.unknownWord',
  'recovery.checksum',
  'recovery.pageDamaged',
  'recovery.pageWord',
  'recovery.pageOtherSet',
  'recovery.pageTwice',
  'recovery.pagesTooFew',
  'recovery.notCopied',
]);

/**
 * Binds a core to the messages of the shell.
 *
 * @param makePorts builds the core's ports once the shell has said where it runs.
 * @returns nothing; it lives as long as the process.
 */
export const hostEngine = (
  parent: ParentPort,
  makePorts: (settings: EngineSettings, parsers: ParserLauncher) => Promise<Ports>,
): void => {
  const say = (message: FromEngine): void => {
    parent.postMessage(message);
  };
  const relay = new ParserRelay(say);
  let engine: Promise<Engine> | null = null;

  const onMessage = async (message: ToEngine, ports: readonly WirePort[]): Promise<void> => {
    if (message.type === 'start') {
      engine ??= makePorts(message.settings, relay).then((made) => {
        const started = new Engine(made, say);
        say({ type: 'ready' });
        return started;
      });
      await engine;
      return;
    }
    if (message.type === 'parserStarted') {
      relay.started(message.id, message.started ? (ports[0] ?? null) : null);
      return;
    }
    if (message.type === 'parserExited') {
      relay.exited(message.id);
      return;
    }
    if (engine === null) return;
    const running = await engine;
    switch (message.type) {
      case 'call':
        say({ type: 'answer', id: message.id, result: await running.call(message.method, message.input) });
        return;
      case 'grant':
        running.core.grant(message.grant);
        say({ type: 'granted', id: message.grant.id, refused: await running.refusal(message.grant) });
        return;
      case 'unlockPort':
        if (ports[0] !== undefined) running.joinUnlockPort(ports[0], message.ticket);
        return;
      case 'view':
        say({
          type: 'view',
          id: message.id,
          view: await running.view(message.token, message.start, message.end),
        });
        return;
      case 'lock':
        await running.lock();
        say({ type: 'locked' });
        return;
    }
  };

  parent.on('message', ({ data, ports }) => {
    void onMessage(data as ToEngine, ports);
  });
};

class Engine {
  readonly core: Core;
  readonly #ports: Ports;
  readonly #say: (message: FromEngine) => void;
  /** Set while a lock was asked for: then a closed session is no surprise. */
  #locking = false;

  constructor(ports: Ports, say: (message: FromEngine) => void) {
    this.#ports = ports;
    this.#say = say;
    this.core = createCore(ports);
    this.core.subscribe((event) => {
      say({ type: 'event', event });
      if (event.name === 'preferences.changed') void this.#tellHostSettings();
      if (event.name === 'session.changed' && event.payload.state === 'closed' && !this.#locking) {
        say({ type: 'lockMe', notice: { code: 'vault.takenOver' } });
      }
    });
  }

  async call(method: string, input: unknown): Promise<BridgeResult> {
    if (method !== 'vault.lock') return this.core.dispatch({ method, input, surface: 'any' });
    this.#locking = true;
    const result = await this.core.dispatch({ method, input, surface: 'any' });
    this.#say({ type: 'lockMe', notice: null });
    return result;
  }

  /** A vault's header is looked at before anybody types a passphrase for it. */
  async refusal(grant: Extract<ToEngine, { type: 'grant' }>['grant']): Promise<BridgeFailure | null> {
    if (grant.kind !== 'vault' || grant.mode !== 'open') return null;
    try {
      await lookAtHeader(this.#ports, grant.path);
      return null;
    } catch (thrown) {
      return { code: isAppError(thrown) ? thrown.code : 'call.internal' };
    }
  }

  joinUnlockPort(port: WirePort, ticket: string | null): void {
    port.on('message', ({ data }) => {
      const call = data as PortCall;
      void this.#unlockCall(call).then((result) => {
        port.postMessage({ id: call.id, result });
        this.#tellOutcome(call, result, ticket);
      });
    });
    port.start?.();
  }

  #unlockCall(call: PortCall): Promise<BridgeResult> {
    return this.core.dispatch({ method: call.method, input: call.input, surface: 'unlock' });
  }

  /** What an attempt came to decides whether the unlock window goes, and which one comes. */
  #tellOutcome(call: PortCall, result: BridgeResult, ticket: string | null): void {
    if (!isMethodName(call.method) || contract[call.method].surface !== 'unlock') return;
    const attempt = call.method === 'vault.unlock' || call.method === 'vault.create';
    if (!attempt && contract[call.method].kind === 'query') return;
    const vault = attempt ? folderOf(call.input) : null;
    if (!result.ok) {
      if (!CORRECTABLE.has(result.error.code))
        this.#say({ type: 'attemptFailed', vault, ticket, failure: result.error });
    } else if (attempt && vault !== null) {
      this.#say({ type: 'opened', vault });
      void this.#tellHostSettings();
    } else if (!attempt && !contract[call.method].step) {
      this.#say({ type: 'ticketDone', ticket });
    }
  }

  async #tellHostSettings(): Promise<void> {
    const result = await this.core.dispatch({ method: 'preferences.get', input: {}, surface: 'any' });
    const parsed = result.ok ? contract['preferences.get'].output.safeParse(result.value) : null;
    if (parsed?.success !== true) return;
    const { idleLockMinutes, language } = parsed.data;
    this.#say({ type: 'hostSettings', settings: { idleSeconds: idleLockMinutes * 60, language } });
  }

  /** `start` and `end` inclusive, as in an HTTP range; null for the beginning and as much as goes at once. */
  async view(token: string, start: number | null, end: number | null): Promise<ViewPart | null> {
    const source = this.core.view(token);
    if (source === null) return null;
    const from = Math.max(0, start ?? 0);
    const last = Math.min(end ?? source.totalBytes - 1, source.totalBytes - 1, from + MAX_VIEW_BYTES - 1);
    if (last < from && source.totalBytes > 0) return null;
    try {
      const bytes = await source.read(from, last + 1);
      return { mime: source.mime, totalBytes: source.totalBytes, start: from, bytes };
    } catch {
      return null;
    }
  }

  async lock(): Promise<void> {
    this.#locking = true;
    await this.core.close();
  }
}

const folderOf = (input: unknown): string | null =>
  typeof input === 'object' && input !== null && 'folder' in input && typeof input.folder === 'string'
    ? input.folder
    : null;
