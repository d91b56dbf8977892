/** Facts about where the core runs. */
export interface Platform {
  readonly host: 'application' | 'preview' | 'cli' | 'test';
  /** Preview, demo and tests open practice vaults only; the application opens both kinds. */
  readonly practiceOnly: boolean;
  /** Folder for the device profile (anchor copies); null: keep none. */
  readonly profileFolder: string | null;
  /** Strings of this computer that must never leave in an export: user name, host name, home folder. */
  readonly localNames: readonly string[];
  /** Version of the application, as in package.json. */
  readonly version: string;
}
