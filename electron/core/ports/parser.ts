/** A running parser process as the engine sees it: messages out, messages in, an end. */
export interface ParserChannel {
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  /**
   * Sends bytes over a way of their own beside the messages, in order; left out where there is none. The memory has to
   * stay as it is until the process has answered.
   */
  pour?(bytes: Uint8Array): void;
  /**
   * Lays bytes where the process can read them at once, and gives their place; null where they do not fit, left out where
   * there is no such memory. What was laid into the same slot before is gone. There are at least four slots.
   */
  lay?(bytes: Uint8Array, slot: number): number | null;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once when the process has ended, for whatever reason. */
  onExit(listener: () => void): void;
  kill(): void;
  /** Memory that the process holds now, in bytes; null or left out where the platform does not tell. */
  residentBytes?(): Promise<number | null>;
}

/** `wasm`: no native addon at all. `image`: `sharp` only. */
export type ParserKind = 'wasm' | 'image';

/**
 * Starts parser processes. In the application the shell does it (`utilityProcess.fork`) and hands the
 * engine a port; in the command line and tests it is `child_process.fork` with an empty environment.
 */
export interface ParserLauncher {
  start(kind: ParserKind): Promise<ParserChannel>;
}
