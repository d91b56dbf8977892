import { EventEmitter } from 'node:events';

type Handler = (request: Request) => Response | Promise<Response>;
type BeforeRequest = (
  details: { url: string; resourceType: string },
  decide: (answer: { cancel?: boolean }) => void,
) => void;

/**
 * Electron's session: what main sets is kept here and carried out by the window's interception. What the
 * browser itself refuses by its launch flags and its throw-away profile (permissions, devices, downloads)
 * needs nothing more.
 */
export class Session extends EventEmitter {
  readonly handlers = new Map<string, Handler>();
  private beforeRequest: BeforeRequest | null = null;

  readonly protocol = {
    handle: (scheme: string, handler: Handler): void => void this.handlers.set(scheme, handler),
  };
  readonly webRequest = {
    onBeforeRequest: (listener: BeforeRequest): void => void (this.beforeRequest = listener),
  };

  setPermissionRequestHandler(_handler: unknown): void {}
  setPermissionCheckHandler(_handler: unknown): void {}
  setDevicePermissionHandler(_handler: unknown): void {}
  setDisplayMediaRequestHandler(_handler: unknown): void {}
  setSpellCheckerEnabled(_enabled: boolean): void {}

  /** The answer to a request, or null when it is refused or nobody serves it. */
  async answer(url: string, resourceType: string, request: Request): Promise<Response | null> {
    const handler = this.handlers.get(new URL(url).protocol.slice(0, -1));
    let cancelled = false;
    this.beforeRequest?.({ url, resourceType }, ({ cancel }) => {
      cancelled = cancel === true;
    });
    return cancelled || handler === undefined ? null : handler(request);
  }
}

export const createSessions = (created: (session: Session) => void) => {
  const partitions = new Map<string, Session>();
  return {
    fromPartition(name: string): Session {
      let session = partitions.get(name);
      if (session === undefined) {
        session = new Session();
        partitions.set(name, session);
        created(session);
      }
      return session;
    },
  };
};
