import { MultiSelect, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Search } from 'lucide-react';
import { useState, type JSX } from 'react';

interface Choice {
  readonly value: string;
  readonly label: string;
}
interface FilterOf {
  readonly label: string;
  readonly w: number;
}

export interface TextFilterState {
  readonly text: string;
  /** What the list is asked for: the words once the typing pauses. */
  readonly asked: string;
  set(text: string): void;
}

export function useTextFilter(): TextFilterState {
  const [text, set] = useState('');
  const [asked] = useDebouncedValue(text.trim(), 200);
  return { text, asked, set };
}

export const TextFilter = ({ label, w, filter }: FilterOf & { filter: TextFilterState }): JSX.Element => (
  <TextInput
    w={w}
    aria-label={label}
    placeholder={label}
    leftSection={<Search size={16} aria-hidden />}
    value={filter.text}
    onChange={(event) => filter.set(event.currentTarget.value)}
  />
);

/** Any of several; the label stands inside while nothing is chosen. */
export const ManyFilter = <T extends string>(
  props: FilterOf & { data: readonly Choice[]; value: readonly T[]; onChange: (value: T[]) => void },
): JSX.Element => (
  <MultiSelect
    w={props.w}
    aria-label={props.label}
    placeholder={props.value.length === 0 ? props.label : ''}
    clearable
    searchable
    data={props.data}
    value={[...props.value]}
    onChange={(value) => props.onChange(value as T[])}
  />
);

/** One or all. */
export const OneFilter = <T extends string>(
  props: FilterOf & {
    data: readonly Choice[];
    value: T | null;
    onChange: (value: T | null) => void;
    /** Its choices name people. */
    names?: boolean;
  },
): JSX.Element => (
  <Select
    w={props.w}
    className={props.names === true ? 'rg-private' : ''}
    aria-label={props.label}
    placeholder={props.label}
    clearable
    searchable
    data={props.data}
    value={props.value}
    onChange={(value) => props.onChange(value as T | null)}
  />
);

export const SortChoice = <T extends string>(
  props: FilterOf & { data: readonly Choice[]; value: T; onChange: (value: T) => void },
): JSX.Element => (
  <Select
    w={props.w}
    aria-label={props.label}
    allowDeselect={false}
    data={props.data}
    value={props.value}
    onChange={(value) => value !== null && props.onChange(value as T)}
  />
);
