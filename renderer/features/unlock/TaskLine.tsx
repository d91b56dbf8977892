import { Progress } from '@mantine/core';
import { useEffect, useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { TaskState } from '#shared/contract/work.ts';
import { unlockHost } from '../../api/bridge.ts';

const LOOK_MS = 400;

/** How far the long work of this window has come. */
export function TaskLine({ running }: { running: boolean }): JSX.Element | null {
  const { t } = useTranslation('unlock');
  const [task, setTask] = useState<TaskState | null>(null);
  useEffect(() => {
    if (!running) {
      setTask(null);
      return undefined;
    }
    const timer = setInterval(() => {
      void unlockHost()
        .call('tasks.list', {})
        .then((answer) => {
          if (!answer.ok) return;
          const { rows } = answer.value as { rows: TaskState[] };
          setTask(rows.findLast((row) => row.state === 'running') ?? null);
        });
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [running]);
  if (!running) return null;
  const part = task === null || task.total === 0 ? null : Math.round((100 * task.done) / task.total);
  return (
    <div role="status">
      <Progress
        value={part ?? 100}
        animated={part === null}
        color="teal.8"
        size="sm"
        aria-label={t('task.progress')}
      />
      <p className="rg-small rg-muted">{part === null ? t('task.working') : t('task.part', { part })}</p>
    </div>
  );
}
