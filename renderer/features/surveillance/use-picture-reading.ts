import { useEffect, useState } from 'react';
import type { MessageReading } from '#shared/contract/suspicious-messages.ts';
import type { EvidenceId } from '#shared/model/ids.ts';
import { useTask } from '../../api/hooks.ts';

export type PictureReading =
  | { readonly state: 'none' | 'reading' | 'unreadable' }
  | { readonly state: 'read'; readonly found: MessageReading };

type Answer = { readonly id: EvidenceId } & Exclude<PictureReading, { state: 'none' | 'reading' }>;

/** What a sealed picture seems to say; it is a proposal, never the record. Each picture is read once. */
export function usePictureReading(id: EvidenceId | undefined): PictureReading {
  const { mutateAsync } = useTask('messages.readPicture');
  const [answer, setAnswer] = useState<Answer | null>(null);
  useEffect(() => {
    if (id === undefined) return undefined;
    let current = true;
    void mutateAsync({ evidenceId: id })
      .then((found): Answer =>
        found.text.trim() === '' && found.sender === ''
          ? { id, state: 'unreadable' }
          : { id, state: 'read', found },
      )
      .catch((): Answer => ({ id, state: 'unreadable' }))
      .then((next) => {
        if (current) setAnswer(next);
      });
    return () => {
      current = false;
    };
  }, [id, mutateAsync]);
  if (id === undefined) return { state: 'none' };
  return answer?.id === id ? answer : { state: 'reading' };
}
