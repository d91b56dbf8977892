/** Forms that keep a draft, by the first word of their name; what follows it says what they are about. */
export const DRAFT_KINDS = [
  'incident',
  'emergency',
  'reception',
  'message',
  'case',
  'person',
  'note',
  'device',
  'examine',
  'examination',
  'custody',
  'return',
  'finding',
  'review',
  'notification',
  'attack',
  'consent',
  'withdrawal',
  'milestone',
] as const;
export type DraftKind = (typeof DRAFT_KINDS)[number];

/** The name of a form that keeps a draft. Only those that Hoy can lead back to have one. */
export type DraftForm = DraftKind | `${DraftKind}:${string}`;

/** Whether a form is of a kind, or about one thing: `review`, or `review:` and the id of the finding. */
export const isFormOf = (form: string, of: DraftForm): boolean => form === of || form.startsWith(`${of}:`);

/** What a draft is of, from the name of its form: `incident`, or `incident:` and the id of what is changed. */
export const kindOfDraft = (form: string): DraftKind =>
  DRAFT_KINDS.find((kind) => isFormOf(form, kind)) ?? 'incident';
