export function bundle(entries: Readonly<Record<string, string>>, outdir: string): Promise<boolean>;
export function buildCommandLine(): Promise<boolean>;
export function buildAll(): Promise<boolean>;
