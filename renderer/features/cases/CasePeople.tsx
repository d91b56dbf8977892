import { ActionIcon, Button, Group, Modal, MultiSelect, Select, Switch, TextInput } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { ShieldQuestion, UserMinus, UserPlus, Users } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseDetail, CasePerson } from '#shared/contract/cases.ts';
import { CASE_ROLES } from '#shared/model/vocabularies.ts';
import { useCommand, useQuery } from '../../api/hooks.ts';
import { useUndo } from '../../lib/undo.tsx';
import { useReturnedDraft } from '../../lib/use-returned-draft.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { DraftTrouble } from '../../ui/DraftTrouble.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Panel, Row, Rows, Stack } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { isDraftOf } from '../consents/consent-drafts.ts';
import { ConsentList } from '../consents/ConsentList.tsx';
import { StrayDraft } from '../today/StrayDraft.tsx';

type Role = CasePerson['roles'][number];

function ConsentTags({ person }: { person: CasePerson }): JSX.Element {
  const { t } = useTranslation(['cases', 'ui']);
  const { given, expired, unrenewed, impeded, refused, withdrawn } = person.consents;
  return (
    <>
      {given > 0 && <StatusTag tone="verified">{t('consent.given', { count: given })}</StatusTag>}
      {unrenewed > 0 && <StatusTag tone="due">{t('consent.unrenewed', { count: unrenewed })}</StatusTag>}
      {expired > unrenewed && <StatusTag>{t('consent.replaced', { count: expired - unrenewed })}</StatusTag>}
      {impeded > 0 && <StatusTag tone="due">{t('consent.impeded', { count: impeded })}</StatusTag>}
      {refused > 0 && <StatusTag tone="danger">{t('consent.refused', { count: refused })}</StatusTag>}
      {withdrawn > 0 && <StatusTag tone="danger">{t('consent.withdrawn', { count: withdrawn })}</StatusTag>}
      {given + expired + impeded + refused + withdrawn === 0 && <StatusTag>{t('consent.none')}</StatusTag>}
    </>
  );
}

/** The people of a case: what each is in it, and what each consented to. */
export function CasePeople({ detail }: { detail: CaseDetail }): JSX.Element {
  const { t } = useTranslation(['cases', 'ui']);
  const { term } = useTerms();
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const [opened, setConsentsOf] = useState<CasePerson | null>(null);
  // An answer or a withdrawal that was left half written.
  const returned = useReturnedDraft('consent', 'withdrawal');
  const { draft } = returned;
  const writtenFor =
    draft === null
      ? undefined
      : detail.persons.find((person) => isDraftOf(draft.form, detail.id, person.personId));
  const consentsOf = opened ?? writtenFor ?? null;
  const closeConsents = (): void => {
    setConsentsOf(null);
    returned.forget();
  };
  const words = useErrorText();
  const offerUndo = useUndo();
  const remove = useCommand('cases.removePerson');
  const add = useCommand('cases.addPerson');
  const takeOut = async ({ personId, roles, relation, reserved }: CasePerson): Promise<void> => {
    const ties = { caseId: detail.id, personId };
    const done = await remove.mutateAsync(ties).catch(() => null);
    if (done)
      offerUndo(t('tookOut'), () => add.mutateAsync({ ...ties, roles: [...roles], relation, reserved }));
  };
  return (
    <Stack>
      <Group gap="sm">
        <Button
          variant="filled"
          leftSection={<UserPlus size={17} />}
          onClick={() => void navigate({ to: '/people/new', search: { caseId: detail.id } })}
        >
          {t('addPerson')}
        </Button>
        <Button onClick={() => setAdding(true)}>{t('linkPerson')}</Button>
      </Group>
      <DraftTrouble of={returned} />
      {draft !== null && writtenFor === undefined && (
        <StrayDraft draft={draft} onGone={returned.forget}>
          <span className="rg-private">{t('draftOfNobody', { name: draft.title })}</span>
        </StrayDraft>
      )}
      {remove.error !== null && <Notice tone="danger">{words(remove.error)}</Notice>}
      <Panel title={t('people')} Icon={Users} extra={detail.persons.length} flush>
        {detail.persons.length === 0 ? (
          <EmptyState Icon={Users} title={t('noPeople')} text={t('noPeopleText')} />
        ) : (
          <Rows>
            {detail.persons.map((person) => (
              <Row
                key={person.personId}
                title={
                  <Link to="/people/$personId" params={{ personId: person.personId }}>
                    <span className="rg-private">{person.name}</span>
                  </Link>
                }
                note={[person.roles.map((role) => term('role', role)).join(', '), person.relation]
                  .filter((part) => part !== '')
                  .join(' · ')}
                end={
                  <>
                    {person.minor && <StatusTag tone="care">{t('minor')}</StatusTag>}
                    {person.reserved && <StatusTag tone="digital">{t('reserved')}</StatusTag>}
                    <ConsentTags person={person} />
                    <Button leftSection={<ShieldQuestion size={16} />} onClick={() => setConsentsOf(person)}>
                      {t('consents')}
                    </Button>
                    <ActionIcon
                      aria-label={t('takeOut')}
                      title={t('takeOut')}
                      onClick={() => void takeOut(person)}
                    >
                      <UserMinus size={16} />
                    </ActionIcon>
                  </>
                }
              />
            ))}
          </Rows>
        )}
      </Panel>
      <LinkPerson detail={detail} opened={adding} onClose={() => setAdding(false)} />
      <Modal
        opened={consentsOf !== null}
        onClose={closeConsents}
        size={760}
        title={
          consentsOf && (
            <span>
              {t('consentsTitle')} · <span className="rg-private">{consentsOf.name}</span>
            </span>
          )
        }
        closeButtonProps={{ 'aria-label': t('ui:close') }}
      >
        {consentsOf && (
          <ConsentList
            key={consentsOf.personId}
            caseId={detail.id}
            personId={consentsOf.personId}
            name={consentsOf.name}
            draft={consentsOf.personId === writtenFor?.personId ? draft : null}
            minor={consentsOf.minor}
            kind={consentsOf.kind}
          />
        )}
      </Modal>
    </Stack>
  );
}

function LinkPerson({
  detail,
  opened,
  onClose,
}: {
  detail: CaseDetail;
  opened: boolean;
  onClose: () => void;
}): JSX.Element {
  const { t } = useTranslation(['cases', 'ui']);
  const { options } = useTerms();
  const words = useErrorText();
  const people = useQuery('persons.list', { limit: 500 }, { enabled: opened }).data?.rows ?? [];
  const add = useCommand('cases.addPerson');
  const [personId, setPersonId] = useState<string | null>(null);
  const [roles, setRoles] = useState<Role[]>(['beneficiary']);
  const [relation, setRelation] = useState('');
  const [reserved, setReserved] = useState(false);
  const inside = new Set<string>(detail.persons.map((person) => person.personId));
  const save = async (): Promise<void> => {
    const person = people.find((row) => row.id === personId);
    if (!person || roles.length === 0) return;
    const done = await add
      .mutateAsync({ caseId: detail.id, personId: person.id, roles, relation, reserved })
      .catch(() => null);
    if (done) {
      setPersonId(null);
      onClose();
    }
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('linkPerson')}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <Stack>
        {add.error !== null && <Notice tone="danger">{words(add.error)}</Notice>}
        <Select
          label={t('person')}
          searchable
          data-autofocus
          className="rg-private"
          data={people
            .filter((row) => !inside.has(row.id))
            .map((row) => ({ value: row.id, label: row.name }))}
          value={personId}
          onChange={setPersonId}
        />
        <MultiSelect
          label={t('roles')}
          data={options('role', CASE_ROLES)}
          value={roles}
          onChange={(value) => setRoles(value as Role[])}
        />
        <TextInput
          label={t('relation')}
          placeholder={t('relationExample')}
          value={relation}
          onChange={(event) => setRelation(event.currentTarget.value)}
        />
        <Switch
          label={t('reserveIdentity')}
          color="teal.8"
          checked={reserved}
          onChange={(event) => setReserved(event.currentTarget.checked)}
        />
        <Group justify="flex-end">
          <Button onClick={onClose}>{t('ui:cancel')}</Button>
          <Button
            variant="filled"
            loading={add.isPending}
            disabled={personId === null || roles.length === 0}
            onClick={() => void save()}
          >
            {t('link')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
