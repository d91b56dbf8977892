import type { CallInput, CallOutput, MethodName } from '#shared/contract/index.ts';

/**
 * The contract as types only: the engine parses both directions, so the window needs no schema at run
 * time and carries no code that a strict policy would have to allow.
 */
export type { MethodName };
export type Input<M extends MethodName> = CallInput<M>;
export type Output<M extends MethodName> = CallOutput<M>;
