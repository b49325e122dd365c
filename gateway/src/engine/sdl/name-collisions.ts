import type { ASTNode, NameNode } from 'graphql';
import {
  generatedEnumTypeNames,
  generatedTypeNames,
  mutationFieldNames,
  queryFieldNames,
  rootTypeNames,
  uniqueInputName,
} from './api-names.ts';
import type { DiagnosticBag } from './diagnostic-bag.ts';
import type { DirectiveUse } from './directives.ts';
import type { Outline, TypeDraft } from './outline.ts';
import type { ApiNames, Field } from './model.ts';
import { foldedNames } from './names.ts';

/** A name in the generated API, with the SDL definition from which it is generated. */
interface Claim {
  readonly name: string;
  readonly what: string;
  /** The type or enum from which the name is generated. */
  readonly owner: string;
  readonly at: ASTNode;
  /** Whether the name is generated from one of the owner's keys. */
  readonly ofKey: boolean;
}

/** Reports names that two types or fields of the API would share. */
export function refuseNameCollisions(
  { types, enums }: Outline,
  namesOf: ReadonlyMap<string, ApiNames>,
  fieldsOf: ReadonlyMap<string, readonly Field[]>,
  bag: DiagnosticBag,
): void {
  const named = types.flatMap((type) => {
    const names = namesOf.get(type.name);
    return names === undefined ? [] : [{ type, names, at: type.node.name }];
  });
  for (const { type, names, at } of named) {
    if (names.one === names.many) {
      bag.report(at, 'PLURAL_EQUALS_SINGULAR', type.name, names.one);
    }
  }
  const distinct = named.filter(({ names }) => names.one !== names.many);
  const all = [...fieldsOf.values()].flat();
  const values = all.filter((field) => field.kind === 'VALUE');
  const relations = all.filter((field) => field.kind !== 'VALUE');
  const enumClaims = [...enums.values()].flatMap(({ name, node }) => {
    const uses = values.filter(({ type }) => type.kind === 'ENUM' && type.name === name);
    return claims(generatedEnumTypeNames(name, uses), 'a generated type', name, node.name);
  });
  const typeClaims = named.flatMap(({ type: { name }, at }) => {
    const shape = {
      fields: fieldsOf.get(name) ?? [],
      incoming: relations.filter(({ target }) => target === name),
    };
    return claims(generatedTypeNames(name, shape), 'a generated type', name, at);
  });
  const queryClaims = [
    ...claimsOfUser(types, 'me', 'the query'),
    ...distinct.flatMap(({ type, names, at }) =>
      claims(queryFieldNames(names), 'a query', type.name, at),
    ),
  ];
  const mutationClaims = [
    ...claimsOfUser(types, 'createMe', 'the mutation'),
    ...distinct.flatMap(({ type, names, at }) =>
      claims(mutationFieldNames(type.name, names), 'a mutation', type.name, at),
    ),
  ];
  const keyClaims = types.flatMap(claimsOfKeys);
  const definitions = [...types, ...enums.values()];
  const rootClaims = Object.values(
    rootTypeNames({ has: (name) => definitions.some((each) => each.name === name) }),
  ).flatMap((root) => {
    // A type or enum with this name is reported at its own place.
    const found = definitions.find(({ name }) => name === root);
    return found === undefined
      ? []
      : claims([root], 'the root type', root.replace('Root', ''), found.node.name);
  });
  const typeNames = [...typeClaims, ...enumClaims, ...keyClaims, ...rootClaims];
  refuseDoubles([typeNames, queryClaims, mutationClaims], bag);
  for (const type of types) refuseKeyCollisions(type, fieldsOf.get(type.name) ?? [], bag);
}

function claims(
  names: readonly string[],
  what: string,
  of: string,
  at: NameNode,
): readonly Claim[] {
  return names.map((name) => ({
    name,
    what: name === of ? of : `${what} for ${of}`,
    owner: of,
    at,
    ofKey: false,
  }));
}

/** The fields of the API for the caller's own row, if there is a `@user` model. */
function claimsOfUser(
  types: readonly TypeDraft[],
  name: string,
  kind: 'the query' | 'the mutation',
): readonly Claim[] {
  const use = types.flatMap(({ directives }) => directives.first('user') ?? [])[0];
  if (use === undefined) return [];
  const what = `${kind} for the caller's own row`;
  return [{ name, what, owner: '@user', at: use.node, ofKey: false }];
}

/** Returns the names of the input types for keys of several fields. Each is named after the fields of its key. */
function claimsOfKeys({ name: owner, directives }: TypeDraft): readonly Claim[] {
  return [...directives.every('unique'), ...directives.every('id')].flatMap((use) => {
    const fields = use.value('fields') ?? [];
    if (fields.length < 2) return [];
    const what = `the key (${fields.join(', ')}) of ${owner}`;
    return [{ name: uniqueInputName(owner, fields), what, owner, at: use.node, ofKey: true }];
  });
}

/** Reports colliding names, but each pair of owners only once, even if several of their names collide. */
function refuseDoubles(namespaces: readonly (readonly Claim[])[], bag: DiagnosticBag): void {
  const told = new Set<string>();
  for (const namespace of namespaces) {
    const taken = new Map<string, Claim>();
    for (const claim of namespace) {
      const other = taken.get(claim.name) ?? claim;
      taken.set(claim.name, other);
      const [a, b] = [claim, other].map(({ ofKey, owner, what: key }) => (ofKey ? key : owner));
      const pair = `${b} ${a}`;
      if (a === b || told.has(pair) || isSameTwice(claim, other)) continue;
      bag.report(claim.at, 'NAME_COLLISION', claim.name, claim.what, other.what);
      told.add(pair);
    }
  }
}

/** Whether the two owners' names already collide. Such collisions were reported as NAMES_DIFFER_IN_CASE. */
function isSameTwice(claim: Claim, other: Claim): boolean {
  if (claim.ofKey || other.ofKey) return false;
  const folded = foldedNames(other.owner);
  return foldedNames(claim.owner).some((name) => folded.includes(name));
}

/**
 * Reports foreign keys whose names collide with a field or another foreign key: `board: Board` also creates the field
 * `boardId`.
 */
function refuseKeyCollisions(type: TypeDraft, fields: readonly Field[], bag: DiagnosticBag): void {
  const taken = new Map(type.fields.map(({ name }) => [name, `the field ${type.name}.${name}`]));
  for (const field of fields) {
    const at = type.fields.find(({ name }) => name === field.name)?.node.name;
    if (field.kind !== 'TO_ONE' || field.key === null || at === undefined) continue;
    for (const { name } of field.key) {
      const what = `the foreign key of ${type.name}.${field.name}`;
      const other = taken.get(name);
      if (other !== undefined) bag.report(at, 'NAME_COLLISION', name, what, other);
      taken.set(name, what);
    }
  }
}

/** Reports invalid renames: a rename from a name to itself, and two renames from the same name. */
export function refuseRenameCollisions({ types, enums }: Outline, bag: DiagnosticBag): void {
  refuseSameOrigin(types, bag);
  for (const { values } of enums.values()) refuseSameOrigin(values, bag);
  for (const type of types) refuseSameOrigin(type.fields, bag);
}

/** A type, a field or an enum value. */
interface Renamed {
  readonly name: string;
  readonly directives: {
    first(name: 'rename'): DirectiveUse<'rename', { readonly from: string }> | undefined;
  };
}

function refuseSameOrigin(drafts: readonly Renamed[], bag: DiagnosticBag): void {
  const taken = new Map<string, string>();
  for (const { name, directives } of drafts) {
    const use = directives.first('rename');
    const from = use?.value('from') ?? null;
    if (use === undefined || from === null) continue;
    const other = taken.get(from);
    if (from === name)
      bag.report(
        use.node,
        'BAD_RENAME',
        `The former name of ${name} must differ from its current name.`,
      );
    else if (other !== undefined) {
      bag.report(use.node, 'BAD_RENAME', `${name} and ${other} are both renamed from ${from}.`);
    }
    taken.set(from, name);
  }
}
