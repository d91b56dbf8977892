import { QueryClient } from '@tanstack/react-query';
import type { BridgeEvent } from '#shared/contract/bridge.ts';
import { CallError, host } from './bridge.ts';
import type { Input, MethodName, Output } from './contract.ts';

/** One call to the engine. Throws `CallError` with the engine's code. */
export async function call<M extends MethodName>(method: M, input: Input<M>): Promise<Output<M>> {
  const result = await host().call(method, input);
  if (!result.ok) throw new CallError(result.error);
  // The engine has parsed its answer against the same contract before sending it.
  return result.value as Output<M>;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: false,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      networkMode: 'always',
      staleTime: Infinity,
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});

/** Which groups of records a group of queries shows, beyond its own. `*`: all of them. */
const SHOWS: Readonly<Record<string, readonly string[] | '*'>> = {
  today: '*',
  search: '*',
  cases: ['persons', 'incidents', 'evidence', 'consents', 'notes', 'exports'],
  persons: ['cases', 'incidents'],
  incidents: ['cases', 'persons', 'evidence'],
  evidence: ['cases', 'incidents'],
  consents: ['persons', 'evidence'],
  drafts: ['incidents', 'exports'],
  exports: ['cases', 'consents', 'evidence', 'persons', 'incidents'],
  vault: ['cases', 'persons', 'incidents', 'evidence'],
  devices: ['surveillance', 'cases', 'persons', 'evidence'],
  examinations: ['surveillance', 'persons', 'evidence'],
  findings: ['surveillance'],
  messages: ['surveillance', 'cases', 'persons', 'evidence'],
  notifications: ['surveillance', 'persons', 'evidence'],
  digitalAttacks: ['surveillance', 'incidents'],
  milestones: ['surveillance'],
  indicatorSets: ['surveillance'],
  timeline: '*',
  approvals: ['exports', 'tickets', 'slots'],
  rotation: ['slots', 'backup', 'cases'],
  slots: ['tickets'],
  access: ['cases', 'slots'],
  leaving: ['cases', 'slots', 'drafts'],
  erasure: ['persons', 'evidence', 'consents', 'exports', 'incidents'],
  dataRequests: ['persons'],
  safeguard: ['exports', 'slots', 'backup'],
};
/** Pictures of sealed originals never change. */
const FIXED = new Set(['evidence.thumbnail', 'evidence.picture']);
const APART = new Set(['tasks', 'preferences']);

/** Whether a query must be fetched again after something of `group` changed. */
export function isTouched(method: string, group: string): boolean {
  if (FIXED.has(method)) return false;
  const own = method.split('.')[0] ?? '';
  if (own === group) return true;
  const shows = SHOWS[own];
  return shows === '*' ? !APART.has(group) : (shows?.includes(group) ?? false);
}

/** Follows the engine: what an event names is fetched again; nothing here is ever patched by hand. */
export function followEvents(): () => void {
  let waiting = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    timer = undefined;
    const groups = waiting;
    waiting = new Set();
    void queryClient.invalidateQueries({
      predicate: (query) => [...groups].some((group) => isTouched(String(query.queryKey[0]), group)),
    });
  };
  return host().on((event: BridgeEvent) => {
    const [group = '', verb] = event.name.split('.');
    if (verb !== 'changed') return;
    waiting.add(group);
    // A burst of writes is one refetch.
    timer ??= setTimeout(flush, group === 'tasks' ? 150 : 40);
  });
}
