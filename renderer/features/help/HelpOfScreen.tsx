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
  | 'evidence'
  | 'exports'
  | 'workspace'
  | 'settings';

/** Which help belongs to a path. */
export function screenOf(path: string): Screen {
  const [, place = '', id, more] = path.split('/');
  if (place === '') return 'today';
  if (place === 'cases') return id === undefined ? 'cases' : 'case';
  if (place === 'incidents') return id === 'new' || more === 'edit' ? 'incidentForm' : 'incidents';
  if (place === 'emergency') return 'emergency';
  if (place === 'people') return id === undefined ? 'people' : 'person';
  if (place === 'evidence') return 'evidence';
  if (place === 'exports') return id === undefined ? 'exports' : 'workspace';
  return 'settings';
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
      paragraphs={[t(`${screen}.first`), t(`${screen}.second`), t(`${screen}.third`), t('keys')]}
    />
  );
}
