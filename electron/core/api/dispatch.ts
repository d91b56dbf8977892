import type { BridgeResult } from '#shared/contract/bridge.ts';
import { contract, isMethodName, type MethodName } from '#shared/contract/index.ts';
import { AppError, isAppError } from '#shared/errors.ts';
import { taskIdSchema } from '#shared/model/ids.ts';
import type { CallContext, CoreContext } from '../context.ts';
import { ownFrames } from './own-frames.ts';
import type { AllHandlers } from './handlers.ts';
import type { Tasks } from './tasks.ts';

export interface CallRequest {
  readonly method: string;
  readonly input: unknown;
  /** `unlock`: came over the unlock window's port, or from the command line's own process. */
  readonly surface: 'any' | 'unlock';
}

/** Erases the method's type: the contract guarantees that input, context and handler belong together. */
type AnyHandler = (call: CallContext, input: unknown) => unknown;

/**
 * The one gate. In this order: method known, surface allowed, input parsed strictly, session open, power held,
 * command queued behind the one before, errors mapped to codes, output parsed. Nothing else in the core
 * looks at who is asking.
 *
 * @returns a function that never rejects.
 */
export function createDispatch(
  core: CoreContext,
  handlers: AllHandlers,
  tasks: Tasks,
): (request: CallRequest) => Promise<BridgeResult> {
  let lastCommand: Promise<unknown> = Promise.resolve();
  /** Settles when the exclusive task that is under way, if any, has ended. */
  let exclusiveEnd: Promise<unknown> = Promise.resolve();

  /**
   * Nothing may write beside an exclusive task: it waits for its turn among the commands, other tasks wait for its
   * end, and it does not begin while one of them is under way.
   */
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = queued(() => {
      if (tasks.list().some((task) => task.state === 'running')) throw new AppError('call.tasksRunning');
      return work();
    });
    exclusiveEnd = mine.catch(() => undefined);
    return mine;
  };

  const queued = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = lastCommand.then(work, work);
    lastCommand = mine.catch(() => undefined);
    return mine;
  };

  const gate = (request: CallRequest): { name: MethodName; call: CallContext; input: unknown } => {
    if (!isMethodName(request.method)) throw new AppError('call.unknownMethod');
    const method = contract[request.method];
    if (method.surface === 'unlock' && request.surface !== 'unlock') throw new AppError('call.notAllowed');
    if (method.session === 'open' && core.session === null) throw new AppError('call.locked');
    if (method.power !== null && core.session !== null && !core.session.actor.powers.includes(method.power)) {
      throw new AppError('call.notAllowed');
    }
    const parsed = method.input.safeParse(request.input);
    if (!parsed.success) {
      const field = parsed.error.issues[0]?.path.join('.');
      throw new AppError('call.invalidInput', field === undefined || field === '' ? {} : { field });
    }
    const call = { core, method: request.method, task: null, session: core.session, db: core.session?.db };
    return { name: request.method, call, input: parsed.data };
  };

  const run = async (request: CallRequest): Promise<unknown> => {
    const { name } = gate(request);
    const method = contract[name];
    const handler = handlers[name] as AnyHandler;
    // The gate is passed again when the turn comes: a lock may have fallen while the command waited.
    const start = async (): Promise<unknown> => {
      const { call, input } = gate(request);
      return method.kind === 'task'
        ? tasks.run(taskIdSchema.parse(core.newId()), name, async (task) => handler({ ...call, task }, input))
        : handler(call, input);
    };
    const begin = async (): Promise<unknown> => {
      if (method.exclusive) return alone(start);
      if (method.kind === 'command') return queued(start);
      if (method.kind === 'task') await exclusiveEnd;
      return start();
    };
    const output = await begin();
    const parsed = method.output.safeParse(output);
    if (!parsed.success)
      throw new AppError('call.invalidOutput', { field: parsed.error.issues[0]?.path.join('.') ?? '' });
    return parsed.data;
  };

  return async (request) => {
    const began = core.ports.clock.monotonic();
    const name = isMethodName(request.method) ? request.method : 'unknown';
    try {
      const value = await run(request);
      core.ports.logger.write({ event: 'call', name, durationMs: core.ports.clock.monotonic() - began });
      return { ok: true, value };
    } catch (thrown) {
      const error = isAppError(thrown) ? thrown : new AppError('call.internal');
      core.ports.logger.write({
        event: 'call',
        name,
        code: error.code,
        durationMs: core.ports.clock.monotonic() - began,
        ...(isAppError(thrown) ? {} : { frames: ownFrames(thrown) }),
      });
      return {
        ok: false,
        error: {
          code: error.code,
          ...(error.field === undefined ? {} : { field: error.field }),
          ...(error.params === undefined ? {} : { params: error.params }),
        },
      };
    }
  };
}
