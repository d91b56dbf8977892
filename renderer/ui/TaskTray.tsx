import { Button, Popover, Progress, UnstyledButton } from '@mantine/core';
import { ListChecks, LoaderCircle } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import css from './tray.module.css';
import { StatusTag } from './StatusTag.tsx';

export interface TrayTask {
  readonly id: string;
  readonly title: string;
  readonly subject: string;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  /** 0 to 100, or null where the total is not known. */
  readonly percent: number | null;
  /** Stage, speed, remaining time; or what went wrong. */
  readonly detail: string;
}

/** Long work, out of the way: how far it is, how to stop it, how it ended. */
export function TaskTray({
  tasks,
  onCancel,
}: {
  tasks: readonly TrayTask[];
  onCancel: (id: string) => void;
}): JSX.Element {
  const { t } = useTranslation('ui');
  const [opened, setOpened] = useState(false);
  const running = tasks.filter((task) => task.state === 'running');
  const failed = tasks.filter((task) => task.state === 'failed');
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="top-end"
      width={400}
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <UnstyledButton className={css.button} onClick={() => setOpened(!opened)} aria-expanded={opened}>
          {running.length > 0 ? (
            <LoaderCircle size={15} className={css.spin} aria-hidden />
          ) : (
            <ListChecks size={15} aria-hidden />
          )}
          <span aria-live="polite">
            {running.length > 0
              ? t('tasks.running', { count: running.length })
              : failed.length > 0
                ? t('tasks.failed', { count: failed.length })
                : t('tasks.none')}
          </span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('tasks.title')}>
        {tasks.length === 0 && <p className="rg-muted">{t('tasks.empty')}</p>}
        {/* Reached by keyboard as well: many tasks make it scroll. */}
        <ul className={css.list} tabIndex={tasks.length === 0 ? -1 : 0} aria-label={t('tasks.title')}>
          {tasks.map((task) => (
            <li key={task.id} className={css.task}>
              <div className={css.line}>
                <span className={css.title}>{task.title}</span>
                {task.state === 'running' ? (
                  <Button size="compact-xs" onClick={() => onCancel(task.id)}>
                    {t('tasks.cancel')}
                  </Button>
                ) : (
                  <StatusTag
                    tone={task.state === 'done' ? 'verified' : task.state === 'failed' ? 'danger' : 'neutral'}
                  >
                    {t(`tasks.state.${task.state}`)}
                  </StatusTag>
                )}
              </div>
              <div className="rg-small rg-muted rg-private">{task.subject}</div>
              {task.state === 'running' && (
                <Progress
                  value={task.percent ?? 100}
                  animated={task.percent === null}
                  color="teal.8"
                  size="sm"
                  aria-label={task.title}
                  my={4}
                />
              )}
              <div className="rg-small rg-muted">{task.detail}</div>
            </li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}
