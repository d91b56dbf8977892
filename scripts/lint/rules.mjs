/**
 * ESLint rules of this project only. Each one guards a habit that reviewers miss; each message says what to
 * do instead. Their tests: tests/architecture/lint-rules.test.ts.
 */

const WORD = /\p{L}{2,}/u;
const TECHNICAL = /^[\p{Lu}\d_./:%+\-\s]+$/u;

/** Properties of JSX elements whose value a person reads or hears. */
const VISIBLE_ATTRIBUTES = new Set([
  'title',
  'label',
  'placeholder',
  'alt',
  'description',
  'aria-label',
  'aria-description',
  'aria-placeholder',
  'aria-roledescription',
  'aria-valuetext',
  'error',
  'nothingFound',
  'nothingFoundMessage',
]);

const looksVisible = (text) => WORD.test(text) && !TECHNICAL.test(text.trim());

/** The text of a literal, of a template without holes, or of any choice between such. */
const literalTexts = (node) => {
  if (node === null || node === undefined) return [];
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' ? [{ node, text: node.value }] : [];
    case 'TemplateLiteral':
      return [{ node, text: node.quasis.map((quasi) => quasi.value.cooked ?? '').join(' ') }];
    case 'ConditionalExpression':
      return [...literalTexts(node.consequent), ...literalTexts(node.alternate)];
    case 'LogicalExpression':
      return [...literalTexts(node.left), ...literalTexts(node.right)];
    case 'JSXExpressionContainer':
      return literalTexts(node.expression);
    default:
      return [];
  }
};

const noVisibleText = {
  meta: {
    type: 'problem',
    docs: { description: 'every word that a person reads comes from the catalogues, in both languages' },
    messages: {
      text: 'Text for people lives in the catalogues (es and en): use t("...") instead of "{{text}}".',
    },
    schema: [],
  },
  create(context) {
    const report = ({ node, text }) => {
      if (looksVisible(text)) {
        context.report({ node, messageId: 'text', data: { text: text.trim().slice(0, 40) } });
      }
    };
    return {
      JSXText: (node) => report({ node, text: node.value }),
      'JSXElement > JSXExpressionContainer, JSXFragment > JSXExpressionContainer'(node) {
        literalTexts(node).forEach(report);
      },
      JSXAttribute(node) {
        const name = node.name.type === 'JSXIdentifier' ? node.name.name : '';
        if (VISIBLE_ATTRIBUTES.has(name)) literalTexts(node.value).forEach(report);
      },
    };
  },
};

const SQL_START =
  /^\s*(?:select\s[\s\S]*\bfrom\b|insert\s+(?:or\s+\w+\s+)?into\s|update\s+["`\w]+\s+set\s|delete\s+from\s|create\s+(?:temp\w*\s+|unique\s+|virtual\s+)?(?:table|index|trigger|view)\s|alter\s+table\s|drop\s+(?:table|index|trigger|view)\s|pragma\s+\w+|attach\s+database\s|begin\s+(?:immediate|exclusive|deferred)|with\s+(?:recursive\s+)?\w+\s*(?:\([^)]*\)\s*)?as\s*\()/iu;

const noSqlHere = {
  meta: {
    type: 'problem',
    docs: { description: 'SQL stands in repositories, the db folder and migrations only' },
    messages: {
      sql: 'SQL belongs in a repository (`*-repo.ts`), electron/core/db or electron/core/migrations: give this statement a named function there.',
      unbound:
        'SQL as plain text invites pasted values: write it with the `sql` tag, in a repository (`*-repo.ts`), electron/core/db or electron/core/migrations.',
    },
    schema: [
      {
        type: 'object',
        /* `boundOnly`: statements with the `sql` tag are let pass; for the files of a list that may only shrink. */
        properties: { boundOnly: { type: 'boolean' } },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ boundOnly: false }],
  },
  create(context) {
    const { boundOnly } = context.options[0];
    return {
      Literal(node) {
        if (typeof node.value === 'string' && SQL_START.test(node.value)) {
          context.report({ node, messageId: 'unbound' });
        }
      },
      TemplateLiteral(node) {
        const text = node.quasis.map((quasi) => quasi.value.cooked ?? '').join('?');
        if (!SQL_START.test(text)) return;
        const bound =
          node.parent.type === 'TaggedTemplateExpression' &&
          node.parent.tag.type === 'Identifier' &&
          node.parent.tag.name === 'sql';
        if (!bound) context.report({ node, messageId: 'unbound' });
        else if (!boundOnly) context.report({ node, messageId: 'sql' });
      },
    };
  },
};

const KEBAB =
  /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?:test|bench|spec|config|d|setup|soak))*\.(?:ts|mts|cts|mjs|cjs|js)$/;
const PASCAL = /^[A-Z][A-Za-z0-9]*(?:\.test)?\.tsx$/;
const KEBAB_TSX = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.test)?\.tsx$/;

const fileName = {
  meta: {
    type: 'suggestion',
    docs: { description: 'kebab-case.ts for modules, PascalCase.tsx for components' },
    messages: {
      name: 'Name files kebab-case.ts, or PascalCase.tsx for a component (kebab-case.tsx where none is exported): "{{name}}" is neither.',
    },
    schema: [],
  },
  create(context) {
    return {
      Program(node) {
        const name = context.filename.split(/[\\/]/u).at(-1) ?? '';
        if (name.startsWith('.')) return;
        if (!KEBAB.test(name) && !PASCAL.test(name) && !KEBAB_TSX.test(name)) {
          context.report({ node, messageId: 'name', data: { name } });
        }
      },
    };
  },
};

const longFile = {
  meta: {
    type: 'suggestion',
    docs: { description: 'a file that grows past 300 lines is asked to split long before it is refused' },
    messages: { long: 'This file has {{count}} lines; aim below {{max}}. Split it by use case.' },
    schema: [{ type: 'object', properties: { max: { type: 'integer' } }, additionalProperties: false }],
    defaultOptions: [{ max: 300 }],
  },
  create(context) {
    const { max } = context.options[0];
    return {
      Program(node) {
        const count = context.sourceCode.lines.length;
        if (count > max) context.report({ node, messageId: 'long', data: { count, max } });
      },
    };
  },
};

const DIRECTIVE = /^\s*eslint-disable(?:-next-line|-line)?\b/u;

const reasonedDisable = {
  meta: {
    type: 'problem',
    docs: { description: 'a rule may be switched off for one line, with the reason beside it' },
    messages: {
      reason: 'Say why: `// eslint-disable-next-line rule -- reason`.',
      whole: 'Name the rule that is switched off, for the next line only.',
    },
    schema: [],
  },
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          if (!DIRECTIVE.test(comment.value)) continue;
          const [head, reason] = comment.value.split(/\s--\s/u);
          if (reason === undefined || reason.trim().length < 8) {
            context.report({ loc: comment.loc, messageId: 'reason' });
          }
          if (!/^\s*eslint-disable-(?:next-line|line)\s+\S/u.test(head)) {
            context.report({ loc: comment.loc, messageId: 'whole' });
          }
        }
      },
    };
  },
};

/** The plugin, under the prefix `resguardo/`. */
export const resguardoRules = {
  meta: { name: 'resguardo', version: '1.0.0' },
  rules: {
    'no-visible-text': noVisibleText,
    'no-sql-here': noSqlHere,
    'file-name': fileName,
    'long-file': longFile,
    'reasoned-disable': reasonedDisable,
  },
};
