// What the declarations of the built package say, read with TypeScript's own compiler: by name, not by how they are written.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript-api";
import { pkg } from "./support.mjs";

const { exports } = JSON.parse(readFileSync(pkg("package.json"), "utf8"));
/** The subpaths that have declarations, with the files of both. */
export const entries = Object.entries(exports).flatMap(([subpath, { types, default: file }]) => (types ? [{ subpath, types, file }] : []));

const roots = entries.map(({ types }) => fileURLToPath(pkg(types)));
const program = ts.createProgram(roots, {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
  types: [],
  strict: true,
});
export const checker = program.getTypeChecker();

/** The package's own declaration files. */
export const files = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(fileURLToPath(pkg(""))));

/** What an entry exports, by name: values and types. */
export function declared(types) {
  const module = checker.getSymbolAtLocation(program.getSourceFile(fileURLToPath(pkg(types))));
  return new Map(checker.getExportsOfModule(module).map((symbol) => [symbol.name, original(symbol)]));
}

/** Those that are there when the program runs. */
export const isValue = (symbol) => Boolean(symbol.flags & ts.SymbolFlags.Value);
export const isClass = (symbol) => Boolean(symbol.flags & ts.SymbolFlags.Class);
export const isEnum = (symbol) => Boolean(symbol.flags & ts.SymbolFlags.Enum);

/** The type of a value: of a class, its constructor's. */
export const typeOf = (symbol) => checker.getTypeOfSymbol(symbol);
/** The type that a name stands for: of a class, its instances'. */
export const typeNamed = (symbol) => checker.getDeclaredTypeOfSymbol(symbol);

/** The members of a type, by name, without those of the language's own library. */
export function members(type) {
  return new Map(type.getProperties().filter(isOurs).map((member) => [member.name, member]));
}

/** How many arguments a function must and may get: of an overloaded one, the last. */
export function arity(type) {
  const { parameters } = type.getCallSignatures().at(-1);
  const isOptional = ({ valueDeclaration: declaration }) => Boolean(declaration.questionToken || declaration.dotDotDotToken);
  return { least: parameters.filter((parameter) => !isOptional(parameter)).length, most: parameters.length };
}

export const isFunction = (type) => type.getCallSignatures().length > 0;
export const isOptional = (symbol) => Boolean(symbol.flags & ts.SymbolFlags.Optional);

/** The value of a literal type; `undefined` where the type is not that narrow. */
export const literal = (type) => (type.isLiteral() ? type.value : undefined);

function isOurs({ declarations = [] }) {
  // A name that a type computes is declared nowhere.
  return declarations.length === 0 || declarations.some((declaration) => files.includes(declaration.getSourceFile()));
}

function original(symbol) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** Where a declaration says `any`. */
export function* anys(node) {
  if (node.kind === ts.SyntaxKind.AnyKeyword) yield node.parent.getText();
  const children = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* anys(child);
}

/** Every exported name and every member under it, `Name.member`, with its documentation. */
export function* documented() {
  for (const file of files) {
    for (const statement of file.statements) {
      if (!ts.isExportDeclaration(statement) && ts.getCombinedModifierFlags(statement) & ts.ModifierFlags.Export) yield* below(statement, "");
    }
  }
}

function* below(node, prefix) {
  const isMember = ts.isClassElement(node) || ts.isTypeElement(node) || ts.isEnumMember(node);
  const isName = ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isEnumDeclaration(node);
  const isOther = ts.isFunctionDeclaration(node) || ts.isVariableDeclaration(node) || ts.isModuleDeclaration(node);
  let path = prefix;
  if (isMember || isName || isOther) {
    const name = node.name?.getText() ?? (ts.isConstructorDeclaration(node) ? "constructor" : "[…]");
    path = prefix ? `${prefix}.${name}` : name;
    yield { path, text: documentationOf(node) };
  }
  // What a parameter is made of is told where the function is.
  const children = [];
  ts.forEachChild(node, (child) => void (ts.isParameter(child) || children.push(child)));
  for (const child of children) yield* below(child, path);
}

function documentationOf(node) {
  const symbol = node.name && checker.getSymbolAtLocation(node.name);
  // This knows what is inherited, and that a type and a value of one name share what is told of them.
  if (symbol) return ts.displayPartsToString(symbol.getDocumentationComment(checker)) + tagsOf(symbol);
  return ts.getJSDocCommentsAndTags(node).map((comment) => comment.getText()).join("\n");
}

const tagsOf = (symbol) => symbol.getJsDocTags(checker).map(({ text }) => ts.displayPartsToString(text)).join("\n");
