import {
  Kind,
  type ConstDirectiveNode,
  type ConstValueNode,
  type DefinitionNode,
  type FieldDefinitionNode,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
} from 'graphql';

import { parseSdl } from './parse-sdl.ts';

/** The access rules of a model as they are written in the SDL. */
export interface WrittenType {
  readonly name: string;
  readonly line: number;
  /** The directive `@user`; null if the model does not have it. */
  readonly user: Span | null;
  /** `@allow` and `@require`, in the order of the SDL. */
  readonly rules: readonly WrittenRule[];
  readonly fields: readonly WrittenField[];
  /** Where another directive can be inserted. */
  readonly end: number;
}

export interface WrittenField {
  readonly name: string;
  readonly line: number;
  /** The name of the type, without brackets and exclamation marks. */
  readonly type: string;
  readonly isKey: boolean;
  /** The directive `@private`; null if the field does not have it. */
  readonly private: Span | null;
  readonly preset: (Span & { readonly draft: PresetDraft }) | null;
  readonly rules: readonly WrittenRule[];
  readonly end: number;
}

export interface WrittenRule extends Span {
  readonly line: number;
  readonly draft: RuleDraft;
}

/** A part of the text, from its first character to the position after its last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export const accessOperations = ['READ', 'CREATE', 'UPDATE', 'DELETE', 'LINK'] as const;
export type AccessOperation = (typeof accessOperations)[number];

export const audiences = ['PUBLIC', 'GUEST', 'USER'] as const;
export type Audience = (typeof audiences)[number];

/** The contents of a rule. Filters are SDL text, and empty if they are not written. */
export interface RuleDraft {
  readonly directive: 'allow' | 'require';
  readonly to: readonly AccessOperation[];
  readonly as: Audience;
  readonly where: string;
  readonly check: string;
  readonly user: string;
  readonly claims: string;
}

export interface PresetDraft {
  /** SDL text: `"$user.id"`, `OPEN`. */
  readonly value: string;
  readonly on: readonly ('CREATE' | 'UPDATE')[];
}

/** Reads the rules of all models. @returns null if the text has a syntax error */
export function readWrittenRules(text: string): readonly WrittenType[] | null {
  const parsing = parseSdl(text);
  if (!parsing.ok) return null;
  const { definitions } = parsing.document;
  return definitions
    .filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION)
    .filter((node) => directive(node, 'claims') === undefined)
    .map((node) => readType(node, [node, ...extensionsOf(node, definitions)], text));
}

type TypeNode = ObjectTypeDefinitionNode | ObjectTypeExtensionNode;
type DirectiveHolder = TypeNode | FieldDefinitionNode;

const extensionsOf = ({ name }: ObjectTypeDefinitionNode, definitions: readonly DefinitionNode[]) =>
  definitions.filter(
    (node): node is ObjectTypeExtensionNode =>
      node.kind === Kind.OBJECT_TYPE_EXTENSION && node.name.value === name.value,
  );

const directive = (node: DirectiveHolder, name: string): ConstDirectiveNode | undefined =>
  node.directives?.find((each) => each.name.value === name);

/** `parse` sets `loc` unless the option `noLocation` is set. */
function spanOf({
  loc,
}: {
  readonly loc?: { readonly start: number; readonly end: number };
}): Span {
  return { start: loc?.start ?? 0, end: loc?.end ?? 0 };
}

function readType(
  node: ObjectTypeDefinitionNode,
  parts: readonly TypeNode[],
  text: string,
): WrittenType {
  const user = parts.flatMap((part) => directive(part, 'user') ?? [])[0];
  return {
    name: node.name.value,
    line: node.name.loc?.startToken.line ?? 1,
    user: user === undefined ? null : spanOf(user),
    rules: parts.flatMap((part) => readRules(part, text)),
    fields: parts.flatMap(({ fields = [] }) => fields.map((field) => readField(field, text))),
    end: spanOf(node.directives?.at(-1) ?? node.name).end,
  };
}

function readField(node: FieldDefinitionNode, text: string): WrittenField {
  const [hidden, preset] = [directive(node, 'private'), directive(node, 'preset')];
  return {
    name: node.name.value,
    line: node.name.loc?.startToken.line ?? 1,
    type: sourceOf(node.type, text).replace(/[[\]!\s]/g, ''),
    isKey: directive(node, 'id') !== undefined,
    private: hidden === undefined ? null : spanOf(hidden),
    preset: preset === undefined ? null : { ...spanOf(preset), draft: readPreset(preset, text) },
    rules: readRules(node, text),
    end: spanOf(node.directives?.at(-1) ?? node.type).end,
  };
}

function readRules({ directives = [] }: DirectiveHolder, text: string): readonly WrittenRule[] {
  return directives.flatMap((node): readonly WrittenRule[] => {
    const name = node.name.value;
    if (name !== 'allow' && name !== 'require') return [];
    const as = namesIn(argument(node, 'as'), audiences)[0] ?? 'USER';
    const draft = {
      directive: name,
      to: namesIn(argument(node, 'to'), accessOperations),
      as,
      where: sourceOf(argument(node, 'where'), text),
      check: sourceOf(argument(node, 'check'), text),
      user: sourceOf(argument(node, 'user'), text),
      claims: sourceOf(argument(node, 'claims'), text),
    } as const;
    return [{ ...spanOf(node), line: node.loc?.startToken.line ?? 1, draft }];
  });
}

function readPreset(node: ConstDirectiveNode, text: string): PresetDraft {
  const on = namesIn(argument(node, 'on'), ['CREATE', 'UPDATE'] as const);
  return {
    value: sourceOf(argument(node, 'value'), text),
    on: argument(node, 'on') === undefined ? ['CREATE'] : on,
  };
}

const argument = (node: ConstDirectiveNode, name: string): ConstValueNode | undefined =>
  node.arguments?.find((each) => each.name.value === name)?.value;

/** The names in a list or a single name, without unknown ones. */
function namesIn<Name extends string>(
  node: ConstValueNode | undefined,
  known: readonly Name[],
): readonly Name[] {
  if (node?.kind === Kind.LIST) return node.values.flatMap((each) => namesIn(each, known));
  return node?.kind === Kind.ENUM ? known.filter((name) => name === node.value) : [];
}

/** A node as it is written; empty if it is missing. */
function sourceOf(
  node: { readonly loc?: { readonly start: number; readonly end: number } } | undefined,
  text: string,
): string {
  if (node === undefined) return '';
  const { start, end } = spanOf(node);
  return text.slice(start, end);
}
