import type { Handlers } from '../../api/handlers.ts';
import { todayOverview } from './overview.ts';

export const todayHandlers: Handlers<'today.overview'> = {
  'today.overview': todayOverview,
};
