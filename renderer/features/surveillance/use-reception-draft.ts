import { useState } from 'react';
import type { DeviceId, ReceptionId } from '#shared/model/surveillance-ids.ts';
import { isFormOf } from '../../lib/draft-kinds.ts';
import { useReturnedDraft, type Returned, type ReturnedDraft } from '../../lib/use-returned-draft.ts';

type Kind = 'custody' | 'return';

/**
 * The name of a step of custody, or of a return, half written. It carries the reception: a device that comes in
 * again begins another chain, and what was done with it before stands in no other.
 */
export const receptionDraft = (kind: Kind, deviceId: DeviceId, receptionId: ReceptionId) =>
  `${kind}:${deviceId}:${receptionId}` as const;

export interface ReceptionDraft extends Pick<Returned, 'error' | 'gone' | 'forget'> {
  /** What a form of the open reception goes on with. */
  of(kind: Kind): ReturnedDraft | null;
  /** A draft of a reception that is closed: the engine would refuse it, or take it for the next one. */
  readonly stray: ReturnedDraft | null;
}

/** The draft that somebody came back to a device for, where `open` is the reception by which it is with us. */
export function useReceptionDraft(deviceId: DeviceId, open: ReceptionId | null): ReceptionDraft {
  const { draft, error, gone, forget } = useReturnedDraft('custody', 'return');
  // While its form is open the reception may close, by that very form: it stays the form's until it is done.
  const [begun, setBegun] = useState<string>();
  const current =
    draft !== null &&
    open !== null &&
    (['custody', 'return'] as const).some((kind) => draft.form === receptionDraft(kind, deviceId, open));
  if (current && begun !== draft.id) setBegun(draft.id);
  const own = current || begun === draft?.id ? draft : null;
  return {
    of: (kind) => (own !== null && isFormOf(own.form, kind) ? own : null),
    stray: own === null ? draft : null,
    ...{ error, gone, forget },
  };
}
