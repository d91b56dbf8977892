import { ActionIcon, Button, MultiSelect, Select, TextInput } from '@mantine/core';
import { Plus, Trash2 } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ActInput } from '#shared/contract/incidents.ts';
import {
  ACT_TYPES,
  HARMS,
  INVOLVEMENT_DEGREES,
  PERPETRATOR_KINDS,
  TARGET_KINDS,
} from '#shared/model/vocabularies.ts';
import { useTerms } from '../../lib/use-terms.ts';
import forms from '../../ui/forms.module.css';
import type { Mentionable } from '../../ui/NarrativeField.tsx';
import { blankAct } from './incident-state.ts';

type Involvement = ActInput['involvements'][number];
const blankInvolvement = (): Involvement => ({
  personId: null,
  words: '',
  kind: 'unidentified',
  degree: 'suspected',
  certainty: '',
  collusion: false,
});

/** One act: what, to whom, by whom. The smallest unit, counted once. */
export function ActsEditor(props: {
  acts: ActInput[];
  people: readonly Mentionable[];
  onChange: (acts: ActInput[]) => void;
}): JSX.Element {
  const { t } = useTranslation('incidents');
  const { options } = useTerms();
  const choices = props.people.map((person) => ({ value: person.id, label: person.label }));
  const put = (index: number, changes: Partial<ActInput>): void =>
    props.onChange(props.acts.map((act, at) => (at === index ? { ...act, ...changes } : act)));
  const putInvolved = (index: number, which: number, changes: Partial<Involvement>): void =>
    put(index, {
      involvements:
        props.acts[index]?.involvements.map((one, at) => (at === which ? { ...one, ...changes } : one)) ?? [],
    });
  return (
    <>
      {props.acts.map((act, index) => (
        <div
          key={act.id ?? index}
          className={forms.card}
          role="group"
          aria-label={t('actNumber', { number: index + 1 })}
        >
          <div className={forms.line}>
            <Select
              className={forms.grow ?? ''}
              label={t('actType')}
              searchable
              allowDeselect={false}
              data={options('act', ACT_TYPES)}
              value={act.type}
              onChange={(value) => value !== null && put(index, { type: value as ActInput['type'] })}
            />
            <Select
              className={`${forms.grow ?? ''} rg-private`}
              label={t('actAgainst')}
              searchable
              clearable
              data={choices}
              value={act.personId}
              onChange={(value) => put(index, { personId: value as ActInput['personId'] })}
            />
            <ActionIcon
              aria-label={t('removeAct', { number: index + 1 })}
              onClick={() => props.onChange(props.acts.filter((_, at) => at !== index))}
            >
              <Trash2 size={17} />
            </ActionIcon>
          </div>
          <div className={forms.two}>
            <Select
              label={t('target')}
              allowDeselect={false}
              data={options('target', TARGET_KINDS)}
              value={act.targetKind}
              onChange={(value) =>
                value !== null && put(index, { targetKind: value as ActInput['targetKind'] })
              }
            />
            <MultiSelect
              label={t('harms')}
              data={options('harm', HARMS)}
              value={act.harms}
              onChange={(value) => put(index, { harms: value as ActInput['harms'] })}
            />
          </div>
          {act.involvements.map((involved, which) => (
            <div key={involved.id ?? which} className={forms.line}>
              <Select
                className={forms.grow ?? ''}
                label={t('allegedKind')}
                searchable
                allowDeselect={false}
                data={options('perpetrator', PERPETRATOR_KINDS)}
                value={involved.kind}
                onChange={(value) =>
                  value !== null && putInvolved(index, which, { kind: value as Involvement['kind'] })
                }
              />
              <TextInput
                className={`${forms.grow ?? ''} rg-private`}
                label={t('allegedWords')}
                value={involved.words}
                onChange={(event) => putInvolved(index, which, { words: event.currentTarget.value })}
              />
              <Select
                w={150}
                label={t('degree')}
                allowDeselect={false}
                data={options('degree', INVOLVEMENT_DEGREES)}
                value={involved.degree}
                onChange={(value) =>
                  value !== null && putInvolved(index, which, { degree: value as Involvement['degree'] })
                }
              />
              <ActionIcon
                aria-label={t('removeAlleged')}
                onClick={() => put(index, { involvements: act.involvements.filter((_, at) => at !== which) })}
              >
                <Trash2 size={17} />
              </ActionIcon>
            </div>
          ))}
          <div>
            <Button
              size="compact-sm"
              leftSection={<Plus size={15} />}
              onClick={() => put(index, { involvements: [...act.involvements, blankInvolvement()] })}
            >
              {t('addAlleged')}
            </Button>
          </div>
        </div>
      ))}
      <div>
        <Button leftSection={<Plus size={16} />} onClick={() => props.onChange([...props.acts, blankAct()])}>
          {t('addAct')}
        </Button>
      </div>
    </>
  );
}
