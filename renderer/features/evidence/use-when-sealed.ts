import { useEffect, useState } from 'react';
import type { Intake } from './use-intake.ts';

/**
 * The save of a form whose record names its files: asked for while files are still being sealed, it comes by itself
 * after the last of them, with what the fields hold then. Not where one of them failed: that must be read first.
 */
export function useWhenSealed(
  intake: Pick<Intake, 'sealing' | 'failed'>,
  save: () => Promise<void>,
): { readonly waiting: boolean; save(): void } {
  const [asked, setAsked] = useState<{ readonly failed: number } | null>(null);
  const { sealing, failed } = intake;
  useEffect(() => {
    if (asked === null || sealing > 0) return;
    setAsked(null);
    if (failed === asked.failed) void save();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the save of the render in which the last file was sealed
  }, [asked, sealing]);
  return {
    waiting: asked !== null,
    save: () => {
      if (sealing > 0) setAsked({ failed });
      else void save();
    },
  };
}
