import type { EvidenceId, IncidentId } from '#shared/model/ids.ts';

export interface IntakeItem {
  readonly key: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly state: 'taking' | 'done' | 'failed';
  readonly id?: EvidenceId;
  readonly sha256?: string;
  readonly mime?: string;
  readonly again?: boolean;
  readonly errorCode?: string;
}

/** An item with the form that it was begun in, and the incident that it is for or that the form became. */
interface Held extends IntakeItem {
  readonly form: string;
  readonly incidentId: IncidentId | null;
}

export interface IntakeStore {
  /** `form`: the id of its draft, by which it can be opened again, or any name of its own. */
  begin(form: string, items: readonly IntakeItem[], incidentId: IncidentId | null): void;
  change(key: string, changes: Partial<IntakeItem>): void;
  /** The form was saved: what it began belongs to this incident, and is shown where that is shown. */
  becomes(form: string, incidentId: IncidentId): void;
  /** Nobody opens the form again: it was saved or thrown away. What needs nobody's eyes any more is forgotten. */
  end(form: string): void;
  /** What a place shows: items begun in its form, and those of the incident that it shows. */
  of(form: string, incidentId: IncidentId | null): readonly IntakeItem[];
  /** Changes whenever anything does; for `useSyncExternalStore`. */
  snapshot(): readonly unknown[];
  subscribe(listener: () => void): () => void;
}

/**
 * Files on their way into the vault. Outlives the forms that they were begun in: an emergency is saved in seconds,
 * and what is sealed after that, or fails, must be seen where the incident is shown. A form that is left with its
 * draft is opened again: until it is saved or thrown away, all that it began is shown in it, failures above all.
 */
export function createIntakeStore(): IntakeStore {
  let held: readonly Held[] = [];
  const ended = new Set<string>();
  const listeners = new Set<() => void>();
  const set = (next: readonly Held[]): void => {
    // Of a form that has ended, a finished file is listed by its record; a failure must still be read there.
    held = next.filter(
      ({ form, state, incidentId }) =>
        !ended.has(form) || state === 'taking' || (state === 'failed' && incidentId !== null),
    );
    for (const listener of listeners) listener();
  };
  return {
    begin(form, items, incidentId) {
      ended.delete(form);
      set([...held, ...items.map((item) => ({ ...item, form, incidentId }))]);
    },
    change(key, changes) {
      set(held.map((item) => (item.key === key ? { ...item, ...changes } : item)));
    },
    becomes(form, incidentId) {
      ended.add(form);
      set(held.map((item) => (item.form === form ? { ...item, incidentId } : item)));
    },
    end(form) {
      ended.add(form);
      set(held);
    },
    of: (form, incidentId) =>
      held.filter((item) => item.form === form || (incidentId !== null && item.incidentId === incidentId)),
    snapshot: () => held,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const intakes = createIntakeStore();
