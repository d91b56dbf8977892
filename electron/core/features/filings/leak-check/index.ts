export { checkPackage } from './check-package.ts';
export type { LeakCheckInput, LeakCheckResult } from './check-package.ts';
export type { Decoding, FinishedFile } from './finished-file.ts';
export { checkZip } from './allow-lists.ts';
export type { FinishedFormat, OutsideAllowList } from './allow-lists.ts';
export type { LeakFinding } from './findings.ts';
export { idSearch } from './id-search.ts';
export type { IdSearch } from './id-search.ts';
export type { InventoryEntry, InventoryKind } from './inventory.ts';
