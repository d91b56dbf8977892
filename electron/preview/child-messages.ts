/** Between the stand-in and a forked process that believes in `process.parentPort`. */
export type ChildMessage =
  | { readonly k: 'message'; readonly data: unknown; readonly ports: readonly number[] }
  | { readonly k: 'port'; readonly id: number; readonly data: unknown }
  | { readonly k: 'close'; readonly id: number };
