import { Button, Group, Select, TextInput } from '@mantine/core';
import { FolderInput, PackageOpen } from 'lucide-react';
import { useEffect, useRef, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { FileToken } from '#shared/contract/bridge.ts';
import type { ImportReport as Report } from '#shared/contract/imports.ts';
import type { TargetId } from '#shared/model/ids.ts';
import type { ExaminationId } from '#shared/model/surveillance-ids.ts';
import { host } from '../../api/bridge.ts';
import type { Input } from '../../api/contract.ts';
import { useTask } from '../../api/hooks.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { DropZone } from '../../ui/DropZone.tsx';
import forms from '../../ui/forms.module.css';
import { Notice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { ImportReport } from './ImportReport.tsx';

type Kind = NonNullable<Input<'imports.phone'>['kind']>;
const KINDS: readonly Kind[] = ['results', 'sms', 'whatsapp', 'links'];

/** Takes the results of an examination in and tells, file by file, what was read and what was not. */
export function ImportPanel(props: {
  examinationId: ExaminationId;
  /** Nobody may read it yet: the bytes are kept and nothing is opened. */
  pending: boolean;
  first: boolean;
}): JSX.Element {
  const { t } = useTranslation('imports');
  const words = useErrorText();
  const [kind, setKind] = useState<Kind>('results');
  const [from, setFrom] = useState('');
  const [name, setName] = useState('');
  const [report, setReport] = useState<Report | null>(null);
  const run = useTask('imports.phone');
  const shown = useRef<HTMLDivElement>(null);
  // On a small screen what it says begins below the edge, and its warnings would go unread.
  useEffect(() => {
    if (report !== null) shown.current?.scrollIntoView({ block: 'start' });
  }, [report]);
  const take = async (tokens: readonly FileToken[]): Promise<void> => {
    const [token] = tokens;
    if (token === undefined || run.isPending) return;
    setReport(null);
    setName(token.name);
    const done = await run
      .mutateAsync({
        examinationId: props.examinationId,
        kind,
        source: token.id as TargetId,
        fromWords: from,
      })
      .catch(() => null);
    if (done) setReport(done);
  };
  return (
    <>
      <Panel title={t('title')} Icon={PackageOpen}>
        {run.error !== null && (
          <div style={{ marginBottom: 12 }}>
            <Notice tone="danger">{words(run.error)}</Notice>
          </div>
        )}
        <div className={forms.two} style={{ marginBottom: 10 }}>
          <Select
            label={t('what')}
            allowDeselect={false}
            data={KINDS.map((one) => ({ value: one, label: t(`kind.${one}`) }))}
            value={kind}
            onChange={(value) => value !== null && setKind(value as Kind)}
          />
          <TextInput
            label={t('from')}
            className="rg-private"
            value={from}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
        </div>
        <DropZone
          title={t(props.first ? 'drop' : 'dropAgain')}
          note={t(props.pending ? 'dropPending' : 'dropNote')}
          onFiles={(files) => void host().fileTokens(files).then(take)}
          onChoose={() => void host().chooseFiles({ multiple: false }).then(take)}
        />
        {kind === 'results' && (
          <Group mt="xs">
            <Button
              size="compact-sm"
              leftSection={<FolderInput size={15} />}
              onClick={() => void host().chooseFiles({ multiple: false, folders: true }).then(take)}
            >
              {t('chooseFolder')}
            </Button>
          </Group>
        )}
        {run.isPending && (
          <p className="rg-muted" role="status" style={{ marginTop: 8 }}>
            {t('running', { name })}
          </p>
        )}
      </Panel>
      {report !== null && (
        <div ref={shown} style={{ scrollMarginTop: 14 }}>
          <ImportReport report={report} />
        </div>
      )}
    </>
  );
}
