import { Button, Loader, Menu, Tabs } from '@mantine/core';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import {
  CalendarX,
  Languages,
  MessageCircle,
  PackageCheck,
  Pencil,
  Plus,
  TriangleAlert,
  UserPlus,
  Users,
} from 'lucide-react';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseId } from '#shared/model/ids.ts';
import { useQuery } from '../../api/hooks.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { EvidenceTable } from '../evidence/EvidenceTable.tsx';
import { ExportTables } from '../exports/ExportTables.tsx';
import { IncidentTable } from '../incidents/IncidentTable.tsx';
import { EmergencyBar } from '../keys/EmergencyBar.tsx';
import { AttackTable } from '../surveillance/AttackTable.tsx';
import { DeviceTable } from '../surveillance/DeviceTable.tsx';
import { MessageTable } from '../surveillance/MessageTable.tsx';
import { CaseTimeline } from '../timeline/CaseTimeline.tsx';
import { CaseHistory } from './CaseHistory.tsx';
import { CasePeople } from './CasePeople.tsx';
import { CaseStateTag } from './CaseStateTag.tsx';
import { CaseSummary } from './CaseSummary.tsx';

export const CASE_TABS = [
  'summary',
  'timeline',
  'incidents',
  'people',
  'evidence',
  'devices',
  'exports',
  'history',
] as const;
export type CaseTab = (typeof CASE_TABS)[number];

/** One case as one page. */
export function CasePage(): JSX.Element {
  const { t } = useTranslation(['cases', 'ui']);
  const words = useErrorText();
  const navigate = useNavigate();
  const params = useParams({ strict: false }) as { caseId: CaseId };
  const { tab = 'summary' } = useSearch({ strict: false }) as { tab?: CaseTab };
  const id = params.caseId;
  const query = useQuery('cases.get', { id });
  const detail = query.data;
  if (!detail)
    return query.error ? (
      <Notice tone="danger">{words(query.error)}</Notice>
    ) : (
      <Loader role="status" aria-label={t('ui:loading')} />
    );
  const consents = detail.persons.filter(
    (person) => person.consents.given > 0 || person.consents.impeded > 0,
  ).length;
  const unrenewed = detail.persons.reduce((sum, person) => sum + person.consents.unrenewed, 0);
  const counted: Readonly<Record<CaseTab, number | null>> = {
    summary: null,
    timeline: null,
    incidents: detail.counts.incidents,
    people: detail.persons.length,
    evidence: detail.counts.evidence,
    devices: null,
    exports: detail.counts.exports,
    history: null,
  };
  return (
    <>
      <PageHeader
        crumbs={
          <>
            <Link to="/cases">{t('list')}</Link> › {detail.code}
          </>
        }
        title={<span className="rg-private">{detail.title}</span>}
        tags={
          <>
            <CaseStateTag state={detail.state} />
            <StatusTag Icon={Users}>{t('peopleCount', { count: detail.persons.length })}</StatusTag>
            {detail.persons.length > 0 && (
              <StatusTag tone={consents === detail.persons.length ? 'primary' : 'due'}>
                {t('consentsOf', { done: consents, count: detail.persons.length })}
              </StatusTag>
            )}
            {detail.counts.consentsToRatify > 0 && (
              <StatusTag tone="due">{t('toRatify', { count: detail.counts.consentsToRatify })}</StatusTag>
            )}
            {unrenewed > 0 && (
              <Link to="/cases/$caseId" params={{ caseId: id }} search={{ tab: 'people' }}>
                <StatusTag tone="due" Icon={CalendarX}>
                  {t('unrenewed', { count: unrenewed })}
                </StatusTag>
              </Link>
            )}
            {detail.interpreter === 'needed' && (
              <StatusTag Icon={Languages}>
                {detail.language.kind === 'said'
                  ? t('interpreterOf', { language: detail.language.words })
                  : t('interpreterNeeded')}
              </StatusTag>
            )}
            {detail.safeChannel.medium !== '' && (
              <StatusTag tone="care" Icon={MessageCircle}>
                {t('safeBy', { medium: detail.safeChannel.medium, hours: detail.safeChannel.hours })}
              </StatusTag>
            )}
          </>
        }
        actions={
          <>
            <Menu position="bottom-end" width={230} shadow="md">
              <Menu.Target>
                <Button leftSection={<Plus size={17} />}>{t('addMenu')}</Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item
                  leftSection={<TriangleAlert size={17} />}
                  onClick={() => void navigate({ to: '/incidents/new', search: { caseId: id } })}
                >
                  {t('addIncident')}
                </Menu.Item>
                <Menu.Item
                  leftSection={<UserPlus size={17} />}
                  onClick={() => void navigate({ to: '/people/new', search: { caseId: id } })}
                >
                  {t('addPerson')}
                </Menu.Item>
                <Menu.Item
                  leftSection={<Pencil size={17} />}
                  onClick={() => void navigate({ to: '/cases/$caseId/edit', params: { caseId: id } })}
                >
                  {t('editCase')}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
            <Button
              variant="filled"
              leftSection={<PackageCheck size={17} />}
              onClick={() => void navigate({ to: '/exports/new', search: { caseId: id } })}
            >
              {t('prepareExport')}
            </Button>
          </>
        }
      />
      <EmergencyBar caseId={id} />
      <Tabs
        value={tab}
        keepMounted={false}
        color="teal.8"
        onChange={(value) =>
          void navigate({
            to: '/cases/$caseId',
            params: { caseId: id },
            search: { tab: (value ?? 'summary') as CaseTab },
            replace: true,
          })
        }
      >
        <Tabs.List mb="md">
          {CASE_TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {counted[name] === null
                ? t(`tab.${name}`)
                : t('tabCount', { tab: t(`tab.${name}`), number: counted[name] })}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="summary">
          <CaseSummary key={id} detail={detail} />
        </Tabs.Panel>
        <Tabs.Panel value="timeline">
          <CaseTimeline caseId={id} />
        </Tabs.Panel>
        <Tabs.Panel value="incidents">
          <IncidentTable filter={{ caseId: id }} caseId={id} />
        </Tabs.Panel>
        <Tabs.Panel value="people">
          <CasePeople detail={detail} />
        </Tabs.Panel>
        <Tabs.Panel value="evidence">
          <EvidenceTable caseId={id} />
        </Tabs.Panel>
        <Tabs.Panel value="devices">
          <DeviceTable caseId={id} />
          <div style={{ height: 14 }} />
          <MessageTable caseId={id} />
          <div style={{ height: 14 }} />
          <AttackTable caseId={id} />
        </Tabs.Panel>
        <Tabs.Panel value="exports">
          <ExportTables caseId={id} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <CaseHistory caseId={id} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
