import { useEffect } from 'react';
import type { CaseId, IncidentId } from '#shared/model/ids.ts';
import { joinFiles, type TakenFile } from './taken-files.ts';
import { useIntake, type Intake } from './use-intake.ts';

/**
 * Takes files in for a form with a draft: as soon as one is on its way there is a draft to come back to, and each
 * that is sealed is told to `keep` with those that the draft held before. What is sealed after the form was left the
 * engine notes beside the draft. `files`: all that are in the vault now, in the very render that shows the last of
 * them as sealed.
 */
export function useKeptIntake(
  where: { caseId: CaseId | null; incidentId: IncidentId | null; draftId: string },
  begun: readonly TakenFile[],
  keep: (files: readonly TakenFile[]) => void,
): Intake & { readonly files: readonly TakenFile[] } {
  const intake = useIntake(where);
  const begunHere = intake.items.length;
  const sealed = intake.taken.length;
  const files = joinFiles(begun, intake.taken);
  useEffect(() => {
    if (begunHere > 0) keep(files);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only a new file, or a newly sealed one, is news here
  }, [begunHere, sealed]);
  return { ...intake, files };
}
