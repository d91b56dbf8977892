import { readFileSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { root } from './run.mjs';

/*
 * Names what failed. A machine that runs the tests may keep only the last lines of the output, so these names stand there,
 * one line each: whoever reads them knows which test to run again.
 */

/** More lines than these would push the first ones out of what such a machine keeps. */
const MOST_LINES = 20;
const LINE_WIDTH = 300;
/** A title may be long; some of the message has to fit beside it. */
const TITLE_WIDTH = 100;
const REPEATED = 'passed only when repeated: ';

// eslint-disable-next-line no-control-regex -- colours are what is taken out
const COLOURS = /\u001b\[[0-9;]*[A-Za-z]/gu;
// eslint-disable-next-line no-control-regex -- as above
const CONTROLS = /[\u0000-\u001f\u007f]+/gu;

const plain = (text) =>
  String(text).replace(COLOURS, '').replace(CONTROLS, ' ').replace(/ {2,}/gu, ' ').trim();
const cut = (text, width) => ([...text].length > width ? `${[...text].slice(0, width - 1).join('')}…` : text);
const inProject = (path, base = root) => {
  const short = relative(base, path);
  return short.startsWith('..') || isAbsolute(short) ? path : short.replaceAll('\\', '/');
};

/** What was there instead: the first line of a comparison that holds more than a bracket. */
const found = (lines) =>
  lines.find((line) => /^(?:Received(?: string)?:|\+ +(?!Received\b)(?![A-Za-z]* ?[[{(]$))/u.test(line)) ??
  '';

/** The first line that says something; where that is only that an expectation failed, what it was about follows. */
const firstLine = (message) => {
  const [first = '', ...rest] = String(message)
    .replace(COLOURS, '')
    .split('\n')
    .map(plain)
    .filter((line) => line !== '');
  const detail = first.endsWith(' failed') ? (rest[0] ?? '') : first.includes('expect(') ? found(rest) : '';
  return detail === '' ? first : `${first}; ${detail}`;
};

/** Line of a test file at which a stack passed through it. */
const lineIn = (stack, file) => {
  const at = stack.indexOf(`${file}:`);
  return at < 0 ? null : Number.parseInt(stack.slice(at + file.length + 1), 10) || null;
};

const place = (path, line, base) => `${inProject(path, base)}${line ? `:${line}` : ''}`;

/** Where no test is named as failed and the runner still ended badly, that is the failure. */
const orBadEnd = (failures, code) =>
  code !== 0 && failures.length === 0
    ? [{ file: '', title: '', message: `ended with code ${code}, though no test is named as failed` }]
    : failures;

/**
 * What failed in a vitest JSON report, given as its text, and the exit code of the run: tests, and files that could not be
 * loaded or whose hooks failed. `base` is the folder that names of files are told from.
 */
export const vitestFailures = (text, code, base = root) => {
  const failures = JSON.parse(text).testResults.flatMap((file) => {
    const failed = file.assertionResults.filter((test) => test.status === 'failed');
    if (file.status === 'failed' && failed.length === 0) {
      const message = firstLine(file.message ?? '') || 'a hook of this file failed';
      return [{ file: place(file.name, null, base), title: '(the file)', message }];
    }
    return failed.map((test) => {
      const stack = test.failureMessages?.[0] ?? '';
      return {
        file: place(file.name, lineIn(stack, file.name), base),
        title: [...(test.ancestorTitles ?? []).filter((one) => one !== ''), test.title].join(' > '),
        message: firstLine(stack),
      };
    });
  });
  return orBadEnd(failures, code);
};

const specsOf = (suite, titles) => [
  ...(suite.specs ?? []).map((spec) => ({ spec, titles })),
  ...(suite.suites ?? []).flatMap((inner) => specsOf(inner, [...titles, inner.title])),
];

/**
 * The same of a Playwright JSON report. A test that passed only when repeated is among them, as `repeated`: whether
 * that fails the run is for `playwrightCounts` to say, that it is named is not.
 */
export const playwrightFailures = (text, code, base = root) => {
  const { config, suites = [], errors = [] } = JSON.parse(text);
  const named = suites
    .flatMap((suite) => specsOf(suite, []))
    .flatMap(({ spec, titles }) =>
      spec.tests
        .filter(({ status }) => status === 'unexpected' || status === 'flaky')
        .map((test) => {
          const result = test.results.find(({ errors = [] }) => errors.length > 0);
          const error = result?.errors[0];
          const file = join(config.rootDir, spec.file);
          // Where a helper of the tests noticed it, the stack knows the line that called it.
          const within =
            error?.location?.file === file ? error.location.line : lineIn(result?.error?.stack ?? '', file);
          return {
            file: place(file, within ?? spec.line, base),
            title: [...titles, spec.title].join(' > '),
            message: firstLine(error?.message ?? 'ended otherwise than expected'),
            ...(test.status === 'flaky' ? { repeated: true } : {}),
          };
        }),
    );
  const outside = errors.map((error) => ({
    file: error.location ? place(error.location.file, error.location.line, base) : '',
    title: '(outside of any test)',
    message: firstLine(error.message ?? error.value ?? ''),
  }));
  return orBadEnd([...named, ...outside], code);
};

/** What failed by the report of one runner; a report that is missing or cannot be read is one failure. */
export const readFailures = (name, path, code, list) => {
  try {
    return list(readFileSync(path, 'utf8'), code).map((one) =>
      one.file === '' ? { ...one, file: name } : one,
    );
  } catch {
    return [
      {
        file: name,
        title: '',
        message: `its report is missing or cannot be read; it ended with code ${code}`,
      },
    ];
  }
};

/** One line for each failure, and one that counts the rest where there are too many. */
export const failureLines = (failures) => {
  const lines = failures
    .slice(0, MOST_LINES)
    .map(({ file, title, message, repeated = false }) =>
      cut(
        [plain(file), cut(plain(title), TITLE_WIDTH), (repeated ? REPEATED : '') + plain(message)]
          .filter((part) => part !== '')
          .join(' | '),
        LINE_WIDTH,
      ),
    );
  return failures.length > MOST_LINES ? [...lines, `and ${failures.length - MOST_LINES} more`] : lines;
};
