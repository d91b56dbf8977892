import type { CallOutput } from '#shared/contract/index.ts';
import type { Language } from '#shared/model/common.ts';
import enErrors from '#resources/messages/en/errors.json' with { type: 'json' };
import enWords from '#resources/messages/en/check-words.json' with { type: 'json' };
import esErrors from '#resources/messages/es/errors.json' with { type: 'json' };
import esWords from '#resources/messages/es/check-words.json' with { type: 'json' };

type Verdict = CallOutput<'vault.check'>;

/** What a report is made of; each format says the same. */
export interface CheckFacts {
  readonly format: 'resguardo-check';
  readonly version: 1;
  /** Instant in UTC. */
  readonly at: string;
  readonly vaultId: string;
  readonly use: 'real' | 'practice';
  readonly program: string;
  readonly depth: 'presence' | 'content';
  /** Why the vault is open to look only, as a code, or null. */
  readonly readOnlyBecause: string | null;
  readonly ok: boolean;
  readonly checked: Verdict['checked'];
  readonly findings: Verdict['findings'];
}

/** A report in words: headings with lines below, in the order in which they are read. */
export interface ReportSection {
  readonly id: string;
  readonly heading: string;
  readonly lines: readonly string[];
}

const words = { es: esWords, en: enWords } as const;
const errors: Readonly<Record<Language, Readonly<Record<string, string>>>> = { es: esErrors, en: enErrors };

/** Message of a code without the places that only a screen can fill. */
const meaning = (language: Language, code: string): string =>
  (errors[language][code] ?? code).replaceAll(/\{\{\w+\}\}/gu, '…');

export const reportTitle = (language: Language): string => words[language].title;

/** The facts in words of one language. */
export const reportSections = (facts: CheckFacts, language: Language): ReportSection[] => {
  const say = words[language];
  const result = facts.ok ? say.ok : say.problems.replace('{count}', String(facts.findings.length));
  const known = new Set(facts.findings.map((finding) => finding.code));
  return [
    { id: 'result', heading: say.result, lines: [result] },
    {
      id: 'facts',
      heading: say.facts,
      lines: [
        `${say.vault}: ${facts.vaultId} (${say[facts.use]})`,
        `${say.at}: ${facts.at}`,
        `${say.program}: ${facts.program}`,
        `${say.depth}: ${say[facts.depth]}`,
        `${say.readOnly}: ${facts.readOnlyBecause === null ? say.no : meaning(language, facts.readOnlyBecause)}`,
      ],
    },
    {
      id: 'checked',
      heading: say.checked,
      lines: (['pages', 'journal', 'rows', 'objects', 'documents', 'erasedPayloads'] as const).map(
        (name) => `${say[name]}: ${String(facts.checked[name])}`,
      ),
    },
    {
      id: 'findings',
      heading: say.findings,
      lines:
        facts.findings.length === 0
          ? [say.none]
          : [
              ...facts.findings.map(({ part, code, subject }) => `${say.parts[part]}: ${code} (${subject})`),
              ...[...known].map((code) => `${code}: ${meaning(language, code)}`),
            ],
    },
    { id: 'limits', heading: say.limitsHeading, lines: say.limits },
  ];
};

/** The report as plain text, UTF-8, lines ending in LF. */
export const reportText = (facts: CheckFacts, language: Language): string =>
  `${[
    reportTitle(language).toUpperCase(),
    ...reportSections(facts, language).flatMap(({ heading, lines }) => [
      '',
      heading,
      ...lines.map((line) => `  ${line}`),
    ]),
  ].join('\n')}\n`;

/** The report for programs. */
export const reportJson = (facts: CheckFacts): string => `${JSON.stringify(facts, null, 2)}\n`;
