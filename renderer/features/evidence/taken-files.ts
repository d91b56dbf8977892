import type { EvidenceId } from '#shared/model/ids.ts';

/** A file that is in the vault already and waits for the record that it belongs to. */
export interface TakenFile {
  readonly id: EvidenceId;
  readonly title: string;
  readonly mime: string;
}

/**
 * Files of a form, each once: what its draft says, what the vault noted for it after it was left, and what this
 * window saw being sealed may all name the same one.
 */
export function joinFiles(...lists: readonly (readonly TakenFile[] | undefined)[]): readonly TakenFile[] {
  const byId = new Map<EvidenceId, TakenFile>();
  for (const file of lists.flatMap((list) => list ?? [])) if (!byId.has(file.id)) byId.set(file.id, file);
  return [...byId.values()];
}
