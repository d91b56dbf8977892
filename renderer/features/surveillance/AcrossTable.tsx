import { CircleDashed } from 'lucide-react';
import { useState, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceId, FindingId } from '#shared/model/surveillance-ids.ts';
import { FINDING_STATES } from '#shared/model/surveillance.ts';
import type { Output } from '../../api/contract.ts';
import { usePagedRows, useQuery } from '../../api/hooks.ts';
import { dayOrNone } from '../../lib/day-words.ts';
import { useReturnedDraft } from '../../lib/use-returned-draft.ts';
import { useTerms } from '../../lib/use-terms.ts';
import type { Column } from '../../ui/data/DataTable.tsx';
import { ManyFilter, OneFilter, SortChoice, TextFilter, useTextFilter } from '../../ui/data/filters.tsx';
import { ListView } from '../../ui/data/ListView.tsx';
import { TwoLines } from '../../ui/data/TwoLines.tsx';
import { DayField } from '../../ui/DayField.tsx';
import { DraftTrouble } from '../../ui/DraftTrouble.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { FindingView } from './FindingView.tsx';
import { useFindingColumns } from './finding-columns.tsx';
import type { FindingState } from './tones.ts';

type Row = Output<'findings.across'>['rows'][number];

/** Findings of all devices in sight: what is the same on several of them is seen here. */
export function AcrossTable(): JSX.Element {
  const { t } = useTranslation(['findings', 'surveillance']);
  const { options } = useTerms();
  const common = useFindingColumns();
  // A decision that was left half written is about a finding that may stand far down the list.
  const returned = useReturnedDraft('review');
  // It stays open after its draft became a decision.
  const [begun, setBegun] = useState<string | null>(null);
  const returnedTo = returned.draft?.form.slice('review:'.length);
  if (returnedTo !== undefined && begun === null) setBegun(returnedTo);
  const [states, setStates] = useState<FindingState[]>([]);
  const [sets, setSets] = useState<string[]>([]);
  const [deviceId, setDeviceId] = useState<DeviceId | null>(null);
  const [fromDay, setFrom] = useState('');
  const [toDay, setTo] = useState('');
  const [sort, setSort] = useState<'level' | 'time'>('level');
  const words = useTextFilter();
  const facets = useQuery('findings.facets', {}, { keep: true }).data;
  const rows = usePagedRows('findings.across', {
    sort,
    ...(states.length === 0 ? {} : { states }),
    ...(sets.length === 0 ? {} : { sets }),
    ...(deviceId === null ? {} : { deviceId }),
    ...(dayOrNone(fromDay) === '' ? {} : { fromDay }),
    ...(dayOrNone(toDay) === '' ? {} : { toDay }),
    ...(words.asked === '' ? {} : { text: words.asked }),
  });
  const columns = (narrow: boolean): readonly Column<Row>[] => [
    ...common.seen<Row>(narrow),
    {
      key: 'device',
      title: t('surveillance:device.one'),
      width: narrow ? '128px' : 'minmax(178px, 0.5fr)',
      cell: (row) => (
        <TwoLines below={row.person === '' ? '' : <span className="rg-private">{row.person}</span>}>
          {row.device}
        </TwoLines>
      ),
    },
    ...(narrow
      ? []
      : [
          {
            key: 'case',
            title: t('surveillance:case'),
            width: '100px',
            cell: (row: Row) => row.caseCode ?? '',
          },
          {
            key: 'others',
            title: t('across.others'),
            width: '122px',
            cell: (row: Row) =>
              row.otherDevices === 0 ? (
                ''
              ) : (
                <StatusTag tone="digital">{t('across.onOthers', { count: row.otherDevices })}</StatusTag>
              ),
          },
        ]),
    common.state<Row>(),
  ];
  return (
    <>
      <DraftTrouble of={returned} />
      <p className="rg-muted" style={{ marginBottom: 10 }}>
        {t('never')}
      </p>
      <ListView
        label={t('across.list')}
        rows={rows}
        rowKey={(row) => row.id}
        columns={columns}
        height="calc(100vh - 390px)"
        filters={
          <>
            <TextFilter w={200} label={t('filterText')} filter={words} />
            <ManyFilter
              w={190}
              label={t('state')}
              data={options('findingState', FINDING_STATES).map((one) => ({
                ...one,
                label: t('across.counted', {
                  name: one.label,
                  number: facets?.counts[one.value] ?? 0,
                }),
              }))}
              value={states}
              onChange={setStates}
            />
            <ManyFilter
              w={250}
              label={t('across.set')}
              data={(facets?.sets ?? []).map((one) => ({
                value: one.set,
                label: t('across.counted', { name: one.set, number: one.findings }),
              }))}
              value={sets}
              onChange={setSets}
            />
            <OneFilter
              w={250}
              names
              label={t('surveillance:device.one')}
              data={(facets?.devices ?? []).map((one) => ({
                value: one.deviceId as string,
                label: t('across.counted', {
                  name: [one.device, one.person].filter((part) => part !== '').join(', '),
                  number: one.findings,
                }),
              }))}
              value={deviceId as string | null}
              onChange={(value) => setDeviceId(value as DeviceId | null)}
            />
            <DayField
              w={200}
              edge="from"
              label={t('across.from')}
              short={t('across.fromShort')}
              value={fromDay}
              onChange={setFrom}
            />
            <DayField
              w={200}
              edge="to"
              label={t('across.to')}
              short={t('across.toShort')}
              value={toDay}
              onChange={setTo}
            />
            <SortChoice
              w={150}
              label={t('sort')}
              data={(['level', 'time'] as const).map((key) => ({ value: key, label: t(`sortBy.${key}`) }))}
              value={sort}
              onChange={setSort}
            />
          </>
        }
        filtered={
          states.length + sets.length > 0 ||
          deviceId !== null ||
          words.asked !== '' ||
          dayOrNone(fromDay) + dayOrNone(toDay) !== ''
        }
        Icon={CircleDashed}
        empty={{ title: t('across.none'), text: t('across.noneText') }}
        noMatch={{ title: t('noMatch'), text: t('noMatchText') }}
        opens={{
          label: t('one'),
          of: (id) => <FindingView key={id} id={id as FindingId} linked returned={returned} />,
          begun,
          onClose: () => {
            setBegun(null);
            returned.forget();
          },
        }}
      />
    </>
  );
}
