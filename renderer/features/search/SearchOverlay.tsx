import { Loader, Modal, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import {
  BellRing,
  CalendarDays,
  FolderOpen,
  MessageSquareWarning,
  Microscope,
  NotebookPen,
  Paperclip,
  Plus,
  Radar,
  Search,
  Settings,
  Siren,
  Smartphone,
  TriangleAlert,
  UserRound,
  type LucideIcon,
} from 'lucide-react';
import { useEffect, useId, useState, type JSX, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { SearchHit } from '#shared/contract/search.ts';
import { useQuery } from '../../api/hooks.ts';
import css from './search.module.css';

const ICONS: Readonly<Record<SearchHit['kind'], LucideIcon>> = {
  case: FolderOpen,
  person: UserRound,
  incident: TriangleAlert,
  note: NotebookPen,
  evidence: Paperclip,
  device: Smartphone,
  examination: Microscope,
  message: MessageSquareWarning,
  notification: BellRing,
  digitalAttack: Radar,
  milestone: CalendarDays,
};

interface Choice {
  readonly key: string;
  readonly Icon: LucideIcon;
  readonly title: string;
  readonly group: string;
  readonly snippet: SearchHit['snippet'];
  readonly isPrivate: boolean;
  go(): void;
}

const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** One box over everything, and over what can be done. */
export function SearchOverlay({ opened, onClose }: { opened: boolean; onClose: () => void }): JSX.Element {
  const { t } = useTranslation(['common', 'ui']);
  const navigate = useNavigate();
  const id = useId();
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text.trim(), 120);
  const [picked, setPicked] = useState(0);
  const answer = useQuery(
    'search.everything',
    { text: asked, limit: 30 },
    { enabled: opened && asked !== '', keep: true },
  );

  const actions: Choice[] = (
    [
      ['newIncident', Plus, () => navigate({ to: '/incidents/new' })],
      ['newEmergency', Siren, () => navigate({ to: '/emergency' })],
      ['newCase', Plus, () => navigate({ to: '/cases/new' })],
      ['newPerson', Plus, () => navigate({ to: '/people/new' })],
      ['newExport', Plus, () => navigate({ to: '/exports/new' })],
      ['newMessage', Plus, () => navigate({ to: '/surveillance/messages/new' })],
      ['newDevice', Plus, () => navigate({ to: '/surveillance/receive' })],
      ['place.settings', Settings, () => navigate({ to: '/settings' })],
    ] as const
  ).map(([key, Icon, go]) => ({
    key,
    Icon,
    title: t(key),
    group: t('finder.actions'),
    snippet: [],
    isPrivate: false,
    go: () => void go(),
  }));
  const hits: Choice[] = (asked === '' ? [] : (answer.data?.hits ?? [])).map((hit) => ({
    key: `${hit.kind}${hit.id}`,
    Icon: ICONS[hit.kind],
    title: hit.title,
    group: t(`finder.kind.${hit.kind}`),
    snippet: hit.snippet,
    isPrivate: true,
    go: () => {
      if (hit.kind === 'case') void navigate({ to: '/cases/$caseId', params: { caseId: hit.id } });
      else if (hit.kind === 'person')
        void navigate({ to: '/people/$personId', params: { personId: hit.id } });
      else if (hit.kind === 'incident')
        void navigate({ to: '/incidents/$incidentId', params: { incidentId: hit.id } });
      else if (hit.kind === 'evidence') void navigate({ to: '/evidence', search: { open: hit.id } });
      else if (hit.kind === 'device')
        void navigate({ to: '/surveillance/devices/$deviceId', params: { deviceId: hit.id } });
      else if (hit.kind === 'examination')
        void navigate({
          to: '/surveillance/examinations/$examinationId',
          params: { examinationId: hit.id },
        });
      else if (hit.kind === 'message')
        void navigate({ to: '/surveillance/messages/$messageId', params: { messageId: hit.id } });
      else if (hit.kind === 'notification')
        void navigate({ to: '/surveillance', search: { tab: 'notifications' } });
      else if (hit.kind === 'milestone' && hit.caseId !== null)
        void navigate({ to: '/cases/$caseId', params: { caseId: hit.caseId }, search: { tab: 'timeline' } });
      else if (hit.kind === 'digitalAttack' && hit.caseId !== null)
        void navigate({ to: '/cases/$caseId', params: { caseId: hit.caseId }, search: { tab: 'incidents' } });
      else if (hit.caseId !== null)
        void navigate({ to: '/cases/$caseId', params: { caseId: hit.caseId }, search: { tab: 'summary' } });
    },
  }));
  const shown = [
    ...hits,
    ...actions.filter((action) => asked === '' || fold(action.title).includes(fold(asked))),
  ];
  useEffect(() => setPicked(0), [asked]);

  const close = (): void => {
    setText('');
    onClose();
  };
  const take = (choice: Choice | undefined): void => {
    if (!choice) return;
    close();
    choice.go();
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') take(shown[picked]);
    else if (event.key === 'ArrowDown') setPicked(Math.min(shown.length - 1, picked + 1));
    else if (event.key === 'ArrowUp') setPicked(Math.max(0, picked - 1));
    else return;
    event.preventDefault();
    if (event.key !== 'Enter')
      document.getElementById(`${id}-${String(picked)}`)?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <Modal.Root opened={opened} onClose={close} size={680} yOffset="9vh" centered={false}>
      <Modal.Overlay />
      <Modal.Content aria-label={t('finder.title')}>
        <Modal.Body p={0}>
          <TextInput
            className={`${css.box ?? ''} rg-private`}
            variant="unstyled"
            size="md"
            data-autofocus
            role="combobox"
            aria-expanded
            aria-controls={`${id}l`}
            aria-activedescendant={shown.length > 0 ? `${id}-${String(picked)}` : undefined}
            aria-label={t('search')}
            placeholder={t('finder.placeholder')}
            autoComplete="off"
            spellCheck={false}
            leftSection={
              answer.isFetching ? (
                <Loader size={16} role="status" aria-label={t('ui:loading')} />
              ) : (
                <Search size={18} aria-hidden />
              )
            }
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            onKeyDown={onKey}
          />
          <ul className={css.hits} id={`${id}l`} role="listbox" aria-label={t('finder.results')}>
            {shown.map((choice, index) => (
              <li
                key={choice.key}
                id={`${id}-${String(index)}`}
                role="option"
                aria-selected={index === picked}
                className={css.hit}
                onMouseMove={() => setPicked(index)}
                onClick={() => take(choice)}
              >
                <choice.Icon size={18} aria-hidden />
                <span className={css.hitText}>
                  <span className={`${css.hitTitle ?? ''} ${choice.isPrivate ? 'rg-private' : ''}`}>
                    {choice.title}
                  </span>
                  {choice.snippet.length > 0 && (
                    <span className={`${css.snippet ?? ''} rg-private`}>
                      {choice.snippet.map((part, at) =>
                        part.hit ? <mark key={at}>{part.text}</mark> : part.text,
                      )}
                    </span>
                  )}
                </span>
                <span className={css.kind}>{choice.group}</span>
              </li>
            ))}
          </ul>
          <div className={css.foot} role="status">
            {asked !== '' && answer.data && hits.length === 0 ? t('finder.nothing') : t('finder.hint')}
          </div>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
