import ts from 'typescript';

/**
 * The modules that a source text names: `{ specifier, kind, line }`. `kind` is 'import' (also export-from, import(),
 * require() and types) or 'resolve' (only the place of a module is asked for: import.meta.resolve, require.resolve).
 */
export function scanImports(path, text) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false);
  const found = [];
  const add = (literal, kind) => {
    if (literal === undefined || !ts.isStringLiteralLike(literal)) return;
    const line = source.getLineAndCharacterOfPosition(literal.getStart(source)).line + 1;
    found.push({ specifier: literal.text, kind, line });
  };
  const visit = (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) add(node.moduleSpecifier, 'import');
    else if (ts.isExternalModuleReference(node)) add(node.expression, 'import');
    else if (ts.isImportTypeNode(node)) add(node.argument.literal, 'import');
    else if (ts.isCallExpression(node)) add(node.arguments[0], callKind(node.expression));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found.filter((one) => one.kind !== undefined);
}

function callKind(callee) {
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return 'import';
  if (ts.isIdentifier(callee)) return callee.text === 'require' ? 'import' : undefined;
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'resolve') return undefined;
  const owner = callee.expression;
  const isImportMeta = ts.isMetaProperty(owner);
  return isImportMeta || (ts.isIdentifier(owner) && owner.text === 'require') ? 'resolve' : undefined;
}
