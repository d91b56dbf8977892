import type { CallOutput, Contract, HandlerInput, MethodName } from '#shared/contract/index.ts';
import type { CallContext, OpenCall, TaskHandle } from '../context.ts';

type ContextOf<M extends MethodName> = (Contract[M]['session'] extends 'open' ? OpenCall : CallContext) &
  (Contract[M]['kind'] extends 'task' ? { readonly task: TaskHandle } : unknown);

/** The use case behind one method. */
export type Handler<M extends MethodName> = (
  call: ContextOf<M>,
  input: HandlerInput<M>,
) => CallOutput<M> | Promise<CallOutput<M>>;

/** What a feature's `index.ts` gives: its methods and nothing else. */
export type Handlers<M extends MethodName> = { readonly [K in M]: Handler<K> };
export type AllHandlers = Handlers<MethodName>;
