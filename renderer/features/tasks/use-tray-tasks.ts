import { useTranslation } from 'react-i18next';
import type { TaskState } from '#shared/contract/work.ts';
import { call } from '../../api/client.ts';
import { useQuery } from '../../api/hooks.ts';
import { formatBytes, formatNumber } from '../../lib/format.ts';
import { errorWords } from '../../lib/use-error-text.ts';
import type { TrayTask } from '../../ui/TaskTray.tsx';

/** Drawing a picture for the viewer is not news. */
const SILENT = new Set<string>(['evidence.picture']);

/** What is left at the pace so far, in seconds; null while that would be a guess. */
export function secondsLeft(
  task: Pick<TaskState, 'done' | 'total' | 'startedAt'>,
  nowMs: number,
): number | null {
  const passed = (nowMs - Date.parse(task.startedAt)) / 1_000;
  if (passed < 2 || task.total <= 0 || task.done <= 0) return null;
  return Math.max(0, Math.round(((task.total - task.done) * passed) / task.done));
}

export function useTrayTasks(): { tasks: TrayTask[]; cancel: (id: string) => void } {
  const { t, i18n } = useTranslation();
  const rows = useQuery('tasks.list', {}).data?.rows ?? [];
  const now = Date.now();
  const tasks = rows
    .filter((row) => !SILENT.has(row.method))
    .map((row): TrayTask => {
      const title = `task.method.${row.method.replace('.', '_')}`;
      const passed = Math.max(1, (now - Date.parse(row.startedAt)) / 1_000);
      const amount = (value: number): string =>
        row.unit === 'bytes' ? formatBytes(value) : formatNumber(value);
      const left = secondsLeft(row, now);
      const running = [
        row.total > 0 ? t('task.progress', { done: amount(row.done), total: amount(row.total) }) : '',
        row.unit === 'bytes' && row.done > 0
          ? t('task.speed', { speed: formatBytes(row.done / passed) })
          : '',
        left !== null ? t('task.left', { count: left }) : '',
      ];
      return {
        id: row.id,
        title: t(i18n.exists(title) ? (title as 'task.method.other') : 'task.method.other'),
        subject: row.subject,
        state: row.state,
        percent: row.total > 0 ? Math.min(100, (100 * row.done) / row.total) : null,
        detail:
          row.state === 'running'
            ? running.filter((part) => part !== '').join(' · ')
            : row.errorCode !== null
              ? errorWords(i18n.language, row.errorCode)
              : '',
      };
    });
  return { tasks, cancel: (id) => void call('tasks.cancel', { id: id as TaskState['id'] }) };
}
