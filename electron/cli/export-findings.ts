import type { LeakReport } from '#shared/contract/leak-report.ts';
import type { Output } from './output.ts';

/**
 * Places that are shown of a refused export before the others are only counted: a terminal holds no more than somebody
 * reads. Who signs is shown all of them.
 */
const MOST_HITS = 30;

/** Places where something was found, with what stands around it, all of them: for who reads them now. */
export const noteHits = (output: Output, hits: LeakReport['hits']): void => {
  for (const hit of hits) {
    output.note(`  ${hit.id}  ${hit.file} (${hit.where}): …${hit.before}[${hit.found}]${hit.after}…`);
  }
};

/** What somebody has to read before it leaves, one a line: for who reads it now. */
export const noteInventory = (output: Output, report: LeakReport): void => {
  for (const item of report.inventory) {
    output.note(`  ${output.messages.say(`inventory.${item.kind}`)}  ${item.text}  × ${item.count}`);
  }
};

/**
 * What stopped an export. In a file that nobody reads now stand ids and numbers: the words that were found are the ones
 * that must not leave, and the log of a script is no better place for them than the package.
 */
export const noteRefused = (output: Output, report: LeakReport): void => {
  const { say } = output.messages;
  const open = report.hits.filter((one) => one.verdict !== 'other');
  const parts = [
    ...report.undecoded.map((part) => `  ${part.file} (${part.where}): ${part.reason}`),
    ...report.outsideAllowList.map((part) => `  ${part.file} (${part.where}): ${part.name}`),
  ];
  const shown = open.slice(0, MOST_HITS);
  if (output.isRead) noteHits(output, shown);
  else for (const { id } of shown) output.note(`  ${id}`);
  if (open.length > MOST_HITS) output.note(say('export.moreHits', { count: open.length - MOST_HITS }));
  if (output.isRead) {
    for (const line of parts) output.note(line);
    return;
  }
  if (parts.length > 0) output.note(say('export.partsCounted', { count: parts.length }));
  output.note(say('export.readAtTerminal'));
};

/** What is to be read before it leaves, or how much of it there is where nobody reads it now. */
export const noteUnread = (output: Output, report: LeakReport): void => {
  if (output.isRead) noteInventory(output, report);
  else output.note(output.messages.say('export.readAtTerminal'));
};
