import { ActionIcon, Button, NumberInput, Select, TextInput } from '@mantine/core';
import { Plus, Trash2 } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { IncidentFields } from '#shared/contract/incidents.ts';
import { KNOWLEDGE } from '#shared/model/vocabularies.ts';
import { useTerms } from '../../lib/use-terms.ts';
import forms from '../../ui/forms.module.css';
import type { Mentionable } from '../../ui/NarrativeField.tsx';

type Source = IncidentFields['sources'][number];

/** Who told it and how they know. It describes the information; nobody is graded. */
export function SourcesEditor(props: {
  sources: Source[];
  people: readonly Mentionable[];
  onChange: (sources: Source[]) => void;
}): JSX.Element {
  const { t } = useTranslation('incidents');
  const { options } = useTerms();
  const put = (index: number, changes: Partial<Source>): void =>
    props.onChange(props.sources.map((source, at) => (at === index ? { ...source, ...changes } : source)));
  return (
    <>
      {props.sources.map((source, index) => (
        <div key={index} className={forms.line}>
          <Select
            className={`${forms.grow ?? ''} rg-private`}
            label={t('sourcePerson')}
            searchable
            clearable
            data={props.people.map((person) => ({ value: person.id, label: person.label }))}
            value={source.personId}
            onChange={(value) => put(index, { personId: value as Source['personId'] })}
          />
          <TextInput
            className={`${forms.grow ?? ''} rg-private`}
            label={t('sourceWords')}
            value={source.words}
            onChange={(event) => put(index, { words: event.currentTarget.value })}
          />
          <Select
            w={150}
            label={t('knows')}
            allowDeselect={false}
            data={options('knowledge', KNOWLEDGE)}
            value={source.knowledge}
            onChange={(value) => value !== null && put(index, { knowledge: value as Source['knowledge'] })}
          />
          <NumberInput
            w={112}
            label={t('corroboratedBy')}
            min={0}
            max={1000}
            value={source.corroboratedBy}
            onChange={(value) => put(index, { corroboratedBy: Number(value) || 0 })}
          />
          <ActionIcon
            aria-label={t('removeSource')}
            onClick={() => props.onChange(props.sources.filter((_, at) => at !== index))}
          >
            <Trash2 size={17} />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button
          size="compact-sm"
          leftSection={<Plus size={15} />}
          onClick={() =>
            props.onChange([
              ...props.sources,
              { personId: null, words: '', knowledge: 'livedIt', corroboratedBy: 0 },
            ])
          }
        >
          {t('addSource')}
        </Button>
      </div>
    </>
  );
}
