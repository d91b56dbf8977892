import { Checkbox, Select } from '@mantine/core';
import { Paperclip } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnnexView, ExportView } from '#shared/contract/exports.ts';
import { useCommand } from '../../api/hooks.ts';
import { formatBytes } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { FileIcon } from '../evidence/FileIcon.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { AnnexBoxes } from './AnnexBoxes.tsx';
import css from './exports.module.css';

/** What is done with each file: left out, drawn anew without metadata, covered, or sent whole. */
export function AnnexPanel({ view }: { view: ExportView }): JSX.Element {
  const { t } = useTranslation('exports');
  const words = useErrorText();
  const treat = useCommand('exports.treatAnnex');
  const put = (
    annex: AnnexView,
    changes: Partial<Pick<AnnexView, 'treatment' | 'boxes' | 'reserved'>>,
  ): void =>
    treat.mutate({
      id: view.id,
      evidenceId: annex.evidenceId,
      treatment: annex.treatment,
      boxes: annex.boxes,
      reserved: annex.reserved,
      ...changes,
    });
  const included = view.annexes.filter((annex) => annex.treatment !== 'leaveOut').length;
  return (
    <Panel
      title={t('annexes')}
      Icon={Paperclip}
      extra={t('includedOf', { included, count: view.annexes.length })}
      flush
    >
      {treat.error !== null && <Notice tone="danger">{words(treat.error)}</Notice>}
      {view.annexes.length === 0 && (
        <p style={{ padding: 14 }} className="rg-muted">
          {t('noAnnexes')}
        </p>
      )}
      {view.annexes.map((annex) => (
        <div key={annex.evidenceId} className={css.decision}>
          <div className={css.decisionHead}>
            <FileIcon mime={annex.mime} size={18} />
            <strong className="rg-private">{annex.title}</strong>
            <span className="rg-small rg-muted">{formatBytes(annex.sizeBytes)}</span>
          </div>
          {annex.neutralName !== null && (
            <p className="rg-small rg-muted">{t('leavesAs', { name: annex.neutralName })}</p>
          )}
          {annex.warnings.map((warning) => (
            <div key={warning} style={{ margin: '4px 0' }}>
              <StatusTag tone="due">{t(`warning.${warning}`)}</StatusTag>
            </div>
          ))}
          <div className={css.buttons} style={{ marginTop: 6 }}>
            <Select
              w={216}
              aria-label={t('treatmentOf', { title: annex.title })}
              allowDeselect={false}
              data={annex.allowedTreatments.map((treatment) => ({
                value: treatment,
                label: t(`treatment.${treatment}`),
              }))}
              value={annex.treatment}
              onChange={(value) =>
                value !== null && put(annex, { treatment: value as AnnexView['treatment'] })
              }
            />
            {annex.treatment !== 'leaveOut' && annex.treatment !== 'whole' && (
              <AnnexBoxes annex={annex} onSave={(boxes) => put(annex, { boxes })} />
            )}
          </div>
          {view.profile === 'iachr-precautionary' && annex.treatment !== 'leaveOut' && (
            <Checkbox
              mt={8}
              size="sm"
              color="teal.8"
              label={t('askReserve')}
              checked={annex.reserved}
              onChange={(event) => put(annex, { reserved: event.currentTarget.checked })}
            />
          )}
        </div>
      ))}
    </Panel>
  );
}
