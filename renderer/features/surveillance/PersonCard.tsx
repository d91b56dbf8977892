import { Button, Modal } from '@mantine/core';
import { BookOpenText } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseId } from '#shared/model/ids.ts';
import { IntakePanel } from '../evidence/IntakePanel.tsx';
import css from './surveillance.module.css';

const PARTS = [
  ['do', 3],
  ['dont', 3],
  ['find', 3],
  ['stop', 2],
] as const;

/**
 * What the person who hands a device over is told, in her words and large enough to read over a shoulder. A
 * voice of the computer is not used: on some systems it would be spoken by a service on the network.
 */
export function PersonCard({ caseId }: { caseId: CaseId | null }): JSX.Element {
  const { t } = useTranslation(['surveillance', 'ui']);
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button leftSection={<BookOpenText size={17} />} onClick={() => setOpened(true)}>
        {t('card.open')}
      </Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        size={820}
        title={t('card.title')}
        closeButtonProps={{ 'aria-label': t('ui:close') }}
      >
        <p className="rg-muted" style={{ marginBottom: 14 }}>
          {t('card.readAloud')}
        </p>
        <div className={css.card} lang={t('card.lang')}>
          {PARTS.map(([part, lines]) => (
            <section key={part}>
              <h3>{t(`card.${part}.title`)}</h3>
              <ul>
                {(['first', 'second', 'third'] as const).slice(0, lines).map((line) => (
                  <li key={line}>{t(`card.${part}.${line as 'first'}`)}</li>
                ))}
              </ul>
            </section>
          ))}
        </div>
        <p style={{ margin: '18px 0 10px' }}>{t('card.audio')}</p>
        <IntakePanel caseId={caseId} incidentId={null} taken={[]} />
      </Modal>
    </>
  );
}
