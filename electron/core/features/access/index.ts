import type { Handlers } from '../../api/handlers.ts';
import type { CoreContext } from '../../context.ts';
import { activityOfPerson, activitySummary } from './activity-repo.ts';
import { accessOfCase, setCaseAccess } from './case-rows-repo.ts';
import { isNameKnown, useEmergency } from './emergency-repo.ts';
import { leavingOf, reassign } from './leaving-repo.ts';
import { listAccess, listPeople } from './list-access-repo.ts';
import { listNotices, reviewNotice } from './notices-repo.ts';
import { clockState, settleClock } from './settle-clock-repo.ts';
import { timeOf } from './vault-time.ts';
import { Visibility } from './visibility-repo.ts';

export { handOver, leaveLists, responsibleCounts } from './access-repo.ts';
export { requireDecided, startAccess } from './case-rows-repo.ts';
export { leavingOf } from './leaving-repo.ts';
export { judgedTime } from './vault-time.ts';
export { SlotFamilies, type SlotFamily } from './slot-families-repo.ts';

/** From here on the session that has just begun finds only what its person may see. */
export const beginVisibility = ({ session, ports }: CoreContext): void => {
  session?.db.showOnly(new Visibility(timeOf(session, ports.clock), session.actor.slotId, session.reads));
};

/** Handlers of the groups `access`, `activity` and `leaving`. */
export const accessHandlers: Handlers<
  | 'access.people'
  | 'access.ofCase'
  | 'access.setCase'
  | 'access.list'
  | 'access.emergency'
  | 'access.nameKnown'
  | 'access.notices'
  | 'access.reviewNotice'
  | 'access.clock'
  | 'access.settleClock'
  | 'activity.ofPerson'
  | 'activity.summary'
  | 'leaving.of'
  | 'leaving.reassign'
> = {
  'access.people': listPeople,
  'access.ofCase': accessOfCase,
  'access.setCase': setCaseAccess,
  'access.list': listAccess,
  'access.emergency': useEmergency,
  'access.nameKnown': isNameKnown,
  'access.notices': listNotices,
  'access.reviewNotice': reviewNotice,
  'access.clock': clockState,
  'access.settleClock': settleClock,
  'activity.ofPerson': activityOfPerson,
  'activity.summary': activitySummary,
  'leaving.of': leavingOf,
  'leaving.reassign': reassign,
};
