/** The same object without properties that are undefined: an optional field of the contract that was left out. */
export type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/**
 * Drops undefined properties, so that spreading over defaults keeps the defaults. Required keys stay required.
 */
export function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Defined<T>;
}
