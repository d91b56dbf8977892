/** A draft as the engine keeps it. */
export interface KeptDraft {
  readonly id: string;
  readonly form: string;
  readonly title: string;
  readonly payload: string;
}

/** The part of the engine that screens with drafts ask: it keeps drafts, and refuses what it is told to refuse. */
export class DraftEngine {
  readonly drafts = new Map<string, KeptDraft>();
  /** Codes by method. */
  readonly refused = new Map<string, string>();
  /** What else is asked, by method; an empty list where nothing is said. */
  readonly answers = new Map<string, unknown>();
  readonly asked: { method: string; input: Record<string, unknown> }[] = [];

  keep(...drafts: KeptDraft[]): void {
    for (const draft of drafts) this.drafts.set(draft.id, draft);
  }

  async call(method: string, input: Record<string, unknown>): Promise<unknown> {
    this.asked.push({ method, input });
    const id = String(input['id']);
    const missing = method === 'drafts.get' && !this.drafts.has(id);
    const code = this.refused.get(method) ?? (missing ? 'record.notFound' : undefined);
    if (code !== undefined) return { ok: false, error: { code } };
    if (method === 'drafts.get') return { ok: true, value: this.drafts.get(id) };
    if (method === 'drafts.list') return { ok: true, value: { rows: [...this.drafts.values()] } };
    if (method === 'drafts.save') this.keep(input as unknown as KeptDraft);
    if (method === 'drafts.discard') this.drafts.delete(id);
    return { ok: true, value: this.answers.get(method) ?? { rows: [], total: 0 } };
  }
}
