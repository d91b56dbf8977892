import { useTranslation } from 'react-i18next';
import { useTerms } from '../../lib/use-terms.ts';
import { isPlanned } from './tones.ts';

interface Named {
  readonly method: string;
  readonly tool: string;
  readonly toolVersion: string;
  readonly startedAt: string | null;
}

/** What an examination is called: its method, and the tool where one was written down. */
export function useExaminationName(): (one: Named) => string {
  const { t } = useTranslation('surveillance');
  const { term } = useTerms();
  return (one) => {
    if (isPlanned(one)) return t('examination.planned');
    const method = term('examinationMethod', one.method);
    const tool = [one.tool, one.toolVersion].filter((part) => part !== '').join(' ');
    return tool === '' ? method : t('examination.titled', { method, tool });
  };
}
