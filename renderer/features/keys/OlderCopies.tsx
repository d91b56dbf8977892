import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { Output } from '../../api/contract.ts';
import { formatInstant } from '../../lib/format.ts';
import { Notice } from '../../ui/Notice.tsx';

type Copies = Output<'rotation.review'>['olderCopies'];

/** What no change of keys can reach: copies that were made before it. */
export function OlderCopies({ copies }: { copies: Copies }): JSX.Element {
  const { t } = useTranslation('keys');
  return (
    <Notice tone="due" title={t('older.title')}>
      {copies.length === 0 ? (
        t('older.none')
      ) : (
        <>
          {t('older.text')}
          <ul style={{ margin: '6px 0 0', paddingInlineStart: 18 }}>
            {copies.map((copy) => (
              <li key={`${copy.name}${copy.lastAt}`}>
                {t('older.copy', { name: copy.name, count: copy.copies, when: formatInstant(copy.lastAt) })}
              </li>
            ))}
          </ul>
        </>
      )}
      <p style={{ marginTop: 6 }}>{t('older.unknown')}</p>
    </Notice>
  );
}
