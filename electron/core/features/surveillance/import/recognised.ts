import type { PhoneFile } from '#shared/parser/phone.ts';
import { ruleFor } from '../../../../matching/modules/modules.ts';

/** The list of all links that newer versions of the tool write; it has no rule of the reference. */
const ALL_LINKS = 'urls';

const isModule = (module: string): boolean =>
  module === ALL_LINKS || ruleFor(module, undefined) !== 'unknown';

/** Whether a file is one that a tool of examinations, or an export of messages, leaves behind. */
function isResult({ kind, module, status, reason, records, info, log, foreign }: PhoneFile): boolean {
  switch (kind) {
    case 'records':
    case 'detected':
      // Empty too: a module that found nothing writes an empty list. A damaged one is no wrong folder either.
      return isModule(module) && foreign !== true && (status !== 'notRead' || reason !== 'notRecords');
    case 'info':
      return info !== null && info.toolVersion !== '';
    case 'log':
      return log !== null && log.platform !== 'unknown';
    case 'manifest':
    case 'hashes':
    case 'other':
      return false;
    default:
      return records > 0;
  }
}

/**
 * Whether what was handed in holds results at all. Lists in JSON stand in many folders that are none: a backup, the
 * files of a program. What is looked at in those is no examination, and that nothing was found in them says nothing of
 * a phone.
 */
export const holdsResults = (files: readonly PhoneFile[]): boolean => files.some(isResult);

/** Kinds in which nothing of a phone is compared. */
const NOT_COMPARED: readonly PhoneFile['kind'][] = [
  'info',
  'log',
  'hashes',
  'acquisition',
  'manifest',
  'other',
];

/** Whether a file that says what it is by its name holds something else, or nothing: its tool never finished it. */
function isSpoilt({ kind, module, reason, foreign }: PhoneFile): boolean {
  switch (kind) {
    case 'records':
    case 'detected':
      return isModule(module) && foreign !== true;
    case 'alerts':
      return true;
    case 'chat':
      return reason === 'notRecords';
    default:
      return false;
  }
}

/** Whether something of a file was not compared that may be of the phone. */
function isUnread(file: PhoneFile): boolean {
  const { kind, status, reason, strange } = file;
  // What an archive among the results holds nobody knows.
  if (kind === 'other') return reason === 'nestedArchive';
  if (NOT_COMPARED.includes(kind)) return false;
  if (reason === 'notRecords' || reason === 'empty') return isSpoilt(file);
  return status !== 'read' || (strange > 0 && isSpoilt(file));
}

/**
 * How many files of the results could not be read whole. What was not read of them was not compared: that there are no
 * findings says nothing of it.
 */
export const unreadResults = (files: readonly PhoneFile[]): number => files.filter(isUnread).length;
