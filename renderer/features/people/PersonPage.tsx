import { Button, Loader } from '@mantine/core';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Contact, FolderOpen, IdCard, Pencil, Quote, UserRound } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '#shared/model/common.ts';
import type { PersonId } from '#shared/model/ids.ts';
import { host } from '../../api/bridge.ts';
import { useQuery } from '../../api/hooks.ts';
import { notify } from '../../lib/notify.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Columns, Facts, Panel, Row, Rows } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { ConsentList } from '../consents/ConsentList.tsx';
import { OWN_WORDS } from './person-state.ts';

/** Everything known about one person, for those who may know it. */
export function PersonPage(): JSX.Element {
  const { t } = useTranslation(['people', 'ui']);
  const common = useTranslation();
  const { term } = useTerms();
  const words = useErrorText();
  const navigate = useNavigate();
  const { personId } = useParams({ strict: false }) as { personId: PersonId };
  const query = useQuery('persons.get', { id: personId });
  const [chosenCase, setCase] = useState<string | null>(null);
  const person = query.data;
  if (!person)
    return query.error ? (
      <Notice tone="danger">{words(query.error)}</Notice>
    ) : (
      <Loader role="status" aria-label={t('ui:loading')} />
    );
  const answer = (value: Answer): JSX.Element =>
    value.kind === 'said' ? (
      <span className="rg-private">{value.words}</span>
    ) : (
      <span className="rg-muted">{t(`ui:answer.${value.kind}`)}</span>
    );
  const inCase = person.cases.find((one) => one.id === chosenCase) ?? person.cases[0];
  return (
    <>
      <PageHeader
        crumbs={<Link to="/people">{t('list')}</Link>}
        title={<span className="rg-private">{person.name}</span>}
        tags={
          <>
            <StatusTag Icon={UserRound}>{term('person', person.kind)}</StatusTag>
            {person.groupSize !== null && <StatusTag>{t('groupOf', { count: person.groupSize })}</StatusTag>}
            {person.minor && <StatusTag tone="care">{t('minorTag')}</StatusTag>}
          </>
        }
        actions={
          <>
            <Link to="/people/$personId/data" params={{ personId }}>
              {t('herData')}
            </Link>
            <Button
              variant="filled"
              leftSection={<Pencil size={17} />}
              onClick={() => void navigate({ to: '/people/$personId/edit', params: { personId } })}
            >
              {common.t('edit')}
            </Button>
          </>
        }
      />
      <Columns
        main={
          <>
            <Panel title={t('identity')} Icon={IdCard}>
              <Facts
                items={[
                  person.aliases.length === 0
                    ? null
                    : [
                        t('aliases'),
                        <span key="a" className="rg-private">
                          {person.aliases.join(', ')}
                        </span>,
                      ],
                  person.legalName === ''
                    ? null
                    : [
                        t('legalName'),
                        <span key="l" className="rg-private">
                          {person.legalName}
                        </span>,
                      ],
                  person.level === '' ? null : [t('level'), person.level],
                  person.work === ''
                    ? null
                    : [
                        t('work'),
                        <span key="w" className="rg-private">
                          {person.work}
                        </span>,
                      ],
                  person.note === ''
                    ? null
                    : [
                        t('note'),
                        <span key="n" className="rg-private">
                          {person.note}
                        </span>,
                      ],
                ]}
              />
              {person.aliases.length === 0 && person.legalName === '' && person.work === '' && (
                <p className="rg-muted">{t('onlyName')}</p>
              )}
            </Panel>
            <Panel title={t('ownWords')} Icon={Quote}>
              <Facts
                items={OWN_WORDS.map(
                  (field) => [t(`own.${field}`), answer(person.inOwnWords[field])] as const,
                )}
              />
            </Panel>
            {inCase && (
              <Panel
                title={t('consentsIn', { code: inCase.code })}
                extra={
                  person.cases.length > 1
                    ? person.cases.map((one) => (
                        <Button
                          key={one.id}
                          size="compact-xs"
                          ml={6}
                          variant={one.id === inCase.id ? 'filled' : 'default'}
                          onClick={() => setCase(one.id)}
                        >
                          {one.code}
                        </Button>
                      ))
                    : undefined
                }
              >
                <ConsentList
                  key={inCase.id}
                  caseId={inCase.id}
                  personId={personId}
                  name={person.name}
                  minor={person.minor}
                  kind={person.kind}
                />
              </Panel>
            )}
          </>
        }
        side={
          <>
            <Panel title={t('contacts')} Icon={Contact} flush>
              {person.contacts.length + person.identifiers.length === 0 && (
                <p className="rg-muted" style={{ padding: 14 }}>
                  {t('noContacts')}
                </p>
              )}
              <Rows>
                {person.contacts.map((contact, index) => (
                  <Row
                    key={index}
                    title={<span className="rg-private rg-num">{contact.value}</span>}
                    note={[term('contact', contact.kind), contact.note]
                      .filter((part) => part !== '')
                      .join(' · ')}
                    end={
                      <>
                        {contact.sensitivity === 'sealed' && (
                          <StatusTag tone="digital">{t('sealed')}</StatusTag>
                        )}
                        <Button
                          size="compact-xs"
                          onClick={() =>
                            void host()
                              .copy(contact.value)
                              .then(() => notify(common.t('copied')))
                          }
                        >
                          {t('copy')}
                        </Button>
                      </>
                    }
                  />
                ))}
                {person.identifiers.map((identifier, index) => (
                  <Row
                    key={`i${String(index)}`}
                    title={<span className="rg-private rg-num">{identifier.value}</span>}
                    note={term('identifier', identifier.kind)}
                  />
                ))}
              </Rows>
            </Panel>
            <Panel title={t('cases')} Icon={FolderOpen} flush>
              <Rows>
                {person.cases.map((one) => (
                  <Row
                    key={one.id}
                    title={
                      <Link to="/cases/$caseId" params={{ caseId: one.id }}>
                        {one.code}
                      </Link>
                    }
                    note={
                      <>
                        <span className="rg-private">{one.title}</span> ·{' '}
                        {one.roles.map((role) => term('role', role)).join(', ')}
                      </>
                    }
                  />
                ))}
              </Rows>
            </Panel>
          </>
        }
      />
    </>
  );
}
