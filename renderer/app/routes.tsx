import { createMemoryHistory, createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { CaseForm } from '../features/cases/CaseForm.tsx';
import { CaseList } from '../features/cases/CaseList.tsx';
import { CasePage, CASE_TABS, type CaseTab } from '../features/cases/CasePage.tsx';
import { EmergencyForm } from '../features/emergency/EmergencyForm.tsx';
import { EvidenceList } from '../features/evidence/EvidenceList.tsx';
import { ExportList } from '../features/exports/ExportList.tsx';
import { ExportStart } from '../features/exports/ExportStart.tsx';
import { ExportWorkspace } from '../features/exports/ExportWorkspace.tsx';
import { IncidentForm } from '../features/incidents/IncidentForm.tsx';
import { IncidentList } from '../features/incidents/IncidentList.tsx';
import { IncidentPage } from '../features/incidents/IncidentPage.tsx';
import { PersonForm } from '../features/people/PersonForm.tsx';
import { PersonList } from '../features/people/PersonList.tsx';
import { PersonPage } from '../features/people/PersonPage.tsx';
import { SettingsPage } from '../features/settings/SettingsPage.tsx';
import { TodayPage } from '../features/today/TodayPage.tsx';
import { AppFrame } from './AppFrame.tsx';

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
const only = <K extends string>(search: Record<string, unknown>, ...keys: K[]): { [P in K]?: string } =>
  Object.fromEntries(
    keys.flatMap((key) => (text(search[key]) === undefined ? [] : [[key, text(search[key])]])),
  ) as {
    [P in K]?: string;
  };

const root = createRootRoute({ component: AppFrame });
const route = <P extends string>(path: P) => ({ getParentRoute: () => root, path });

const tree = root.addChildren([
  createRoute({ ...route('/'), component: TodayPage }),
  createRoute({ ...route('/cases'), component: CaseList }),
  createRoute({ ...route('/cases/new'), component: CaseForm }),
  createRoute({
    ...route('/cases/$caseId'),
    component: CasePage,
    validateSearch: (search: Record<string, unknown>): { tab?: CaseTab } => {
      const tab = CASE_TABS.find((known) => known === search['tab']);
      return tab ? { tab } : {};
    },
  }),
  createRoute({ ...route('/cases/$caseId/edit'), component: CaseForm }),
  createRoute({ ...route('/incidents'), component: IncidentList }),
  createRoute({
    ...route('/incidents/new'),
    component: IncidentForm,
    validateSearch: (search: Record<string, unknown>) => only(search, 'caseId', 'draft'),
  }),
  createRoute({ ...route('/incidents/$incidentId'), component: IncidentPage }),
  createRoute({
    ...route('/incidents/$incidentId/edit'),
    component: IncidentForm,
    validateSearch: (search: Record<string, unknown>) => only(search, 'draft'),
  }),
  createRoute({
    ...route('/emergency'),
    component: EmergencyForm,
    validateSearch: (search: Record<string, unknown>) => only(search, 'caseId', 'draft'),
  }),
  createRoute({ ...route('/people'), component: PersonList }),
  createRoute({
    ...route('/people/new'),
    component: PersonForm,
    validateSearch: (search: Record<string, unknown>) => only(search, 'caseId'),
  }),
  createRoute({ ...route('/people/$personId'), component: PersonPage }),
  createRoute({ ...route('/people/$personId/edit'), component: PersonForm }),
  createRoute({
    ...route('/evidence'),
    component: EvidenceList,
    validateSearch: (search: Record<string, unknown>) => only(search, 'open'),
  }),
  createRoute({ ...route('/exports'), component: ExportList }),
  createRoute({
    ...route('/exports/new'),
    component: ExportStart,
    validateSearch: (search: Record<string, unknown>) => only(search, 'caseId'),
  }),
  createRoute({ ...route('/exports/$exportId'), component: ExportWorkspace }),
  createRoute({ ...route('/settings'), component: SettingsPage }),
]);

/** In memory: no address of the window ever holds an id. */
export const router = createRouter({
  routeTree: tree,
  history: createMemoryHistory({ initialEntries: ['/'] }),
  defaultPreload: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
