import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, OperationTypeNode, parse, print, visit, type DocumentNode } from 'graphql';
import { buildApi } from '../../src/engine/api/build-api.ts';
import { compileSubscription } from '../../src/engine/live/compile-subscription.ts';
import type { ChangesPlan, LiveQueryPlan, SubscriptionPlan } from '../../src/engine/live/plan.ts';
import { OperationError } from '../../src/engine/errors.ts';
import type { Variables } from '../../src/engine/queries/plan.ts';
import { profileOf, subjectVariables, type Subject } from '../../src/engine/rules/subject.ts';
import type { Model } from '../../src/engine/schema.ts';
import { readRequest, trackerSdl } from './compile-kit.ts';
import { readModel } from './project.ts';
import { withRules } from './with-rules.ts';

// The golden queries as live queries: each root field that can be one is a subscription of its own.

const queries = new URL('../../src/engine/queries/', import.meta.url).pathname;
const textOfFile = (...path: readonly string[]) => readFileSync(join(queries, ...path), 'utf8');
const moreTypes = textOfFile('cases/more-types.graphql');

/** A schema with rows, and the golden queries about them. */
export interface GoldenProject {
  readonly what: string;
  readonly ref: string;
  readonly sdl: string;
  readonly data: string;
  readonly folders: readonly string[];
}

export const goldenProjects: readonly GoldenProject[] = [
  {
    what: 'queries',
    ref: 'livelivelivelil1',
    sdl: trackerSdl + moreTypes,
    data: textOfFile('cases/data.sql'),
    folders: ['cases'],
  },
  {
    what: 'queries of rows with keys of every kind',
    ref: 'livelivelivelil2',
    sdl: readFileSync(new URL('../examples/keys.graphql', import.meta.url), 'utf8'),
    data: textOfFile('../mutations/key-cases/data.sql'),
    folders: ['key-cases', 'rule-cases/keys'],
  },
  {
    what: 'queries of callers with access rules',
    ref: 'livelivelivelil3',
    sdl: trackerSdl + moreTypes + textOfFile('rule-cases/callers.graphql'),
    data: textOfFile('cases/data.sql'),
    folders: ['fields', 'kinds', 'missing', 'places'].map((name) => `rule-cases/${name}`),
  },
];

export interface GoldenSubscription<Plan = LiveQueryPlan> {
  readonly name: string;
  readonly plan: Plan;
  /** With the values of the caller. */
  readonly variables: Variables;
  /** The values of another caller with the same plan. */
  readonly others: Variables;
}

const signedOut: Subject = { audience: 'PUBLIC', user: null, claims: {}, verifiedEmail: null };

/** `@live` on every model. */
function allLive(sdl: string): string {
  const document = visit(parse(sdl), {
    ObjectTypeDefinition: (node) =>
      node.directives?.some(({ name }) => name.value === 'model')
        ? {
            ...node,
            directives: [
              ...node.directives,
              { kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: 'live' } },
            ],
          }
        : undefined,
  });
  return print(document);
}

export function subscriptionsOf(project: GoldenProject): readonly GoldenSubscription[] {
  return subscriptionsIn(project, subscriptionDocuments).flatMap(({ plan, ...each }) =>
    plan.kind === 'LIVE_QUERY' ? [{ ...each, plan }] : [],
  );
}

/** Subscriptions to the changes of the rows that match the filters of the golden queries. */
export function changesOf(project: GoldenProject): readonly GoldenSubscription<ChangesPlan>[] {
  return subscriptionsIn(project, changesDocuments).flatMap(({ plan, ...each }) =>
    plan.kind === 'CHANGES' ? [{ ...each, plan }] : [],
  );
}

type Documents = (document: DocumentNode, model: Model) => readonly DocumentNode[];

function subscriptionsIn(
  { sdl, folders }: GoldenProject,
  documents: Documents,
): readonly GoldenSubscription<SubscriptionPlan>[] {
  return folders.flatMap((folder) =>
    readdirSync(join(queries, folder), { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.md'))
      .sort()
      .flatMap((name) => subscriptionsOfFile(`${folder}/${name}`, sdl, documents)),
  );
}

function subscriptionsOfFile(
  name: string,
  base: string,
  documents: Documents,
): readonly GoldenSubscription<SubscriptionPlan>[] {
  const text = textOfFile(name);
  const block = (language: string) =>
    new RegExp(`^\`\`\`${language}\n([^]*?)\n\`\`\`$`, 'm').exec(text)?.[1];
  const rules = block('graphql rules');
  const model = readModel(allLive(rules === undefined ? base : withRules(base, rules)));
  const subject: Subject | null =
    rules === undefined
      ? null
      : { ...signedOut, ...(JSON.parse(block('json caller') ?? '{}') as Partial<Subject>) };
  const profile = subject === null ? null : profileOf(model, subject);
  const api = buildApi(model, { read: 'ALL', write: 'ALL', introspect: true, rules: profile });
  const values = subject === null ? {} : subjectVariables(model, subject);
  const other = Object.fromEntries(Object.keys(values).map((key) => [key, null]));
  const given = JSON.parse(block('json variables') ?? '{}') as Variables;
  const found = documents(parse(block('graphql') ?? ''), model);
  return found.flatMap((document, index) => {
    const prepared = attempt(() => readRequest(api, print(document), given));
    if (prepared === null) return [];
    const variables = { ...prepared.variables, ...values };
    try {
      const plan = compileSubscription({ api, document, operationName: null, variables });
      const of = plan.kind === 'CHANGES' ? plan : plan.statement;
      // Some arguments are checked when they are bound.
      of.parameters.forEach((parameter) => parameter(variables));
      const others = { ...prepared.variables, ...other };
      return [{ name: `${name} ${index}`, plan, variables, others }];
    } catch (error) {
      if (error instanceof OperationError) return [];
      throw error;
    }
  });
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    // The root fields of some cases are not valid on their own, such as those in fragments of Query.
    return null;
  }
}

/** The root fields of the first operation that can be in a subscription: without @skip and @include. */
function rootsOf({ definitions }: DocumentNode) {
  const operation = definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION);
  const fields = (operation?.selectionSet.selections ?? []).flatMap((selection) =>
    selection.kind === Kind.FIELD && (selection.directives ?? []).length === 0 ? [selection] : [],
  );
  return { operation, fields };
}

const subscriptionDocuments: Documents = (document) => {
  const { operation, fields } = rootsOf(document);
  return fields.map((field) => ({
    ...document,
    definitions: document.definitions
      .filter((each) => each.kind !== Kind.OPERATION_DEFINITION || each === operation)
      .map((definition): typeof definition => {
        if (definition.kind !== Kind.OPERATION_DEFINITION) return definition;
        const selectionSet = { kind: Kind.SELECTION_SET, selections: [field] } as const;
        return { ...definition, operation: OperationTypeNode.SUBSCRIPTION, selectionSet };
      }),
  }));
};

const changesDocuments: Documents = (document, { types }) => {
  const { operation, fields } = rootsOf(document);
  return fields.flatMap((field) => {
    const type = types.find(({ names }) => names.many === field.name.value);
    const where = field.arguments?.find(({ name }) => name.value === 'where');
    if (type === undefined) return [];
    const used = new Set<string>();
    if (where !== undefined) visit(where, { Variable: ({ name }) => void used.add(name.value) });
    const variables = (operation?.variableDefinitions ?? [])
      .filter(({ variable }) => used.has(variable.name.value))
      .map(print);
    const list = variables.length === 0 ? '' : `(${variables.join(', ')})`;
    const filter = where === undefined ? '' : `(${print(where)})`;
    const changes = `${type.names.one}Changes${filter} { operation changed node { __typename } }`;
    return [parse(`subscription ${list} { ${changes} }`)];
  });
};
