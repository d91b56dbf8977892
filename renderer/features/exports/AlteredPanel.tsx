import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { FileWarning } from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { ExportView } from '#shared/contract/exports.ts';
import { useCommand } from '../../api/hooks.ts';
import { formatInstant } from '../../lib/format.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Panel, Row, Rows, Stack } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { AlteredName } from './AlteredName.tsx';
import { stopping } from './is-stopped.ts';

/**
 * Examinations whose findings do not agree with their signed record: which they are, what is kept of them, and the one
 * thing that can be done here, which is to go on without them. Nothing where there are none.
 */
export function AlteredPanel({ view }: { view: ExportView }): JSX.Element | null {
  const { t } = useTranslation('exports');
  const words = useErrorText();
  const leave = useCommand('exports.leaveOutExamination');
  const { altered } = view.digital;
  if (altered.length === 0) return null;
  const open = stopping(view);
  const stopped = open > 0;
  return (
    <div style={{ marginBottom: 14 }}>
      <Stack>
        {leave.error !== null && <Notice tone="danger">{words(leave.error)}</Notice>}
        <Notice
          tone={stopped ? 'danger' : 'due'}
          title={
            stopped ? t('altered.stopped', { count: open }) : t('altered.without', { count: altered.length })
          }
        >
          <p>{t('altered.kept')}</p>
          <p>{stopped ? t('altered.next', { count: open }) : t('altered.told', { count: altered.length })}</p>
        </Notice>
        <Panel
          title={t('altered.title')}
          Icon={FileWarning}
          tone={stopped ? 'danger' : 'due'}
          extra={altered.length}
          flush
        >
          <Rows>
            {altered.map((one) => (
              <Row
                key={one.examinationId}
                title={
                  <Link
                    to="/surveillance/examinations/$examinationId"
                    params={{ examinationId: one.examinationId }}
                  >
                    <AlteredName one={one} />
                  </Link>
                }
                note={t('altered.note', {
                  count: one.findings,
                  when: one.comparedAt.map((at) => formatInstant(at)).join(', '),
                })}
                end={
                  <>
                    {one.leftOut && <StatusTag tone="due">{t('altered.leftOut')}</StatusTag>}
                    {view.state !== 'released' && (
                      <Button
                        variant={one.leftOut ? 'default' : 'filled'}
                        disabled={leave.isPending}
                        onClick={() =>
                          leave.mutate({
                            id: view.id,
                            examinationId: one.examinationId,
                            leftOut: !one.leftOut,
                          })
                        }
                      >
                        {t(one.leftOut ? 'altered.takeBack' : 'altered.leaveOut')}
                      </Button>
                    )}
                  </>
                }
              />
            ))}
          </Rows>
        </Panel>
      </Stack>
    </div>
  );
}
