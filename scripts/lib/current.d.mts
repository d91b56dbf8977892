export function commandLineIsCurrent(folder?: string): boolean;
