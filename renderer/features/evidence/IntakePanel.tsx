import { Progress } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { CircleAlert, CircleCheck, Paperclip } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseId, EvidenceId, IncidentId } from '#shared/model/ids.ts';
import { useQuery } from '../../api/hooks.ts';
import { formatBytes, shortHash } from '../../lib/format.ts';
import { errorWords } from '../../lib/use-error-text.ts';
import { DropZone } from '../../ui/DropZone.tsx';
import { Panel, Row, Rows } from '../../ui/Panel.tsx';
import { FileIcon } from './FileIcon.tsx';
import { useIntake, type Intake } from './use-intake.ts';

/** Files dropped, pasted or chosen, with what happened to each. */
export function IntakePanel(props: {
  caseId: CaseId | null;
  incidentId: IncidentId | null;
  taken: readonly { id: EvidenceId; title: string; mime: string }[];
  /** Of a form that is still to be saved; elsewhere files join what is shown as soon as they are sealed. */
  intake?: Intake;
}): JSX.Element {
  const { t, i18n } = useTranslation('evidence');
  const own = useIntake({ caseId: props.caseId, incidentId: props.incidentId });
  const intake = props.intake ?? own;
  const tasks = useQuery('tasks.list', {}).data?.rows ?? [];
  // Once the record lists a file itself, the intake need not.
  const listed = new Set<string>(props.taken.map((file) => file.id));
  const items = intake.items.filter((item) => item.id === undefined || !listed.has(item.id));
  const percentOf = (name: string): number | null => {
    const task = tasks.find((row) => row.state === 'running' && row.subject === name);
    return task && task.total > 0 ? Math.round((100 * task.done) / task.total) : null;
  };
  return (
    <Panel title={t('title')} Icon={Paperclip} extra={props.taken.length + items.length} flush>
      <div style={{ padding: '10px 14px' }}>
        <DropZone
          title={t('drop')}
          note={t('dropNote')}
          onFiles={(files) => void intake.add(files)}
          onChoose={() => void intake.choose()}
        />
        {intake.sealing > 0 && (
          <p role="status" className="rg-small" style={{ marginTop: 8 }}>
            {t(props.intake ? 'stillSealing' : 'beingSealed', { count: intake.sealing })}
          </p>
        )}
      </div>
      <Rows label={t('title')}>
        {props.taken.map((file) => (
          <Row
            key={file.id}
            lead={<FileIcon mime={file.mime} />}
            title={
              <Link to="/evidence" search={{ open: file.id }}>
                <span className="rg-private">{file.title}</span>
              </Link>
            }
            end={<CircleCheck size={18} aria-label={t('sealed')} />}
          />
        ))}
        {items.map((item) => {
          const percent = percentOf(item.name);
          return (
            <Row
              key={item.key}
              lead={<FileIcon mime={item.mime ?? ''} />}
              title={<span className="rg-private">{item.name}</span>}
              note={
                item.state === 'taking' ? (
                  <>
                    {t('encrypting', { size: formatBytes(item.sizeBytes) })}
                    <Progress
                      value={percent ?? 100}
                      animated={percent === null}
                      color="teal.8"
                      size="sm"
                      mt={4}
                      aria-label={t('encrypting', { size: formatBytes(item.sizeBytes) })}
                    />
                  </>
                ) : item.state === 'failed' ? (
                  <span role="alert">{errorWords(i18n.language, item.errorCode ?? 'call.internal')}</span>
                ) : (
                  <>
                    {t('sealedAs', { size: formatBytes(item.sizeBytes), hash: shortHash(item.sha256 ?? '') })}
                    {item.again && ` · ${t('again')}`}
                  </>
                )
              }
              end={
                item.state === 'done' ? (
                  <CircleCheck size={18} aria-label={t('sealed')} />
                ) : item.state === 'failed' ? (
                  <CircleAlert size={18} aria-label={t('notTaken')} />
                ) : percent === null ? undefined : (
                  t('percent', { percent })
                )
              }
            />
          );
        })}
      </Rows>
    </Panel>
  );
}
