/** The small part of Electron's ports that the engine uses; written down here because core knows no Electron. */
export interface WirePort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  start?(): void;
  close?(): void;
}

/** `process.parentPort` of a utility process. */
export interface ParentPort {
  postMessage(message: unknown): void;
  on(
    event: 'message',
    listener: (event: { readonly data: unknown; readonly ports: readonly WirePort[] }) => void,
  ): unknown;
}
