import { Button, MultiSelect, SegmentedControl, Select } from '@mantine/core';
import { DoorOpen } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { CASE_VISIBILITIES, type CaseAccess } from '#shared/contract/access.ts';
import type { CaseId } from '#shared/model/ids.ts';
import { useCommand, useQuery } from '../../api/hooks.ts';
import { formatInstant } from '../../lib/format.ts';
import { notify } from '../../lib/notify.ts';
import { useErrorText } from '../../lib/use-error-text.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Facts, Panel, Stack } from '../../ui/Panel.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';

type Visibility = CaseAccess['visibility'];

/** Who opens this case, and who answers for it. */
export function CaseAccessPanel({ caseId }: { caseId: CaseId }): JSX.Element | null {
  const { t } = useTranslation('keys');
  const words = useErrorText();
  const query = useQuery('access.ofCase', { caseId });
  const [editing, setEditing] = useState(false);
  const found = query.data;
  if (!found) return null;
  return (
    <Panel
      title={t('access.ofCase')}
      Icon={DoorOpen}
      extra={
        found.mayChange && !editing ? (
          <Button size="compact-sm" onClick={() => setEditing(true)}>
            {t('access.change')}
          </Button>
        ) : undefined
      }
    >
      <Stack>
        {query.error !== null && <Notice tone="danger">{words(query.error)}</Notice>}
        {editing ? (
          <AccessForm found={found} onDone={() => setEditing(false)} />
        ) : (
          <Facts
            items={[
              [
                t('access.visibility'),
                <StatusTag key="v" tone={found.visibility === 'open' ? 'neutral' : 'due'}>
                  {t(`visibility.${found.visibility}`)}
                </StatusTag>,
              ],
              [
                t('access.responsible'),
                <span key="r" className="rg-private">
                  {found.responsible?.name ?? t('nobody')}
                </span>,
              ],
              found.visibility === 'open'
                ? null
                : [
                    t('access.onList'),
                    <span key="p" className="rg-private">
                      {found.people.map((one) => one.name).join(', ') || t('nobody')}
                    </span>,
                  ],
            ]}
          />
        )}
        {found.emergencies.slice(0, 3).map((one) => (
          <p key={one.id} className="rg-small rg-muted">
            {t('access.used', { name: one.name, when: formatInstant(one.at), reason: one.reason })}
          </p>
        ))}
      </Stack>
    </Panel>
  );
}

function AccessForm({ found, onDone }: { found: CaseAccess; onDone: () => void }): JSX.Element {
  const { t } = useTranslation(['keys', 'ui']);
  const words = useErrorText();
  const set = useCommand('access.setCase');
  const everybody = useQuery('access.people', {}).data?.rows ?? [];
  const [visibility, setVisibility] = useState<Visibility>(found.visibility);
  const [people, setPeople] = useState(found.people.filter((one) => one.active).map((one) => one.slotId));
  const [responsible, setResponsible] = useState<string | null>(found.responsible?.slotId ?? null);
  const options = everybody.map((one) => ({ value: one.slotId, label: one.name }));
  const save = (): void => {
    if (responsible === null) return;
    set.mutate(
      { caseId: found.caseId, visibility, people: [...new Set([...people, responsible])], responsible },
      {
        onSuccess: () => {
          notify(t('access.saved'));
          onDone();
        },
      },
    );
  };
  return (
    <>
      {set.error !== null && <Notice tone="danger">{words(set.error)}</Notice>}
      <SegmentedControl
        aria-label={t('access.visibility')}
        value={visibility}
        data={CASE_VISIBILITIES.map((one) => ({ value: one, label: t(`visibility.${one}`) }))}
        onChange={(one) => setVisibility(one as Visibility)}
      />
      <p className="rg-small rg-muted">{t(`visibilityText.${visibility}`)}</p>
      <Select
        label={t('access.responsible')}
        allowDeselect={false}
        value={responsible}
        data={options}
        onChange={setResponsible}
      />
      {visibility !== 'open' && (
        <MultiSelect label={t('access.onList')} value={people} data={options} onChange={setPeople} />
      )}
      <div style={{ display: 'flex', gap: 8 }}>
        <Button variant="filled" loading={set.isPending} disabled={responsible === null} onClick={save}>
          {t('access.save')}
        </Button>
        <Button onClick={onDone}>{t('ui:cancel')}</Button>
      </div>
    </>
  );
}
