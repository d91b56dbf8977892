import { Button, Group, Modal, Textarea } from '@mantine/core';
import { Check, CircleDashed, ListChecks, TriangleAlert } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportView } from '#shared/contract/exports.ts';
import { useCommand } from '../../api/hooks.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Columns, Panel } from '../../ui/Panel.tsx';
import { AnnexPanel } from './AnnexPanel.tsx';
import { DigitalPanel } from './DigitalPanel.tsx';
import css from './exports.module.css';
import { FilingSheet } from './FilingSheet.tsx';
import { PendingPanel } from './PendingPanel.tsx';

/** The document on the left; on the right what is open, what the body asks for, and the annexes. */
export function RedactionStep({ view, onNext }: { view: ExportView; onNext: () => void }): JSX.Element {
  const { t, i18n } = useTranslation(['exports', 'ui']);
  const [selected, setSelected] = useState<string | null>(null);
  const [writing, setWriting] = useState<string | null>(null);
  const met = view.completeness.filter((one) => one.met).length;
  const labelOf = (id: string): string => {
    const key = `asked.${id}`;
    return i18n.exists(key, { ns: 'exports' })
      ? t(key as 'asked.gravity')
      : (view.sections.find((section) => section.id === id)?.heading ?? id);
  };
  return (
    <>
      <Columns
        main={<FilingSheet view={view} marking={{ selected, onSelect: setSelected }} onWrite={setWriting} />}
        side={
          <>
            <PendingPanel view={view} selected={selected} onSelect={setSelected} />
            {view.quasiIdentifiers.length > 0 && (
              <Panel title={t('combinations')} Icon={TriangleAlert} tone="due">
                <ul className={css.checks}>
                  {view.quasiIdentifiers.map((one) => (
                    <li key={one.id} className="rg-private">
                      {one.text}
                    </li>
                  ))}
                </ul>
              </Panel>
            )}
            {view.joinableWith.length > 0 && (
              <Notice tone="due">{t('joinable', { recipients: view.joinableWith.join(', ') })}</Notice>
            )}
            <Panel
              title={view.profile === 'iachr-precautionary' ? t('askedByArticle25') : t('askedTitle')}
              Icon={ListChecks}
              extra={t('metOf', { met, count: view.completeness.length })}
            >
              <ul className={css.checks}>
                {view.completeness.map((one) => (
                  <li key={one.id}>
                    {one.met ? (
                      <Check size={16} aria-label={t('met')} color="var(--rg-verified)" />
                    ) : (
                      <CircleDashed size={16} aria-label={t('missing')} color="var(--rg-due)" />
                    )}
                    <span>
                      {labelOf(one.id)} {one.article !== '' && <small>{one.article}</small>}
                    </span>
                  </li>
                ))}
              </ul>
              <p className="rg-small rg-muted" style={{ marginTop: 8 }}>
                {t('neverBlocks')}
              </p>
            </Panel>
            <DigitalPanel view={view} />
            <AnnexPanel view={view} />
          </>
        }
      />
      <div style={{ marginTop: 16 }}>
        <Button variant="filled" onClick={onNext}>
          {t('toCheck')}
        </Button>
      </div>
      {writing !== null && (
        <SectionEditor key={writing} view={view} section={writing} onClose={() => setWriting(null)} />
      )}
    </>
  );
}

function SectionEditor({
  view,
  section,
  onClose,
}: {
  view: ExportView;
  section: string;
  onClose: () => void;
}): JSX.Element {
  const { t } = useTranslation(['exports', 'ui', 'common']);
  const words = useErrorText();
  const write = useCommand('exports.writeSection');
  const found = view.sections.find((one) => one.id === section);
  const shown = (found?.blocks ?? [])
    .map((block) => (block.runs ?? []).map((run) => run.text).join(''))
    .join('\n\n');
  const [text, setText] = useState(found?.written ?? shown);
  const save = async (): Promise<void> => {
    const done = await write.mutateAsync({ id: view.id, section, text }).catch(() => null);
    if (done) onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size={720}
      title={found?.heading ?? section}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      {write.error !== null && <Notice tone="danger">{words(write.error)}</Notice>}
      <Textarea
        label={t('sectionText')}
        description={t('sectionHelp')}
        className="rg-private"
        autosize
        minRows={9}
        maxRows={18}
        data-autofocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Group mt="md" justify="flex-end">
        <Button onClick={onClose}>{t('ui:cancel')}</Button>
        <Button variant="filled" loading={write.isPending} onClick={() => void save()}>
          {t('common:save')}
        </Button>
      </Group>
    </Modal>
  );
}
