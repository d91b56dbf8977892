import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { formatMonth } from '../../lib/format.ts';
import css from './bars.module.css';

/** Incidents of twelve months; the digital part is hatched too, so that it reads without colour. */
export function MonthBars({
  months,
}: {
  months: readonly { month: string; incidents: number; digital: number }[];
}): JSX.Element {
  const { t } = useTranslation('today');
  const most = Math.max(1, ...months.map((month) => month.incidents));
  const step = 100 / Math.max(1, months.length);
  const height = 92;
  return (
    <>
      <svg
        viewBox={`0 0 ${String(months.length * step * 4)} ${String(height)}`}
        className={css.chart}
        role="img"
        aria-label={t('months')}
        preserveAspectRatio="none"
      >
        <defs>
          <pattern
            id="digital"
            width="4"
            height="4"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <rect width="4" height="4" className={css.digital} />
            <line x1="0" y1="0" x2="0" y2="4" className={css.hatch} />
          </pattern>
        </defs>
        {months.map((month, index) => {
          const all = (month.incidents / most) * (height - 4);
          const digital = (month.digital / most) * (height - 4);
          const x = index * step * 4 + step * 0.7;
          return (
            <g key={month.month}>
              <rect x={x} y={height - all} width={step * 2.6} height={all} rx={2} className={css.bar} />
              <rect x={x} y={height - digital} width={step * 2.6} height={digital} fill="url(#digital)" />
            </g>
          );
        })}
      </svg>
      <div className={css.ends} aria-hidden>
        <span>{months[0] ? formatMonth(months[0].month) : ''}</span>
        <span>{months.at(-1) ? formatMonth(months.at(-1)?.month ?? '') : ''}</span>
      </div>
      <div className={css.legend}>
        <span data-kind="all">{t('monthsAll')}</span>
        <span data-kind="digital">{t('monthsDigital')}</span>
      </div>
      <table className="rg-srt">
        <caption>{t('months')}</caption>
        <tbody>
          {months.map((month) => (
            <tr key={month.month}>
              <th scope="row">{formatMonth(month.month)}</th>
              <td>{month.incidents}</td>
              <td>{month.digital}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
