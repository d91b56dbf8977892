import { CircleDashed, ScanSearch } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { Triage } from '#shared/contract/suspicious-messages.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { Panel } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { useFindingWords } from './finding-words.ts';
import { SafeText } from './SafeText.tsx';
import css from './surveillance.module.css';

/** What comparing a message gave: the whole sentence first, then each coincidence explained. */
export function TriageResult({ triage }: { triage: Triage }): JSX.Element {
  const { t } = useTranslation('messages');
  const { term } = useTerms();
  const say = useFindingWords();
  return (
    <Panel title={t('result')} Icon={triage.hits.length === 0 ? CircleDashed : ScanSearch}>
      <p className={css.sentence} role="status">
        {triage.sentence}
      </p>
      {triage.advice.length > 0 && triage.hits.length === 0 && (
        <ul className={css.steps}>
          {triage.advice.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      {triage.hits.length > 0 && (
        <ul className={css.findings} style={{ marginTop: 12 }} aria-label={t('coincidences')}>
          {triage.hits.map((hit) => (
            <li
              key={`${hit.mode}${hit.set}${hit.indicator}${hit.how}${hit.linkId ?? ''}${hit.subject}`}
              style={{ padding: '8px 0', borderTop: '1px solid var(--rg-line)' }}
            >
              <div>
                <StatusTag tone="digital">{t(`subject.${hit.subject}`)}</StatusTag>{' '}
                <SafeText text={hit.observed} />
              </div>
              <div>{hit.explanation}</div>
              <div className="rg-small rg-muted">
                {t('hitOf', {
                  type: say.kind(hit.type),
                  collection: hit.collection,
                  set: hit.set,
                  mode: term('matchMode', hit.mode),
                })}
              </div>
            </li>
          ))}
        </ul>
      )}
      {triage.unresolved.length > 0 && (
        <p style={{ marginTop: 10 }} className="rg-muted">
          {t('unresolved', {
            count: triage.unresolved.length,
            names: [...new Set(triage.unresolved.map((one) => one.shortener))].join(', '),
          })}
        </p>
      )}
    </Panel>
  );
}
