import { useCallback, useEffect, useRef, useState } from 'react';
import type { FileToken } from '#shared/contract/bridge.ts';
import type { CaseId, EvidenceId, IncidentId, TargetId } from '#shared/model/ids.ts';
import { codeOf, host } from '../../api/bridge.ts';
import { call } from '../../api/client.ts';

export interface IntakeItem {
  readonly key: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly state: 'taking' | 'done' | 'failed';
  readonly id?: EvidenceId;
  readonly sha256?: string;
  readonly mime?: string;
  readonly again?: boolean;
  readonly errorCode?: string;
}

export interface Intake {
  readonly items: readonly IntakeItem[];
  readonly taken: readonly { id: EvidenceId; title: string; mime: string }[];
  add(files: File[]): Promise<void>;
  choose(): Promise<void>;
}

/** Takes files in, one after the other; the window only ever holds a token and a name. */
export function useIntake(where: { caseId: CaseId | null; incidentId: IncidentId | null }): Intake {
  const [items, setItems] = useState<readonly IntakeItem[]>([]);
  const queue = useRef<Promise<void>>(Promise.resolve());
  const target = useRef(where);
  useEffect(() => {
    target.current = where;
  });

  const take = useCallback((tokens: readonly FileToken[]): Promise<void> => {
    const fresh = tokens.map((token): IntakeItem => ({
      key: token.id,
      name: token.name,
      sizeBytes: token.sizeBytes,
      state: 'taking',
    }));
    setItems((now) => [...now, ...fresh]);
    for (const token of tokens) {
      queue.current = queue.current.then(async () => {
        const change = (changes: Partial<IntakeItem>): void =>
          setItems((now) => now.map((item) => (item.key === token.id ? { ...item, ...changes } : item)));
        try {
          const taken = await call('evidence.take', { source: token.id as TargetId, ...target.current });
          change({
            state: 'done',
            id: taken.id,
            sha256: taken.sha256,
            mime: taken.mime,
            again: taken.sameAs !== null,
          });
        } catch (thrown) {
          change({ state: 'failed', errorCode: codeOf(thrown).code });
        }
      });
    }
    return queue.current;
  }, []);
  const add = useCallback(async (files: File[]) => take(await host().fileTokens(files)), [take]);
  const choose = useCallback(async () => take(await host().chooseFiles({ multiple: true })), [take]);
  return {
    items,
    taken: items.flatMap((item) =>
      item.id === undefined ? [] : [{ id: item.id, title: item.name, mime: item.mime ?? '' }],
    ),
    add,
    choose,
  };
}
