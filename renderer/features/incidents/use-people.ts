import { useMemo } from 'react';
import type { CaseId } from '#shared/model/ids.ts';
import { useQuery } from '../../api/hooks.ts';
import { useTerms } from '../../lib/use-terms.ts';
import type { Mentionable } from '../../ui/NarrativeField.tsx';

/** People who can be mentioned: those of the case first, then everybody else. */
export function usePeople(caseId: CaseId | null): Mentionable[] {
  const { term } = useTerms();
  const inside = useQuery('cases.get', { id: caseId as CaseId }, { enabled: caseId !== null }).data?.persons;
  const all = useQuery('persons.list', { limit: 500 }).data?.rows;
  return useMemo(() => {
    const first = (inside ?? []).map((person) => ({
      id: person.personId as string,
      label: person.name,
      note: person.roles.map((role) => term('role', role)).join(', '),
    }));
    const known = new Set(first.map((person) => person.id));
    const rest = (all ?? [])
      .filter((person) => !known.has(person.id))
      .map((person) => ({
        id: person.id as string,
        label: person.name,
        ...(person.aliases.length > 0 ? { note: person.aliases.join(', ') } : {}),
      }));
    return [...first, ...rest];
  }, [inside, all, term]);
}
