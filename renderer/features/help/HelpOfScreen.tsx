import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { HelpPanel } from '../../ui/HelpPanel.tsx';

type Screen =
  | 'today'
  | 'cases'
  | 'case'
  | 'incidents'
  | 'incidentForm'
  | 'emergency'
  | 'people'
  | 'person'
  | 'personData'
  | 'evidence'
  | 'surveillance'
  | 'device'
  | 'message'
  | 'exports'
  | 'workspace'
  | 'settings'
  | 'keys'
  | 'leaver'
  | 'backup'
  | 'access'
  | 'requests'
  | 'safeguard'
  | 'dump';

type Topic =
  | 'keyFile'
  | 'recovery'
  | 'cost'
  | 'rehearsal'
  | 'restore'
  | 'locking'
  | 'callMode'
  | 'check'
  | 'emergencyAccess'
  | 'erasure';

/** What is explained at more length, below the three paragraphs of a screen. */
const TOPICS: { readonly [S in Screen]?: readonly Topic[] } = {
  today: ['locking', 'callMode'],
  settings: ['locking', 'callMode', 'check'],
  keys: ['keyFile', 'recovery', 'cost'],
  leaver: ['recovery'],
  backup: ['rehearsal', 'restore'],
  access: ['emergencyAccess'],
  requests: ['erasure'],
  personData: ['erasure'],
  safeguard: ['locking', 'restore', 'check'],
};

/** Screens under the settings, by the first part of their path. */
const CARE = ['backup', 'access', 'requests', 'safeguard', 'dump'] as const;

/** Which help belongs to a path. */
export function screenOf(path: string): Screen {
  const [, place = '', id, more] = path.split('/');
  if (place === '') return 'today';
  if (place === 'cases') return id === undefined ? 'cases' : 'case';
  if (place === 'incidents') return id === 'new' || more === 'edit' ? 'incidentForm' : 'incidents';
  if (place === 'emergency') return 'emergency';
  if (place === 'people') return id === undefined ? 'people' : more === 'data' ? 'personData' : 'person';
  if (place === 'evidence') return 'evidence';
  if (place === 'surveillance')
    return id === undefined ? 'surveillance' : id === 'messages' ? 'message' : 'device';
  if (place === 'exports') return id === undefined ? 'exports' : 'workspace';
  if (place === 'keys') return id === 'leaver' ? 'leaver' : 'keys';
  return CARE.find((one) => one === place) ?? 'settings';
}

export function HelpOfScreen({
  path,
  opened,
  onClose,
}: {
  path: string;
  opened: boolean;
  onClose: () => void;
}): JSX.Element {
  const { t } = useTranslation('help');
  const screen = screenOf(path);
  return (
    <HelpPanel
      opened={opened}
      onClose={onClose}
      title={t(`${screen}.title`)}
      paragraphs={[t(`${screen}.first`), t(`${screen}.second`), t(`${screen}.third`)]}
      topics={(TOPICS[screen] ?? []).map((topic) => ({
        title: t(`topics.${topic}.title`),
        text: t(`topics.${topic}.text`),
      }))}
      note={t('shortcuts')}
    />
  );
}
