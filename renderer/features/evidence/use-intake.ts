import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { FileToken } from '#shared/contract/bridge.ts';
import type { CaseId, IncidentId, TargetId } from '#shared/model/ids.ts';
import { codeOf, host } from '../../api/bridge.ts';
import { call } from '../../api/client.ts';
import { intakes, type IntakeItem } from './intake-store.ts';
import type { TakenFile } from './taken-files.ts';

export type { IntakeItem } from './intake-store.ts';
export type { TakenFile } from './taken-files.ts';

export interface Intake {
  readonly items: readonly IntakeItem[];
  readonly taken: readonly TakenFile[];
  /** How many files are not in the vault yet. */
  readonly sealing: number;
  readonly failed: number;
  add(files: File[]): Promise<void>;
  choose(): Promise<void>;
  /** The form was saved as this incident; the engine ties to it what is still on its way. */
  becomes(incidentId: IncidentId): void;
  /** The form was saved as another record, or thrown away: what it began is shown in it no more. */
  end(): void;
}

const takenOf = (items: readonly IntakeItem[]): readonly TakenFile[] =>
  items.flatMap((item) =>
    item.id === undefined ? [] : [{ id: item.id, title: item.name, mime: item.mime ?? '' }],
  );

/** The files of each form one after the other, also of a form that was left and opened again meanwhile. */
const queues = new Map<string, Promise<void>>();
const enqueue = (form: string, work: () => Promise<void>): Promise<void> => {
  const queued = (queues.get(form) ?? Promise.resolve()).then(work).finally(() => {
    if (queues.get(form) === queued) queues.delete(form);
  });
  queues.set(form, queued);
  return queued;
};

/**
 * Takes files in, one after the other; the window only ever holds a token and a name. With the draft of the form that
 * they are for, the engine ties them to the incident that it becomes, also those that finish after the form has gone;
 * and whoever goes on with the draft finds here what was begun in it, finished, failed or still on its way.
 */
export function useIntake(where: {
  caseId: CaseId | null;
  incidentId: IncidentId | null;
  draftId?: string;
}): Intake {
  const [own] = useState(() => crypto.randomUUID());
  const { incidentId, draftId } = where;
  const form = draftId ?? own;
  const snapshot = useSyncExternalStore(intakes.subscribe, intakes.snapshot);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the snapshot is what `of` reads
  const items = useMemo(() => intakes.of(form, incidentId), [snapshot, form, incidentId]);
  const target = useRef(where);
  useEffect(() => {
    target.current = where;
  });
  // Without a draft there is no way back to it.
  useEffect(() => (draftId === undefined ? () => intakes.end(form) : undefined), [form, draftId]);

  const take = useCallback(
    async (tokens: readonly FileToken[]): Promise<void> => {
      intakes.begin(
        form,
        tokens.map((token): IntakeItem => ({
          key: token.id,
          name: token.name,
          sizeBytes: token.sizeBytes,
          state: 'taking',
        })),
        target.current.incidentId,
      );
      await Promise.all(
        tokens.map((token) =>
          enqueue(form, async () => {
            try {
              const taken = await call('evidence.take', { source: token.id as TargetId, ...target.current });
              intakes.change(token.id, {
                state: 'done',
                id: taken.id,
                sha256: taken.sha256,
                mime: taken.mime,
                again: taken.sameAs !== null,
              });
            } catch (thrown) {
              intakes.change(token.id, { state: 'failed', errorCode: codeOf(thrown).code });
            }
          }),
        ),
      );
    },
    [form],
  );
  const add = useCallback(async (files: File[]) => take(await host().fileTokens(files)), [take]);
  const choose = useCallback(async () => take(await host().chooseFiles({ multiple: true })), [take]);
  const becomes = useCallback((id: IncidentId) => intakes.becomes(form, id), [form]);
  const end = useCallback(() => intakes.end(form), [form]);
  return {
    items,
    taken: takenOf(items),
    sealing: items.filter((item) => item.state === 'taking').length,
    failed: items.filter((item) => item.state === 'failed').length,
    add,
    choose,
    becomes,
    end,
  };
}
