import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { TicketDescription } from '#shared/contract/slots.ts';
import { useTerms } from '../../lib/use-terms.ts';
import css from './unlock.module.css';

type Fact = TicketDescription['facts'][string];

const isSaid = (value: Fact): boolean =>
  value !== null && value !== '' && value !== false && !(Array.isArray(value) && value.length === 0);

/** What is about to be done, read before the passphrase is typed. */
export function TicketSubject({ description }: { description: TicketDescription }): JSX.Element | null {
  const { t, i18n } = useTranslation('unlock');
  const { term } = useTerms();
  const { subject, confirm } = description;
  // Whatever has no words of its own is for the form, not for reading; the list says who stays.
  const facts = Object.entries(description.facts).filter(
    ([name, value]) =>
      isSaid(value) && i18n.exists(`unlock:fact.${name}`) && !(name === 'staying' && confirm.length > 0),
  );
  const shown = (name: string, value: Fact): string => {
    if (value === true) return t('yes');
    if (Array.isArray(value)) return value.join(' · ');
    const text = String(value);
    // The id of the profile and the number of its version.
    if (name === 'profile') return text.replace(/^\S+/u, (id) => term('profile', id));
    return i18n.exists(`unlock:factValue.${text}`) ? t(`factValue.${text}` as 'factValue.es') : text;
  };
  if (subject === null && confirm.length === 0 && facts.length === 0) return null;
  return (
    <div className={css.subject}>
      {subject !== null && (
        <p>
          <strong>{subject.name}</strong>
          {subject.kind === 'passphrase' && (
            <span className="rg-small rg-muted">
              {' '}
              {subject.preset === null
                ? subject.powers.map((power) => term('power', power)).join(' · ')
                : t(`preset.${subject.preset}`)}
            </span>
          )}
        </p>
      )}
      {confirm.length > 0 && (
        <ul className={css.confirm} aria-label={t('ticket.confirm')}>
          {confirm.map((slot) => (
            <li key={slot.id}>
              {slot.name}
              <span className="rg-small rg-muted"> {t(`slotKind.${slot.kind}`)}</span>
            </li>
          ))}
        </ul>
      )}
      {facts.length > 0 && (
        <dl className={css.ticketFacts}>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{t(`fact.${name}` as 'fact.recipient')}</dt>
              <dd>{shown(name, value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
