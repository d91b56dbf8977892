import { isListedTop, registrableDomain } from './python-url.ts';

const WIDE_STOP = /[\u3002\uFF0E\uFF61]/u;

/**
 * Names that a full stop of another script ends, as in a sentence that goes on without a space. Browsers take it for a
 * border between labels, so this is only said of a name that has full stops of its own and a known top level, and of a
 * link (`named`) only where the top level of the whole is unknown: else the link leads elsewhere.
 */
export function hostsOfSentence(server: string, named: boolean): string[] {
  if (!WIDE_STOP.test(server)) return [];
  const parts = server.split(WIDE_STOP);
  if (named && isListedTop(lastLabel(parts.at(-1) ?? ''))) return [];
  return parts.filter((part, at) => at < parts.length - 1 && isName(part, parts[at + 1] ?? ''));
}

const lastLabel = (name: string): string => name.slice(name.lastIndexOf('.') + 1).toLowerCase();

/** Whether a name is whole before what follows: of `example.com` and `mx` it is not. */
function isName(name: string, following: string): boolean {
  const top = lastLabel(name);
  if (top.length === name.length || !isListedTop(top)) return false;
  const next = following.split('.', 1)[0]?.toLowerCase() ?? '';
  return next.length > MAX_LABEL_CHARS || registrableDomain(`x.${top}.${next}`)?.startsWith('x.') !== true;
}

const MAX_LABEL_CHARS = 63;
