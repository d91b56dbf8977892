import { Loader } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Clock, Languages, ListTree, UserCheck } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { FindingId } from '#shared/model/surveillance-ids.ts';
import { defangText } from '#shared/surveillance/defang.ts';
import { useQuery } from '../../api/hooks.ts';
import { formatInstant } from '../../lib/format.ts';
import type { Returned } from '../../lib/use-returned-draft.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { useTerms } from '../../lib/use-terms.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Facts, Stack } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { Elsewhere } from './Elsewhere.tsx';
import { useFindingWords } from './finding-words.ts';
import { ReviewForm } from './ReviewForm.tsx';
import { CopySafe, SafeText } from './SafeText.tsx';
import { STATE_TONES } from './tones.ts';
import css from './surveillance.module.css';

/** One finding with what made it, in plain words, and what people decided about it. */
export function FindingView(props: {
  id: FindingId;
  linked?: boolean;
  /** The decision that somebody came back for; of this finding or of another. */
  returned?: Returned;
}): JSX.Element {
  const { id, linked } = props;
  const { t } = useTranslation(['findings', 'ui']);
  const { term } = useTerms();
  const words = useErrorText();
  const say = useFindingWords();
  const query = useQuery('findings.get', { id });
  const returned = props.returned?.draft?.form === `review:${id}` ? props.returned : null;
  const finding = query.data;
  if (!finding)
    return query.error ? (
      <Notice tone="danger">{words(query.error)}</Notice>
    ) : (
      <Loader role="status" aria-label={t('ui:loading')} />
    );
  const hits = [
    ...new Map(finding.hits.map((hit) => [`${hit.indicator}${hit.type}${hit.set}${hit.how}`, hit])).values(),
  ];
  return (
    <Stack>
      <div>
        <StatusTag tone={STATE_TONES[finding.state]}>{term('findingState', finding.state)}</StatusTag>{' '}
        {finding.newSinceTool && <StatusTag tone="digital">{t('new')}</StatusTag>}
        <h2 style={{ fontSize: 16, margin: '8px 0 4px' }}>
          <span className={css.module}>{finding.module}</span> <SafeText text={finding.observed} />
        </h2>
        <p className="rg-small rg-muted">
          <Clock size={13} aria-hidden />{' '}
          {finding.time === ''
            ? t('noTime')
            : t('timeOf', { time: finding.time, clock: term('clock', finding.clock) })}
        </p>
        <CopySafe text={finding.observed} />
        {linked === true && (
          <p style={{ marginTop: 6 }}>
            <Link
              to="/surveillance/examinations/$examinationId"
              params={{ examinationId: finding.examinationId }}
            >
              {t('across.toExamination')}
            </Link>
          </p>
        )}
      </div>
      <section aria-label={t('meansTitle')} className={css.why}>
        <strong>
          <Languages size={15} aria-hidden /> {t('meansTitle')}
        </strong>
        {finding.kind === 'indicator' && <p>{t(`means.${say.modesKey(finding)}`)}</p>}
        {finding.kind === 'heuristic' && <p>{t('means.heuristic')}</p>}
        {finding.kind === 'shortenedLink' && (
          <p>{t('means.shortened', { shortener: finding.shortener ?? '' })}</p>
        )}
        {finding.difference !== null && <p style={{ marginTop: 6 }}>{say.difference(finding.difference)}</p>}
        {finding.message !== '' && (
          <p style={{ marginTop: 6 }}>{t('toolSays', { words: finding.message })}</p>
        )}
      </section>
      {hits.length > 0 && (
        <section aria-label={t('hits', { count: hits.length })}>
          <h3 style={{ fontSize: 15 }}>
            <ListTree size={15} aria-hidden /> {t('hits', { count: hits.length })}
          </h3>
          <ul className={css.findings}>
            {hits.map((hit) => (
              <li
                key={`${hit.mode}${hit.indicator}${hit.set}${hit.how}`}
                style={{ padding: '6px 0', borderBottom: '1px solid var(--rg-line)' }}
              >
                <SafeText text={hit.indicator} />{' '}
                <span className="rg-muted">
                  {t('hitOf', {
                    type: say.kind(hit.type),
                    collection: hit.collection === '' ? t('noCollection') : hit.collection,
                    set: hit.set,
                  })}
                </span>
                <div>{say.how(hit)}</div>
                {hit.state !== null && <StatusTag tone="due">{t(`indicatorState.${hit.state}`)}</StatusTag>}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-label={t('review.title')}>
        <h3 style={{ fontSize: 15, marginBottom: 6 }}>
          <UserCheck size={15} aria-hidden /> {t('review.title')}
        </h3>
        <ReviewForm
          key={`${finding.state}${returned?.draft?.id ?? ''}`}
          id={finding.id}
          state={finding.state}
          title={defangText(finding.observed).slice(0, 60)}
          draft={returned?.draft ?? null}
          onDone={() => returned?.forget()}
        />
        {finding.history.length > 0 && (
          <ol style={{ margin: '10px 0 0', paddingInlineStart: 18 }}>
            {finding.history.map((one) => (
              <li key={one.at}>
                <strong>{term('findingState', one.state)}</strong>{' '}
                <span className="rg-muted">
                  {formatInstant(one.at)} · <span className="rg-private">{one.actor}</span>
                </span>
                {one.reason !== '' && <div className="rg-private">{one.reason}</div>}
                {one.confirmedBy !== '' && (
                  <div className="rg-private">{t('review.confirmedFrom', { who: one.confirmedBy })}</div>
                )}
                {one.note !== '' && <div className="rg-private">{one.note}</div>}
              </li>
            ))}
          </ol>
        )}
      </section>
      <Elsewhere id={finding.id} />
      {finding.excerpt.length > 0 && (
        <details>
          <summary>{t('record', { count: finding.excerpt.length })}</summary>
          <div className="rg-private" style={{ marginTop: 8 }}>
            <Facts
              items={finding.excerpt.map((one) => [one.name, <SafeText key={one.name} text={one.value} />])}
            />
          </div>
        </details>
      )}
    </Stack>
  );
}
