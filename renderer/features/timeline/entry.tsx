import {
  BellRing,
  CalendarDays,
  FileCheck2,
  HandHelping,
  Link2,
  MessageSquareWarning,
  Microscope,
  PackageCheck,
  Paperclip,
  ScanSearch,
  TriangleAlert,
  Undo2,
  type LucideIcon,
} from 'lucide-react';
import { Link } from '@tanstack/react-router';
import { useCallback, type JSX, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TimelineEntry, TimelineKind } from '#shared/contract/timeline.ts';
import type { CaseId } from '#shared/model/ids.ts';
import type { PartialDate } from '#shared/model/partial-date.ts';
import { formatPartialDate } from '../../lib/format.ts';
import { useTerms } from '../../lib/use-terms.ts';
import type { Tone } from '../../ui/tones.ts';
import { SafeText } from '../surveillance/SafeText.tsx';

export const KINDS: readonly TimelineKind[] = [
  'incident',
  'message',
  'notification',
  'finding',
  'reception',
  'return',
  'custody',
  'examination',
  'milestone',
  'evidence',
  'export',
  'consent',
];

/** Kinds that one switch shows or hides together. */
export const GROUPS = ['attacks', 'surveillance', 'custody', 'dates', 'evidence', 'exports'] as const;
export type Group = (typeof GROUPS)[number];
export const KINDS_OF: Readonly<Record<Group, readonly TimelineKind[]>> = {
  attacks: ['incident'],
  surveillance: ['message', 'notification', 'finding', 'examination'],
  custody: ['reception', 'return', 'custody'],
  dates: ['milestone'],
  evidence: ['evidence'],
  exports: ['export', 'consent'],
};
export const GROUP_TONES: Readonly<Record<Group, Tone>> = {
  attacks: 'danger',
  surveillance: 'digital',
  custody: 'neutral',
  dates: 'due',
  evidence: 'neutral',
  exports: 'primary',
};

const SIGNS: Readonly<Record<TimelineKind, readonly [LucideIcon, Tone]>> = {
  incident: [TriangleAlert, 'danger'],
  message: [MessageSquareWarning, 'digital'],
  notification: [BellRing, 'digital'],
  finding: [ScanSearch, 'digital'],
  examination: [Microscope, 'digital'],
  reception: [HandHelping, 'neutral'],
  return: [Undo2, 'neutral'],
  custody: [Link2, 'neutral'],
  milestone: [CalendarDays, 'due'],
  evidence: [Paperclip, 'neutral'],
  export: [PackageCheck, 'primary'],
  consent: [FileCheck2, 'primary'],
};
export const signOf = (entry: TimelineEntry): readonly [LucideIcon, Tone] =>
  entry.kind === 'incident' && entry.digital ? [TriangleAlert, 'digital'] : SIGNS[entry.kind];

const SETTLED = new Set(['falsePositive', 'discarded']);
/** Whether somebody set it aside. */
export const isFaint = (entry: TimelineEntry): boolean =>
  entry.kind === 'finding' && SETTLED.has(entry.state);

/** The first of its day as milliseconds on this computer's clock, or null where not even the day is known. */
export function timeOf(entry: TimelineEntry): number | null {
  if (entry.whenKey.length < 10) return null;
  const at = new Date(entry.whenKey.length === 10 ? `${entry.whenKey}T12:00` : entry.whenKey).getTime();
  return Number.isNaN(at) ? null : at;
}

/** Date and, below it, the hour, as far as they are known. */
export function whenParts(when: PartialDate): readonly [string, string] {
  const words = formatPartialDate(when);
  const comma = words.indexOf(', ');
  return comma === -1 ? [words, ''] : [words.slice(0, comma), words.slice(comma + 2)];
}

/** The words for the codes of an entry: what kind of attack, which channel, what was decided. */
export function useEntryWords(): {
  code: (entry: TimelineEntry) => string;
  state: (entry: TimelineEntry) => string;
  kind: (entry: TimelineEntry) => string;
} {
  const { t } = useTranslation('timeline');
  const { term } = useTerms();
  const code = useCallback(
    (entry: TimelineEntry): string => {
      if (entry.code === '') return '';
      switch (entry.kind) {
        case 'incident':
          return term('act', entry.code);
        case 'message':
          return term('messageChannel', entry.code);
        case 'notification':
          return term('provider', entry.code);
        case 'finding':
          return term('findingLevel', entry.code);
        case 'examination':
          return term('examinationMethod', entry.code);
        case 'reception':
        case 'return':
        case 'custody':
          return term('deviceCustody', entry.code);
        case 'milestone':
          return term('milestone', entry.code);
        case 'evidence':
          return term('evidence', entry.code);
        case 'export':
          return term('profile', entry.code);
        case 'consent':
          return term('recipient', entry.code);
      }
    },
    [term],
  );
  const state = useCallback(
    (entry: TimelineEntry): string => {
      if (entry.state === '') return '';
      if (entry.kind === 'finding') return term('findingState', entry.state);
      if (entry.kind === 'examination') return term('examinationBasis', entry.state);
      if (entry.kind === 'consent') return term('consent', entry.state);
      if (entry.kind === 'message') return term('clicked', entry.state);
      return '';
    },
    [term],
  );
  return { code, state, kind: (entry) => t(`kind.${entry.kind}`) };
}

/** The title, as a way to the record where it has a screen of its own. */
export function EntryTitle({ entry, caseId }: { entry: TimelineEntry; caseId: CaseId | null }): JSX.Element {
  const { t } = useTranslation('timeline');
  const words: ReactNode = entry.title === '' ? t(`kind.${entry.kind}`) : <SafeText text={entry.title} />;
  switch (entry.kind) {
    case 'incident':
      return (
        <Link to="/incidents/$incidentId" params={{ incidentId: entry.id }}>
          {words}
        </Link>
      );
    case 'message':
      return (
        <Link to="/surveillance/messages/$messageId" params={{ messageId: entry.id }}>
          {words}
        </Link>
      );
    case 'examination':
      return (
        <Link to="/surveillance/examinations/$examinationId" params={{ examinationId: entry.id }}>
          {words}
        </Link>
      );
    case 'evidence':
      return (
        <Link to="/evidence" search={{ open: entry.id }}>
          {words}
        </Link>
      );
    case 'export':
      return (
        <Link to="/exports/$exportId" params={{ exportId: entry.id }}>
          {words}
        </Link>
      );
    case 'notification':
      return (
        <Link to="/surveillance" search={{ tab: 'notifications' }}>
          {words}
        </Link>
      );
    case 'consent':
      return caseId === null ? (
        <>{words}</>
      ) : (
        <Link to="/cases/$caseId" params={{ caseId }} search={{ tab: 'people' }}>
          {words}
        </Link>
      );
    default:
      return entry.deviceId === null ? (
        <>{words}</>
      ) : (
        <Link to="/surveillance/devices/$deviceId" params={{ deviceId: entry.deviceId }}>
          {words}
        </Link>
      );
  }
}
