import { Link } from '@tanstack/react-router';
import { Users } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { FindingId } from '#shared/model/surveillance-ids.ts';
import { useQuery } from '../../api/hooks.ts';
import { formatPartialDate } from '../../lib/format.ts';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { SafeText } from './SafeText.tsx';
import css from './surveillance.module.css';

/** On which other devices the same was seen, and who got a message over the same link. */
export function Elsewhere({ id }: { id: FindingId }): JSX.Element | null {
  const { t } = useTranslation(['findings', 'messages']);
  const { data } = useQuery('findings.elsewhere', { id });
  if (data === undefined || data.devices.length + data.messages.length === 0) return null;
  return (
    <section aria-label={t('across.elsewhere')}>
      <h3 style={{ fontSize: 15 }}>
        <Users size={15} aria-hidden /> {t('across.elsewhere')}
      </h3>
      <ul className={css.findings}>
        {data.devices.map((one) => (
          <li key={one.deviceId} className={css.elsewhere}>
            <Link
              to="/surveillance/examinations/$examinationId"
              params={{ examinationId: one.examinationId }}
            >
              {one.device}
            </Link>{' '}
            <span className="rg-muted">
              {t('across.timesSeen', { count: one.findings })}
              {one.caseCode !== null && ` · ${one.caseCode}`}
            </span>
            {one.person !== '' && <div className="rg-small rg-private">{one.person}</div>}
          </li>
        ))}
        {data.messages.map((one) => (
          <li key={one.id} className={css.elsewhere}>
            <Link to="/surveillance/messages/$messageId" params={{ messageId: one.id }}>
              <SafeText text={one.excerpt} />
            </Link>
            <div className="rg-small rg-muted">
              <StatusTag tone="digital">{t(`messages:because.${one.because}`)}</StatusTag>{' '}
              {formatPartialDate(one.received)}
              {one.caseCode !== null && ` · ${one.caseCode}`}
              {one.person !== '' && (
                <>
                  {' · '}
                  <span className="rg-private">{one.person}</span>
                </>
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
