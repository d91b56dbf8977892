import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TargetId } from '#shared/model/ids.ts';
import { host } from '../../api/bridge.ts';
import { useCommand } from '../../api/hooks.ts';

/** Writes a key file where somebody chooses; `name`: of the one that was written. */
export function useKeyFile(): {
  readonly name: string | null;
  readonly error: unknown;
  make(): Promise<void>;
  forget(): void;
} {
  const { t } = useTranslation('keys');
  const write = useCommand('slots.makeKeyFile');
  const [name, setName] = useState<string | null>(null);
  return {
    name,
    error: write.error,
    make: async () => {
      const target = await host().chooseTarget({ kind: 'file', suggestedName: t('keyFileName') });
      if (target === null) return;
      // What went wrong stands in `error`.
      write.mutate({ target: target.id as TargetId }, { onSuccess: () => setName(target.name) });
    },
    forget: () => {
      setName(null);
      write.reset();
    },
  };
}
