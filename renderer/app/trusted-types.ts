/**
 * The policy refuses every assignment of text to a place where it would become markup or code, unless this
 * one policy lets it pass. Mantine writes its style sheets that way, and style sheets are text without a
 * tag: that passes. Anything in which a tag could begin does not, whichever library tries it.
 */
interface Factory {
  createPolicy(name: 'default', rules: { createHTML: (text: string) => string | null }): unknown;
}

const MARKUP = /<[a-z/!?]/i;

const { trustedTypes } = globalThis as { trustedTypes?: Factory };
trustedTypes?.createPolicy('default', { createHTML: (text) => (MARKUP.test(text) ? null : text) });
