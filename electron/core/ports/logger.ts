import type { ErrorCode } from '#shared/errors.ts';

/**
 * The local log. Its fields are a closed list on purpose: no message text, no input, no path, no foreign
 * error text can be written, because there is no field to put it in.
 */
export interface LogEntry {
  readonly event: 'call' | 'task' | 'engine' | 'parser' | 'vault';
  /** Method or task name from the contract. */
  readonly name: string;
  readonly code?: ErrorCode;
  readonly durationMs?: number;
  /** Frames of our own files only, `file:line`. */
  readonly frames?: readonly string[];
}

export interface Logger {
  write(entry: LogEntry): void;
}
