import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, parse, print, visit, type DocumentNode } from 'graphql';
import { buildApi } from '../../src/engine/api/build-api.ts';
import { compileSubscription } from '../../src/engine/live/compile-subscription.ts';
import type { LiveQueryPlan } from '../../src/engine/live/plan.ts';
import { OperationError } from '../../src/engine/errors.ts';
import type { Variables } from '../../src/engine/queries/plan.ts';
import { profileOf, subjectVariables, type Subject } from '../../src/engine/rules/subject.ts';
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

export interface GoldenSubscription {
  readonly name: string;
  readonly plan: LiveQueryPlan;
  /** With the values of the caller. */
  readonly variables: Variables;
  /** The values of another caller with the same plan. */
  readonly others: Variables;
}

const signedOut: Subject = { audience: 'PUBLIC', user: null, claims: {}, verifiedEmail: null };

/** `@live` on every model. */
export function allLive(sdl: string): string {
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

export function subscriptionsOf({ sdl, folders }: GoldenProject): readonly GoldenSubscription[] {
  return folders.flatMap((folder) =>
    readdirSync(join(queries, folder), { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.md'))
      .sort()
      .flatMap((name) => subscriptionsIn(`${folder}/${name}`, sdl)),
  );
}

function subscriptionsIn(name: string, base: string): readonly GoldenSubscription[] {
  const text = textOfFile(name);
  const block = (language: string) =>
    new RegExp(`^\`\`\`${language}\n([^]*?)\n\`\`\`$`, 'm').exec(text)?.[1];
  const rules = block('graphql rules');
  const model = readModel(allLive(rules === undefined ? base : withRules(base, rules)));
  const subject: Subject | null =
    rules === undefined
      ? null
      : { ...signedOut, ...(JSON.parse(block('json caller') ?? '{}') as Partial<Subject>) };
  const api = buildApi(model, {
    read: 'ALL',
    write: 'ALL',
    introspect: true,
    rules: subject === null ? null : profileOf(model, subject),
  });
  const values = subject === null ? {} : subjectVariables(model, subject);
  const other = Object.fromEntries(Object.keys(values).map((key) => [key, null]));
  const given = JSON.parse(block('json variables') ?? '{}') as Variables;
  return subscriptionDocuments(parse(block('graphql') ?? '')).flatMap((document, index) => {
    const prepared = attempt(() => readRequest(api, print(document), given));
    if (prepared === null) return [];
    const variables = { ...prepared.variables, ...values };
    try {
      const plan = compileSubscription({ api, document, operationName: null, variables });
      if (plan.kind !== 'LIVE_QUERY') return [];
      // Arguments that are checked when they are bound.
      plan.statement.parameters.forEach((parameter) => parameter(variables));
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

function subscriptionDocuments(document: DocumentNode): readonly DocumentNode[] {
  const [operation] = document.definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  );
  // A subscription has one root field without @skip and @include.
  const selections = (operation?.selectionSet.selections ?? []).filter(
    ({ kind, directives = [] }) => kind === Kind.FIELD && directives.length === 0,
  );
  return selections.map((selection) => ({
    ...document,
    definitions: document.definitions
      .filter(
        (definition) => definition.kind !== Kind.OPERATION_DEFINITION || definition === operation,
      )
      .map((definition) =>
        definition.kind === Kind.OPERATION_DEFINITION
          ? ({
              ...definition,
              operation: 'subscription',
              selectionSet: { kind: Kind.SELECTION_SET, selections: [selection] },
            } as typeof definition)
          : definition,
      ),
  }));
}
