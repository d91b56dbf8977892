import type { TaskState } from '#shared/contract/work.ts';
import type { Client } from './client.ts';
import { sizeText, type Output } from './output.ts';

const amount = (state: TaskState, value: number): string =>
  state.unit === 'bytes' ? sizeText(value) : String(value);

/**
 * Shows on stderr how far long work is: one line that rewrites itself on a terminal, one line a stage elsewhere.
 * Programs that asked for JSON get no progress at all.
 */
export const showProgress = (client: Client, output: Output): void => {
  if (output.json) return;
  let lastStage = '';
  client.onEvent((event) => {
    if (event.name !== 'tasks.changed') return;
    const state = event.payload;
    if (state.state !== 'running') {
      if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
      return;
    }
    const stage = output.messages.say(`stage.${state.stage}`);
    const label = stage.startsWith('stage.') ? state.stage : stage;
    const line =
      state.total > 0 ? `${label}: ${amount(state, state.done)} / ${amount(state, state.total)}` : label;
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`);
    else if (state.stage !== lastStage && state.stage !== 'starting') output.note(label);
    lastStage = state.stage;
  });
};
