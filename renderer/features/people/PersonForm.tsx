import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  Loader,
  MultiSelect,
  NumberInput,
  Select,
  TagsInput,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Plus, Trash2 } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { PersonFields } from '#shared/contract/persons.ts';
import type { CaseId, PersonId } from '#shared/model/ids.ts';
import { CASE_ROLES, CONTACT_KINDS, IDENTIFIER_KINDS, PERSON_KINDS } from '#shared/model/vocabularies.ts';
import { useCommand, useQuery } from '../../api/hooks.ts';
import { useSaveShortcut } from '../../app/shortcuts.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { AnswerField } from '../../ui/AnswerField.tsx';
import forms from '../../ui/forms.module.css';
import { FormSection } from '../../ui/FormSection.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { OWN_WORDS, blankPerson, countsPeople } from './person-state.ts';

type Contact = PersonFields['contacts'][number];
type Identifier = PersonFields['identifiers'][number];
type Role = (typeof CASE_ROLES)[number];

export function PersonForm(): JSX.Element {
  const { t } = useTranslation(['people', 'ui']);
  const words = useErrorText();
  const { personId } = useParams({ strict: false }) as { personId?: PersonId };
  const { caseId } = useSearch({ strict: false }) as { caseId?: CaseId };
  const existing = useQuery('persons.get', { id: personId as PersonId }, { enabled: personId !== undefined });
  if (existing.error) return <Notice tone="danger">{words(existing.error)}</Notice>;
  if (personId !== undefined && !existing.data) return <Loader aria-label={t('ui:loading')} />;
  if (existing.data) {
    const { id, version, createdAt: _c, updatedAt: _u, cases: _k, ...fields } = existing.data;
    return <Editor key={id} initial={fields} record={{ id, version }} />;
  }
  return <Editor initial={blankPerson()} {...(caseId === undefined ? {} : { caseId })} />;
}

function Editor(props: {
  initial: PersonFields;
  record?: { id: PersonId; version: number };
  caseId?: CaseId;
}): JSX.Element {
  const { t } = useTranslation(['people', 'ui']);
  const common = useTranslation();
  const { options } = useTerms();
  const words = useErrorText();
  const navigate = useNavigate();
  const [fields, setFields] = useState(props.initial);
  const [roles, setRoles] = useState<Role[]>(['beneficiary']);
  const [missing, setMissing] = useState(false);
  const record = useCommand('persons.record');
  const amend = useCommand('persons.amend');
  const join = useCommand('cases.addPerson');
  const busy = record.isPending || amend.isPending || join.isPending;
  const error = record.error ?? amend.error ?? join.error;
  const put = (changes: Partial<PersonFields>): void => setFields((now) => ({ ...now, ...changes }));
  const putContact = (index: number, changes: Partial<Contact>): void =>
    put({ contacts: fields.contacts.map((one, at) => (at === index ? { ...one, ...changes } : one)) });
  const putIdentifier = (index: number, changes: Partial<Identifier>): void =>
    put({ identifiers: fields.identifiers.map((one, at) => (at === index ? { ...one, ...changes } : one)) });

  const save = async (): Promise<void> => {
    if (busy) return;
    if (fields.name.trim() === '') {
      setMissing(true);
      return;
    }
    const full: PersonFields = {
      ...fields,
      name: fields.name.trim(),
      contacts: fields.contacts.filter((one) => one.value.trim() !== ''),
      identifiers: fields.identifiers.filter((one) => one.value.trim() !== ''),
      groupSize: countsPeople(fields.kind) ? fields.groupSize : null,
    };
    if (props.record) {
      const done = await amend
        .mutateAsync({ id: props.record.id, version: props.record.version, changes: full })
        .catch(() => null);
      if (done)
        void navigate({ to: '/people/$personId', params: { personId: props.record.id }, replace: true });
      return;
    }
    const made = await record.mutateAsync(full).catch(() => null);
    if (!made) return;
    if (props.caseId !== undefined) {
      const joined = await join
        .mutateAsync({ caseId: props.caseId, personId: made.id, roles })
        .catch(() => null);
      if (joined)
        void navigate({
          to: '/cases/$caseId',
          params: { caseId: props.caseId },
          search: { tab: 'people' },
          replace: true,
        });
    } else void navigate({ to: '/people/$personId', params: { personId: made.id }, replace: true });
  };
  useSaveShortcut(() => void save());
  const cancel = (): void => {
    if (props.record) void navigate({ to: '/people/$personId', params: { personId: props.record.id } });
    else if (props.caseId !== undefined)
      void navigate({ to: '/cases/$caseId', params: { caseId: props.caseId }, search: { tab: 'people' } });
    else void navigate({ to: '/people' });
  };
  return (
    <form
      className={forms.page}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <PageHeader
        title={props.record ? t('editTitle') : t('newTitle')}
        note={t('onlyNameNeeded')}
        focus={false}
      />
      {error !== null && <Notice tone="danger">{words(error)}</Notice>}
      <div className={forms.sheet}>
        <FormSection title={t('identity')}>
          <TextInput
            label={t('nameQuestion')}
            description={t('nameHelp')}
            required
            autoFocus
            className="rg-private"
            autoComplete="off"
            value={fields.name}
            error={missing && fields.name.trim() === '' ? t('nameMissing') : undefined}
            onChange={(event) => put({ name: event.currentTarget.value })}
          />
          <div className={forms.two}>
            <Select
              label={t('kind')}
              allowDeselect={false}
              data={options('person', PERSON_KINDS)}
              value={fields.kind}
              onChange={(value) => value !== null && put({ kind: value as PersonFields['kind'] })}
            />
            {countsPeople(fields.kind) ? (
              <NumberInput
                label={t('groupSize')}
                min={1}
                value={fields.groupSize ?? ''}
                onChange={(value) => put({ groupSize: value === '' ? null : Number(value) })}
              />
            ) : (
              <Checkbox
                mt={30}
                color="teal.8"
                label={t('minor')}
                checked={fields.minor}
                onChange={(event) => put({ minor: event.currentTarget.checked })}
              />
            )}
          </div>
          {props.caseId !== undefined && (
            <MultiSelect
              label={t('roles')}
              data={options('role', CASE_ROLES)}
              value={roles}
              onChange={(value) => setRoles(value as Role[])}
            />
          )}
          <TagsInput
            label={t('aliases')}
            description={t('aliasesHelp')}
            className="rg-private"
            value={fields.aliases}
            onChange={(aliases) => put({ aliases })}
            acceptValueOnBlur
          />
        </FormSection>
        <FormSection title={t('contacts')} note={t('contactsNote')} folded={fields.contacts.length === 0}>
          {fields.contacts.map((contact, index) => (
            <div key={index} className={forms.line}>
              <Select
                w={130}
                label={t('contactKind')}
                allowDeselect={false}
                data={options('contact', CONTACT_KINDS)}
                value={contact.kind}
                onChange={(value) => value !== null && putContact(index, { kind: value as Contact['kind'] })}
              />
              <TextInput
                className={`${forms.grow ?? ''} rg-private`}
                label={t('contactValue')}
                autoComplete="off"
                value={contact.value}
                onChange={(event) => putContact(index, { value: event.currentTarget.value })}
              />
              <Checkbox
                mb={8}
                color="teal.8"
                label={t('sealedHelp')}
                checked={contact.sensitivity === 'sealed'}
                onChange={(event) =>
                  putContact(index, { sensitivity: event.currentTarget.checked ? 'sealed' : 'usual' })
                }
              />
              <ActionIcon
                aria-label={t('removeContact')}
                onClick={() => put({ contacts: fields.contacts.filter((_, at) => at !== index) })}
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
                put({
                  contacts: [
                    ...fields.contacts,
                    { kind: 'phone', value: '', sensitivity: 'usual', note: '' },
                  ],
                })
              }
            >
              {t('addContact')}
            </Button>
          </div>
        </FormSection>
        <FormSection title={t('ownWords')} note={t('ownWordsNote')} folded>
          {OWN_WORDS.map((field) => (
            <AnswerField
              key={field}
              label={t(`own.${field}`)}
              value={fields.inOwnWords[field]}
              onChange={(value) => put({ inOwnWords: { ...fields.inOwnWords, [field]: value } })}
            />
          ))}
        </FormSection>
        <FormSection title={t('moreAbout')} note={t('moreAboutNote')} folded>
          <Textarea
            label={t('work')}
            className="rg-private"
            autosize
            minRows={2}
            value={fields.work}
            onChange={(event) => put({ work: event.currentTarget.value })}
          />
          <TextInput
            label={t('legalName')}
            description={t('legalNameHelp')}
            className="rg-private"
            autoComplete="off"
            value={fields.legalName}
            onChange={(event) => put({ legalName: event.currentTarget.value })}
          />
          <TextInput
            label={t('level')}
            description={t('levelHelp')}
            value={fields.level}
            onChange={(event) => put({ level: event.currentTarget.value })}
          />
          {fields.identifiers.map((identifier, index) => (
            <div key={index} className={forms.line}>
              <Select
                w={170}
                label={t('identifierKind')}
                allowDeselect={false}
                data={options('identifier', IDENTIFIER_KINDS)}
                value={identifier.kind}
                onChange={(value) =>
                  value !== null && putIdentifier(index, { kind: value as Identifier['kind'] })
                }
              />
              <TextInput
                className={`${forms.grow ?? ''} rg-private`}
                label={t('identifierValue')}
                autoComplete="off"
                value={identifier.value}
                onChange={(event) => putIdentifier(index, { value: event.currentTarget.value })}
              />
              <ActionIcon
                aria-label={t('removeIdentifier')}
                onClick={() => put({ identifiers: fields.identifiers.filter((_, at) => at !== index) })}
              >
                <Trash2 size={17} />
              </ActionIcon>
            </div>
          ))}
          <div>
            <Button
              size="compact-sm"
              leftSection={<Plus size={15} />}
              onClick={() => put({ identifiers: [...fields.identifiers, { kind: 'curp', value: '' }] })}
            >
              {t('addIdentifier')}
            </Button>
          </div>
          <Textarea
            label={t('note')}
            className="rg-private"
            autosize
            minRows={2}
            value={fields.note}
            onChange={(event) => put({ note: event.currentTarget.value })}
          />
        </FormSection>
        <Group mt="md">
          <Button type="submit" variant="filled" loading={busy}>
            {common.t('save')}
          </Button>
          <Button onClick={cancel}>{common.t('cancel')}</Button>
        </Group>
      </div>
    </form>
  );
}
