import en from '#resources/messages/en/shell.json' with { type: 'json' };
import es from '#resources/messages/es/shell.json' with { type: 'json' };

export type ShellTexts = Readonly<Record<keyof typeof es, string>>;

const TEXTS: Readonly<Record<'es' | 'en', ShellTexts>> = { es, en };

/** Texts of menus and dialogs, which the operating system draws and the interface cannot. */
export const shellTexts = (language: 'es' | 'en'): ShellTexts => TEXTS[language];
