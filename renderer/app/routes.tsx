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
import { BackupPage } from '../features/backup/BackupPage.tsx';
import { AccessPage } from '../features/keys/AccessPage.tsx';
import { KeysPage } from '../features/keys/KeysPage.tsx';
import { LeaverPage } from '../features/keys/LeaverPage.tsx';
import { PersonForm } from '../features/people/PersonForm.tsx';
import { PersonList } from '../features/people/PersonList.tsx';
import { PersonPage } from '../features/people/PersonPage.tsx';
import { DumpPage } from '../features/safeguard/DumpPage.tsx';
import { PersonDataPage } from '../features/safeguard/PersonDataPage.tsx';
import { RequestsPage } from '../features/safeguard/RequestsPage.tsx';
import { SafeguardPage } from '../features/safeguard/SafeguardPage.tsx';
import { SettingsPage } from '../features/settings/SettingsPage.tsx';
import { DeviceForm } from '../features/surveillance/DeviceForm.tsx';
import { DevicePage } from '../features/surveillance/DevicePage.tsx';
import { ExaminationForm } from '../features/surveillance/ExaminationForm.tsx';
import { ExaminationPage } from '../features/surveillance/ExaminationPage.tsx';
import { MessageForm } from '../features/surveillance/MessageForm.tsx';
import { MessagePage } from '../features/surveillance/MessagePage.tsx';
import { ReceiveDevice } from '../features/surveillance/ReceiveDevice.tsx';
import { SurveillancePage } from '../features/surveillance/SurveillancePage.tsx';
import { SURVEILLANCE_TABS, type SurveillanceTab } from '../features/surveillance/tabs.ts';
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
  createRoute({
    ...route('/cases/new'),
    component: CaseForm,
    validateSearch: (search: Record<string, unknown>) => only(search, 'draft'),
  }),
  createRoute({
    ...route('/cases/$caseId'),
    component: CasePage,
    validateSearch: (search: Record<string, unknown>): { tab?: CaseTab; draft?: string } => {
      const tab = CASE_TABS.find((known) => known === search['tab']);
      return { ...only(search, 'draft'), ...(tab ? { tab } : {}) };
    },
  }),
  createRoute({
    ...route('/cases/$caseId/edit'),
    component: CaseForm,
    validateSearch: (search: Record<string, unknown>) => only(search, 'draft'),
  }),
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
    validateSearch: (search: Record<string, unknown>) => only(search, 'caseId', 'draft'),
  }),
  createRoute({ ...route('/people/$personId'), component: PersonPage }),
  createRoute({
    ...route('/people/$personId/edit'),
    component: PersonForm,
    validateSearch: (search: Record<string, unknown>) => only(search, 'draft'),
  }),
  createRoute({
    ...route('/evidence'),
    component: EvidenceList,
    validateSearch: (search: Record<string, unknown>) => only(search, 'open'),
  }),
  createRoute({
    ...route('/surveillance'),
    component: SurveillancePage,
    validateSearch: (search: Record<string, unknown>): { tab?: SurveillanceTab; draft?: string } => {
      const tab = SURVEILLANCE_TABS.find((known) => known === search['tab']);
      return { ...only(search, 'draft'), ...(tab ? { tab } : {}) };
    },
  }),
  createRoute({
    ...route('/surveillance/receive'),
    component: ReceiveDevice,
    validateSearch: (search: Record<string, unknown>) => only(search, 'caseId', 'draft'),
  }),
  createRoute({
    ...route('/surveillance/devices/$deviceId'),
    component: DevicePage,
    validateSearch: (search: Record<string, unknown>) => only(search, 'draft'),
  }),
  createRoute({
    ...route('/surveillance/devices/$deviceId/edit'),
    component: DeviceForm,
    validateSearch: (search: Record<string, unknown>) => only(search, 'draft'),
  }),
  createRoute({
    ...route('/surveillance/devices/$deviceId/examine'),
    component: ExaminationForm,
    validateSearch: (search: Record<string, unknown>) => only(search, 'draft'),
  }),
  createRoute({
    ...route('/surveillance/examinations/$examinationId'),
    component: ExaminationPage,
    validateSearch: (search: Record<string, unknown>) => only(search, 'draft'),
  }),
  createRoute({
    ...route('/surveillance/examinations/$examinationId/edit'),
    component: ExaminationForm,
    validateSearch: (search: Record<string, unknown>) => only(search, 'draft'),
  }),
  createRoute({
    ...route('/surveillance/messages/new'),
    component: MessageForm,
    validateSearch: (search: Record<string, unknown>) => only(search, 'caseId', 'draft'),
  }),
  createRoute({ ...route('/surveillance/messages/$messageId'), component: MessagePage }),
  createRoute({
    ...route('/surveillance/messages/$messageId/edit'),
    component: MessageForm,
    validateSearch: (search: Record<string, unknown>) => only(search, 'draft'),
  }),
  createRoute({ ...route('/exports'), component: ExportList }),
  createRoute({
    ...route('/exports/new'),
    component: ExportStart,
    validateSearch: (search: Record<string, unknown>) => only(search, 'caseId', 'profile'),
  }),
  createRoute({ ...route('/exports/$exportId'), component: ExportWorkspace }),
  createRoute({ ...route('/people/$personId/data'), component: PersonDataPage }),
  createRoute({ ...route('/settings'), component: SettingsPage }),
  createRoute({ ...route('/keys'), component: KeysPage }),
  createRoute({ ...route('/keys/leaver/$slotId'), component: LeaverPage }),
  createRoute({ ...route('/access'), component: AccessPage }),
  createRoute({ ...route('/backup'), component: BackupPage }),
  createRoute({ ...route('/safeguard'), component: SafeguardPage }),
  createRoute({ ...route('/requests'), component: RequestsPage }),
  createRoute({ ...route('/dump'), component: DumpPage }),
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
