/**
 * What is held back: people whose data may not be shown or sent any more, and evidence that is gone. Every list,
 * search and export asks here, so that nobody has to remember it; `features/erasure` alone writes it.
 */
export {
  heldPersons,
  holdOf,
  isHidden,
  requireShown,
  SHOWN_LINK,
  SHOWN_PERSON,
  type Hold,
  type PersonHold,
} from './person-hold-repo.ts';
export { isDeleted, KEPT_EVIDENCE, requireKept } from './deleted-evidence-repo.ts';
