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
import { useUndoable } from '../../lib/undo.tsx';
import { draftBase, useDraft } from '../../lib/use-draft.ts';
import { useOpenedDraft } from '../../lib/use-opened-draft.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { AnswerField } from '../../ui/AnswerField.tsx';
import { DraftTag } from '../../ui/DraftTag.tsx';
import forms from '../../ui/forms.module.css';
import { FormSection } from '../../ui/FormSection.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { OWN_WORDS, blankPerson, countsPeople, personFromDraft, type PersonState } from './person-state.ts';

type Contact = PersonFields['contacts'][number];
type Identifier = PersonFields['identifiers'][number];
type Role = PersonState['roles'][number];

export function PersonForm(): JSX.Element {
  const { t } = useTranslation(['people', 'ui']);
  const words = useErrorText();
  const { personId } = useParams({ strict: false }) as { personId?: PersonId };
  const { caseId, draft } = useSearch({ strict: false }) as { caseId?: CaseId; draft?: string };
  const kept = useOpenedDraft(draft);
  const existing = useQuery('persons.get', { id: personId as PersonId }, { enabled: personId !== undefined });
  const failed = existing.error ?? kept.error;
  if (failed) return <Notice tone="danger">{words(failed)}</Notice>;
  if ((personId !== undefined && !existing.data) || kept.waiting)
    return <Loader role="status" aria-label={t('ui:loading')} />;
  const drafted = kept.draft ? personFromDraft(kept.draft.payload) : null;
  const fromDraft = kept.draft === null ? {} : { draftId: kept.draft.id };
  if (existing.data) {
    const { id, version, createdAt: _c, updatedAt: _u, cases: _k, ...fields } = existing.data;
    return (
      <Editor
        key={`${id}${draft ?? ''}`}
        initial={drafted ?? { fields, roles: [], caseId: null }}
        record={{ id, version: draftBase(kept.draft?.payload) ?? version, fields }}
        {...fromDraft}
      />
    );
  }
  return (
    <Editor
      key={draft ?? ''}
      initial={drafted ?? { fields: blankPerson(), roles: ['beneficiary'], caseId: caseId ?? null }}
      {...fromDraft}
    />
  );
}

function Editor(props: {
  initial: PersonState;
  draftId?: string;
  /** What is changed, as it stands in the vault: a draft may hold other fields. */
  record?: { id: PersonId; version: number; fields: PersonFields };
}): JSX.Element {
  const { t } = useTranslation(['people', 'ui']);
  const common = useTranslation();
  const { options } = useTerms();
  const words = useErrorText();
  const navigate = useNavigate();
  // As it was when the form opened: a later version must be refused, not overwritten.
  const [stored] = useState(props.record);
  const [state, setState] = useState(props.initial);
  const { fields, roles, caseId } = state;
  const draft = useDraft<PersonState>(
    stored === undefined ? 'person' : `person:${stored.id}`,
    props.draftId,
    stored?.version,
  );
  const [missing, setMissing] = useState(false);
  const [made, setMade] = useState<PersonId>();
  const record = useCommand('persons.record');
  const amend = useUndoable('persons.amend');
  const join = useCommand('cases.addPerson');
  const busy = record.isPending || amend.isPending || join.isPending;
  const error = record.error ?? amend.error ?? join.error;
  const keep = (next: PersonState): void => {
    setState(next);
    draft.keep(next, next.fields.name.trim());
  };
  const put = (changes: Partial<PersonFields>): void => keep({ ...state, fields: { ...fields, ...changes } });
  const setRoles = (next: Role[]): void => keep({ ...state, roles: next });
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
    if (stored) {
      const { id, version, fields: before } = stored;
      const done = await amend.run({ id, version, changes: full }, (next) => ({
        id,
        version: next,
        changes: before,
      }));
      if (!done) return;
      await draft.discard();
      void navigate({ to: '/people/$personId', params: { personId: id }, replace: true });
      return;
    }
    // Recorded, but not yet in the case when that was refused: trying again makes no second person.
    const id = made ?? (await record.mutateAsync(full).catch(() => null))?.id;
    if (id === undefined) return;
    setMade(id);
    if (caseId !== null) {
      const joined = await join.mutateAsync({ caseId, personId: id, roles }).catch(() => null);
      if (!joined) return;
      await draft.discard();
      void navigate({ to: '/cases/$caseId', params: { caseId }, search: { tab: 'people' }, replace: true });
      return;
    }
    await draft.discard();
    void navigate({ to: '/people/$personId', params: { personId: id }, replace: true });
  };
  useSaveShortcut(() => void save());
  const cancel = (): void => {
    if (stored) void navigate({ to: '/people/$personId', params: { personId: stored.id } });
    else if (caseId !== null)
      void navigate({ to: '/cases/$caseId', params: { caseId }, search: { tab: 'people' } });
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
        title={stored ? t('editTitle') : t('newTitle')}
        note={t('onlyNameNeeded')}
        tags={<DraftTag state={draft.state} />}
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
          {caseId !== null && !stored && (
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
