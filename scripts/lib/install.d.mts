export function checkNode(): void;
export function installed(folder?: string): boolean;
export function ensureInstalled(): Promise<void>;
