import { useTranslation } from 'react-i18next';
import { formatRecordTime } from '../../lib/format.ts';
import { useTerms } from '../../lib/use-terms.ts';
import type { Column } from '../../ui/data/DataTable.tsx';
import { StatusTag } from '../../ui/StatusTag.tsx';
import { SafeText } from './SafeText.tsx';
import { STATE_TONES, type FindingState } from './tones.ts';
import css from './surveillance.module.css';

/** What every list of findings shows of each. */
interface Shown {
  readonly time: string;
  readonly module: string;
  readonly observed: string;
  readonly state: FindingState;
}

/**
 * The columns that lists of findings share: when (on the clock of the record) and what was seen come first, what
 * a person decided comes last.
 */
export function useFindingColumns(): {
  seen: <Row extends Shown>(narrow: boolean) => readonly Column<Row>[];
  state: <Row extends Shown>() => Column<Row>;
} {
  const { t } = useTranslation('findings');
  const { term } = useTerms();
  return {
    seen: (narrow) => [
      {
        key: 'time',
        title: t('when'),
        width: narrow ? '92px' : '138px',
        cell: (row) => formatRecordTime(row.time, !narrow),
      },
      {
        key: 'observed',
        title: t('observed'),
        width: narrow ? 'minmax(120px, 1fr)' : 'minmax(190px, 1fr)',
        cell: (row) => (
          <>
            <span className={css.module}>{row.module}</span> <SafeText text={row.observed} line />
          </>
        ),
      },
    ],
    state: () => ({
      key: 'state',
      title: t('state'),
      width: '124px',
      cell: (row) => <StatusTag tone={STATE_TONES[row.state]}>{term('findingState', row.state)}</StatusTag>,
    }),
  };
}
