import { CHECK_REPORT_FORMATS } from '#shared/contract/dump.ts';
import { languageSchema } from '#shared/model/common.ts';
import { oneOf, type Arguments } from '../arguments.ts';
import type { Client } from '../client.ts';
import { sizeText, type Output } from '../output.ts';
import { showProgress } from '../progress.ts';

/** Options of `vault check` that ask for a report. */
export const REPORT_OPTIONS = { report: 'value', format: 'value', 'report-language': 'value' } as const;

/** What was said about the report, or nothing where none is asked for. Errors: `UsageError`. */
export const reportOf = (args: Arguments) => {
  const path = args.value('report');
  if (path === undefined) return undefined;
  return {
    path,
    format: oneOf('format', args.value('format') ?? 'text', CHECK_REPORT_FORMATS),
    language: oneOf('report-language', args.value('report-language') ?? 'es', languageSchema.options),
  };
};

/**
 * Checks and writes the report to the file that `--report` names; the exit code says what was found, as without one.
 *
 * @throws AppError as `vault.checkReport`.
 */
export const checkWithReport = async (
  client: Client,
  args: Arguments,
  output: Output,
  { path, format, language }: NonNullable<ReturnType<typeof reportOf>>,
): Promise<number> => {
  showProgress(client, output);
  const written = await client.call('vault.checkReport', {
    objects: args.flag('quick') ? 'presence' : 'content',
    format,
    language,
    target: client.grantTarget(path, 'targetFile'),
  });
  output.result(written, () => [
    output.messages.say(written.ok ? 'check.ok' : 'check.problems', { count: written.findings }),
    output.messages.say('check.reportWritten', { path, size: sizeText(written.sizeBytes) }),
    `  ${written.sha256}`,
  ]);
  return written.ok ? 0 : 1;
};
