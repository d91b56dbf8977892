import { useQuery } from '@tanstack/react-query';
import { host } from '../../api/bridge.ts';

/** What this computer can do about locking and hiding. */
export const useHostFacts = () =>
  useQuery({ queryKey: ['host.facts'], queryFn: () => host().facts(), staleTime: 0 });

/** Whether this computer can keep a secret of its own as a second factor. */
export const useMachineSecret = (): boolean => useHostFacts().data?.machineSecret ?? false;
