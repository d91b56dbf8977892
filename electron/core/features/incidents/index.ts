import type { Handlers } from '../../api/handlers.ts';
import { amendIncident } from './amend-incident.ts';
import { getIncident, listIncidents } from './list-incidents.ts';
import { recordIncident } from './record-incident.ts';

export { incidentsOfCase, needIncident, type StoredIncident } from './incident-repo.ts';

export const incidentsHandlers: Handlers<
  'incidents.record' | 'incidents.amend' | 'incidents.list' | 'incidents.get'
> = {
  'incidents.record': recordIncident,
  'incidents.amend': amendIncident,
  'incidents.list': listIncidents,
  'incidents.get': getIncident,
};
