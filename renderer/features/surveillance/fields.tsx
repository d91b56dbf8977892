import { Autocomplete, TextInput } from '@mantine/core';
import { useMemo, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseId, PersonId } from '#shared/model/ids.ts';
import { usePeople } from '../incidents/use-people.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** An instant as a field of the desktop shows it, on this computer's clock. */
export function toLocalField(instant: string | null): string {
  if (instant === null) return '';
  const at = new Date(instant);
  return `${String(at.getFullYear())}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** A day and hour that somebody can state exactly. */
export function InstantField(props: {
  label: string;
  value: string | null;
  onChange: (instant: string | null) => void;
  required?: boolean;
  /** Why it cannot be changed any more. */
  fixed?: string | undefined;
}): JSX.Element {
  return (
    <TextInput
      type="datetime-local"
      label={props.label}
      description={props.fixed}
      readOnly={props.fixed !== undefined}
      required={props.required ?? false}
      value={toLocalField(props.value)}
      onChange={(event) => {
        const at = new Date(event.currentTarget.value);
        props.onChange(Number.isNaN(at.getTime()) ? null : at.toISOString());
      }}
    />
  );
}

export interface WhoValue {
  readonly id: PersonId | null;
  readonly words: string;
}

/** Somebody: a person of the vault when the name is picked from the list, words otherwise. */
export function WhoField(props: {
  label: string;
  description?: string;
  caseId: CaseId | null;
  value: WhoValue;
  onChange: (value: WhoValue) => void;
  error?: string | undefined;
  autoFocus?: boolean;
}): JSX.Element {
  const { t } = useTranslation('surveillance');
  const people = usePeople(props.caseId);
  const labels = useMemo(() => {
    const seen = new Map<string, number>();
    return people.map((person) => {
      const times = (seen.get(person.label) ?? 0) + 1;
      seen.set(person.label, times);
      const label = times === 1 ? person.label : t('who.another', { name: person.label, number: times });
      return { id: person.id as PersonId, label };
    });
  }, [people, t]);
  const shown =
    props.value.id === null
      ? props.value.words
      : (labels.find((one) => one.id === props.value.id)?.label ?? props.value.words);
  return (
    <Autocomplete
      label={props.label}
      description={props.description}
      className="rg-private"
      autoComplete="off"
      autoFocus={props.autoFocus ?? false}
      data={labels.map((one) => one.label)}
      limit={12}
      openOnFocus={false}
      value={shown}
      error={props.error}
      onChange={(text) => {
        const found = labels.find((one) => one.label === text);
        props.onChange(found ? { id: found.id, words: '' } : { id: null, words: text });
      }}
    />
  );
}
