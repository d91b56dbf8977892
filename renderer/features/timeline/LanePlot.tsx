import { useId, type JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { formatInstant, formatDay, formatMonth, localDay } from '../../lib/format.ts';
import type { Tone } from '../../ui/tones.ts';
import {
  clustersOf,
  placeIn,
  spanOf,
  ticksOf,
  type Mark,
  type Span,
  type Tick,
} from '#shared/rules/timeline-lanes.ts';
import css from './timeline.module.css';

export interface Lane {
  readonly key: string;
  readonly label: string;
  readonly tone: Tone;
  /** Each kind has a form besides its colour. */
  readonly shape: 'disc' | 'diamond' | 'square' | 'ring';
  readonly marks: readonly Mark[];
}

const iso = (ms: number): string => new Date(ms).toISOString();

function tickWords(tick: Tick): string {
  const day = localDay(iso(tick.atMs));
  if (tick.unit === 'year') return day.slice(0, 4);
  return tick.unit === 'month' ? formatMonth(day) : formatDay(day).replace(/ \d{4}$/u, '');
}

/** Several kinds of things on one stretch of time, so that what lies close together is seen. */
export function LanePlot(props: {
  label: string;
  lanes: readonly Lane[];
  /** Stretches in which things of different kinds fall together. */
  shaded?: readonly Span[];
  onPick?: (lane: string, marks: readonly Mark[]) => void;
}): JSX.Element | null {
  const { t } = useTranslation('timeline');
  const id = useId();
  const span = spanOf(props.lanes.flatMap((lane) => lane.marks.map((mark) => mark.atMs)));
  if (span === null) return null;
  const percent = (at: number): string => `${(at * 100).toFixed(2)}%`;
  return (
    <div className={css.plot} role="group" aria-label={props.label}>
      <div className={css.shades} aria-hidden>
        {props.shaded?.map((one) => (
          <span
            key={one.fromMs}
            className={css.shade}
            style={{
              insetInlineStart: percent(placeIn(span, one.fromMs)),
              width: percent(placeIn(span, one.toMs) - placeIn(span, one.fromMs)),
            }}
          />
        ))}
      </div>
      {props.lanes.map((lane) => (
        <div key={lane.key} className={css.lane} role="group" aria-labelledby={`${id}${lane.key}`}>
          <span className={css.laneLabel} id={`${id}${lane.key}`}>
            {lane.label}
          </span>
          <div className={css.line}>
            {clustersOf(span, lane.marks).map((cluster) => {
              const [first] = cluster.marks;
              if (first === undefined) return null;
              const when = formatInstant(iso(first.atMs));
              const words =
                cluster.marks.length === 1
                  ? t('mark', { when, title: first.title })
                  : t('marks', { when, count: cluster.marks.length });
              return (
                <button
                  key={first.key}
                  type="button"
                  className={css.mark}
                  data-tone={lane.tone}
                  data-shape={lane.shape}
                  data-faint={cluster.marks.every((mark) => mark.faint === true)}
                  style={{ insetInlineStart: percent(cluster.at) }}
                  aria-label={words}
                  title={words}
                  onClick={() => props.onPick?.(lane.key, cluster.marks)}
                >
                  {cluster.marks.length > 1 && <span aria-hidden>{cluster.marks.length}</span>}
                </button>
              );
            })}
          </div>
        </div>
      ))}
      <div className={css.axis} aria-hidden>
        <span />
        <div className={css.ticks}>
          {ticksOf(span).map((tick) => (
            <span key={tick.atMs} className={css.tick} style={{ insetInlineStart: percent(tick.at) }}>
              {tickWords(tick)}
            </span>
          ))}
        </div>
      </div>
    </div>
  );
}
