// @ts-check
// Finds prose in TypeScript: user-visible strings, comments, and test names.
import ts from 'typescript';

/** @typedef {{ line: number, text: string }} Text */

/** Properties and attributes whose values are user-visible, even if a value is a single word. */
const visibleNames =
  /^(label|title|placeholder|description|hint|message|heading|summary|alt|submit|confirm|aria-label|name|text|action|empty|legend|caption|help)$/i;

/** Names of properties and variables whose strings are CSS classes, SQL or other code. */
const codeNames = /class|styles?$|variant|sql|regex|pattern|selector|query$|^cn$|^cva$/i;

/** Functions whose arguments are code. */
const codeFunctions =
  /^(sql|raw|graphql|gql|cn|cva|require|import|RegExp|join|querySelector|querySelectorAll|matchMedia|locator|evaluate)$/;

/**
 * Returns the user-visible strings in a file. An expression in a template is shown as `{…}`.
 * @param {string} file the file name, which determines whether the file can contain JSX
 * @param {string} source
 * @returns {Text[]}
 */
export function textsIn(file, source) {
  const tree = parse(file, source);
  /** @type {Text[]} */
  const found = [];

  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    if (ts.isTaggedTemplateExpression(node) || ts.isTypeNode(node)) return;
    if (isCode(node)) return;
    if (ts.isJsxElement(node) || ts.isJsxFragment(node)) {
      const text = textOfChildren(node.children);
      // If all children are elements, each of them has a separate entry.
      const hasWords = node.children.some(
        (child) => ts.isJsxText(child) && /\p{L}/u.test(child.text),
      );
      if (hasWords && /\p{L}{2}/u.test(text)) add(node.children[0] ?? node, text);
      ts.forEachChild(node, visit);
      return;
    }
    if (isText(node)) {
      const text = textOf(node);
      if (isProse(text) || (isNamedVisibly(node) && /^\p{Lu}\p{L}/u.test(text))) add(node, text);
    }
    if (ts.isBinaryExpression(node) && isText(node)) {
      // The text added above already includes the operands. Only the expressions inside them remain to be visited.
      visitExpressions(node);
      return;
    }
    ts.forEachChild(node, visit);
  };

  /** @param {ts.Node} node */
  const visitExpressions = (node) => {
    if (ts.isBinaryExpression(node)) {
      visitExpressions(node.left);
      visitExpressions(node.right);
    } else if (ts.isTemplateExpression(node)) {
      for (const span of node.templateSpans) visit(span.expression);
    } else if (!ts.isStringLiteralLike(node)) visit(node);
  };

  /** @param {ts.Node} node @param {string} text */
  const add = (node, text) =>
    void found.push({ line: lineOf(tree, node.getStart(tree)), text: text.trim() });

  visit(tree);
  return found;
}

/**
 * Returns comments and docstrings. Consecutive `//` lines form one comment. Directives (`@ts-check`, `eslint-disable`)
 * are omitted.
 * @param {string} file
 * @param {string} source
 * @returns {Text[]}
 */
export function commentsIn(file, source) {
  const tree = parse(file, source);
  /** @type {Map<number, ts.CommentRange>} */
  const ranges = new Map();
  /** @param {ts.Node} node */
  const visit = (node) => {
    for (const range of [
      ...(ts.getLeadingCommentRanges(source, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(source, node.getEnd()) ?? []),
    ]) {
      ranges.set(range.pos, range);
    }
    for (const child of node.getChildren(tree)) visit(child);
  };
  visit(tree);

  /** @type {(Text & { lastLine: number, isLine: boolean })[]} */
  const comments = [];
  for (const { pos, end, kind } of [...ranges.values()].sort((a, b) => a.pos - b.pos)) {
    const text = source
      .slice(pos, end)
      .replace(/^\/\*\*?|\*\/$/g, '')
      .replace(/^\s*(\/\/|\*) ?/gm, '')
      .trim();
    if (!/\p{L}{2}/u.test(text) || /^(@ts-|eslint-|prettier-|v8 |#)/.test(text)) continue;
    const line = lineOf(tree, pos);
    const isLine = kind === ts.SyntaxKind.SingleLineCommentTrivia;
    const before = comments.at(-1);
    if (isLine && before?.isLine === true && before.lastLine === line - 1) {
      before.text += `\n${text}`;
      before.lastLine = line;
    } else comments.push({ line, lastLine: lineOf(tree, end), text, isLine });
  }
  return comments;
}

/**
 * Returns the test names in a file.
 * @param {string} file
 * @param {string} source
 * @returns {Text[]}
 */
export function testNamesIn(file, source) {
  const tree = parse(file, source);
  /** @type {Text[]} */
  const found = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isCallExpression(node) && /^(it|test|describe)\b/.test(node.expression.getText(tree))) {
      const [name] = node.arguments;
      if (name !== undefined && isText(name)) {
        found.push({ line: lineOf(tree, node.getStart(tree)), text: textOf(name) });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** @param {string} file @param {string} source */
const parse = (file, source) =>
  ts.createSourceFile(
    file,
    source,
    ts.ScriptTarget.Latest,
    true,
    file.endsWith('.tsx') ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );

/** @param {ts.SourceFile} tree @param {number} position */
const lineOf = (tree, position) => tree.getLineAndCharacterOfPosition(position).line + 1;

/**
 * Reports whether a node is a string, a template, or a concatenation of these.
 * @param {ts.Node} node
 * @returns {node is ts.Expression}
 */
function isText(node) {
  if (ts.isBinaryExpression(node)) {
    return (
      node.operatorToken.kind === ts.SyntaxKind.PlusToken &&
      (isText(node.left) || isText(node.right))
    );
  }
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
}

/** @param {ts.Node} node @returns {string} */
function textOf(node) {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    return node.head.text + node.templateSpans.map(({ literal }) => `{…}${literal.text}`).join('');
  }
  if (ts.isBinaryExpression(node) && isText(node)) return textOf(node.left) + textOf(node.right);
  return '{…}';
}

/** @param {readonly ts.JsxChild[]} children @returns {string} */
function textOfChildren(children) {
  const parts = children.map((/** @type {ts.JsxChild} */ child) => {
    if (ts.isJsxText(child)) return child.text;
    if (ts.isJsxExpression(child)) {
      const { expression } = child;
      if (expression === undefined) return '';
      return ts.isStringLiteralLike(expression) ? expression.text : '{…}';
    }
    // Emphasis and links are part of the sentence, so their content is shown in place.
    return ts.isJsxElement(child) ? `<${textOfChildren(child.children)}>` : '';
  });
  return parts.join('').replace(/\s+/g, ' ').trim();
}

/** The start of SQL, in capitals as everywhere in the code. Sentences that begin with such a word do not match. */
const sqlStart =
  /^\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH|CREATE|ALTER|DROP|GRANT|REVOKE|SET|LOCK|BEGIN|COMMIT|ROLLBACK|ANALYZE|VALUES|FROM|WHERE|ORDER BY|GROUP BY|LIMIT|(?:LEFT )?JOIN|ON|AND|OR|COALESCE|DO)\b/;

/**
 * Reports whether the text has at least two words, one of them in lower case, and is neither SQL nor CSS classes.
 * @param {string} text
 */
function isProse(text) {
  const words = text.replaceAll('{…}', ' ').split(/\s+/).filter(Boolean);
  if (words.filter((word) => /\p{L}{2}/u.test(word)).length < 2) return false;
  if (!words.some((word) => /^\p{Ll}+$/u.test(word.replace(/[.,:;!?()"'`]/g, '')))) return false;
  if (sqlStart.test(text)) return false;
  if (text === 'double precision') return false; // a PostgreSQL type
  if (/^\s*(query|mutation|fragment|type|enum|input|\{)\s.*[{(@]/s.test(text)) return false;
  const classLike = words.filter((word) =>
    /^!?[a-z0-9:[\]/.()_%&>*=#-]*[-:[\d][a-z0-9:[\]/.()_%&>*=#-]*$/.test(word),
  );
  return classLike.length * 3 < words.length || /[.?!]$/.test(text.trim());
}

/** @param {ts.Node} node */
function isNamedVisibly(node) {
  const { parent } = node;
  if (ts.isJsxAttribute(parent)) return visibleNames.test(parent.name.getText());
  return ts.isPropertyAssignment(parent) && visibleNames.test(parent.name.getText());
}

/**
 * Reports whether strings inside the node are code: CSS classes, SQL, selectors, keys or types. @param {ts.Node} node
 */
function isCode(node) {
  if (ts.isJsxAttribute(node)) return codeNames.test(node.name.getText());
  if (ts.isPropertyAssignment(node)) return codeNames.test(node.name.getText());
  if (ts.isVariableDeclaration(node)) {
    return (
      codeNames.test(node.name.getText()) &&
      node.initializer !== undefined &&
      (isText(node.initializer) || ts.isRegularExpressionLiteral(node.initializer))
    );
  }
  if (ts.isCallExpression(node)) {
    const called = node.expression;
    const name = ts.isPropertyAccessExpression(called) ? called.name.text : called.getText();
    return codeFunctions.test(name);
  }
  return ts.isLiteralTypeNode(node);
}
