import {
  keepPreviousData,
  useMutation,
  useQueries,
  useQuery as useTanstackQuery,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { call } from './client.ts';
import type { Input, MethodName, Output } from './contract.ts';

/** Reads through a query method; refetched when an event names what it shows. */
export function useQuery<M extends MethodName>(
  method: M,
  input: Input<M>,
  options: { enabled?: boolean; keep?: boolean } = {},
): UseQueryResult<Output<M>> {
  return useTanstackQuery<Output<M>>({
    queryKey: [method, input],
    queryFn: () => call(method, input),
    enabled: options.enabled ?? true,
    ...(options.keep ? { placeholderData: keepPreviousData } : {}),
  });
}

/** Runs a command method. The answer arrives after the commit; what changed follows as an event. */
export function useCommand<M extends MethodName>(method: M): UseMutationResult<Output<M>, unknown, Input<M>> {
  return useMutation<Output<M>, unknown, Input<M>>({ mutationFn: (input) => call(method, input) });
}

/** Long work: same as a command here; progress and cancel are in the task tray (`tasks.list`). */
export const useTask = useCommand;

type Paged = {
  [M in MethodName]: Output<M> extends { total: number; rows: readonly unknown[] } ? M : never;
}[MethodName];
type RowOf<M extends Paged> = Output<M>['rows'][number];

export interface PagedRows<Row> {
  readonly total: number;
  readonly loading: boolean;
  readonly error: unknown;
  rowAt(index: number): Row | undefined;
  /** Tells which rows are on screen, so that their pages are fetched. */
  see(first: number, last: number): void;
}

const PAGE = 100;

/** A list of any length, fetched page by page as it is scrolled. */
export function usePagedRows<M extends Paged>(
  method: M,
  input: Omit<Input<M>, 'offset' | 'limit'>,
): PagedRows<RowOf<M>> {
  const [span, setSpan] = useState<readonly [number, number]>([0, 0]);
  const pages = [...new Set([0, ...Array.from({ length: span[1] - span[0] + 1 }, (_, i) => span[0] + i)])];
  const answers = useQueries({
    queries: pages.map((page) => {
      const full = { ...input, offset: page * PAGE, limit: PAGE } as Input<M>;
      return {
        queryKey: [method, full],
        queryFn: () => call(method, full),
        ...(page === 0 ? { placeholderData: keepPreviousData } : {}),
      };
    }),
  });
  const byPage = new Map(pages.map((page, at) => [page, answers[at]?.data as Output<M> | undefined]));
  const see = useCallback((first: number, last: number) => {
    const next = [Math.floor(Math.max(0, first) / PAGE), Math.floor(Math.max(0, last) / PAGE)] as const;
    setSpan((now) => (now[0] === next[0] && now[1] === next[1] ? now : next));
  }, []);
  return {
    total: byPage.get(0)?.total ?? 0,
    loading: answers[0]?.isPending ?? true,
    error: answers.find((answer) => answer.error)?.error ?? null,
    rowAt: (index) => byPage.get(Math.floor(index / PAGE))?.rows[index % PAGE],
    see,
  };
}
