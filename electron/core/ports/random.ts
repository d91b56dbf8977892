/** Randomness as the core sees it; tests hand in a seeded one so that the same input gives the same bytes. */
export interface Random {
  /** `count` unpredictable bytes, in memory of their own (never the shared Buffer pool). */
  bytes(count: number): Buffer;
}
