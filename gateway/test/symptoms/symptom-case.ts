import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { expand } from './described-values.ts';

/** A symptom: requests to one project and their expected responses. `gateway/src/http/symptoms/README.md` has the format. */
export interface SymptomCase {
  readonly symptom: string;
  /** The SDL that is applied before the first step. If omitted, the project has no schema. */
  readonly sdl?: string;
  readonly steps: readonly Step[];
}

export type Step = OperationStep | PlanStep | ApplyStep | TogetherStep;

export interface ExpectedError {
  readonly code: string;
  readonly message?: unknown;
  readonly path?: unknown;
  readonly extensions?: unknown;
}

export interface OperationStep {
  readonly query?: string;
  readonly variables?: unknown;
  readonly operationName?: string;
  readonly body?: string;
  readonly method?: string;
  readonly path?: string;
  readonly search?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly status?: number;
  readonly data?: unknown;
  readonly noData?: true;
  readonly errors?: readonly ExpectedError[];
  readonly text?: unknown;
  readonly textIncludes?: readonly string[];
  readonly headersInclude?: Readonly<Record<string, unknown>>;
  readonly save?: Readonly<Record<string, string>>;
}

export interface PlanStep {
  readonly plan: string;
  readonly expect?: unknown;
}

export interface ApplyStep {
  readonly apply: string;
  readonly accept?: readonly string[];
  readonly expect?: unknown;
}

/** Steps that run at the same time. */
export interface TogetherStep {
  readonly together: readonly Step[];
}

const operationMembers = [
  ...['query', 'variables', 'operationName', 'body', 'method', 'path', 'search', 'headers'],
  ...['status', 'data', 'noData', 'errors', 'text', 'textIncludes', 'headersInclude', 'save'],
];

const members = {
  plan: ['plan', 'expect'],
  apply: ['apply', 'accept', 'expect'],
  together: ['together'],
};

/** Reads all cases in a folder. @throws an Error for a member that the format does not have */
export function readCases(directory: string): readonly (readonly [string, SymptomCase])[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .map((file) => [basename(file, '.json'), readCase(join(directory, file))]);
}

function readCase(path: string): SymptomCase {
  const { symptom, sdl, steps, ...rest } = objectOf(JSON.parse(readFileSync(path, 'utf8')), path);
  requireNone(Object.keys(rest), path);
  if (typeof symptom !== 'string' || symptom === '')
    throw new Error(`${path}: "symptom" is missing.`);
  return {
    symptom,
    ...(sdl === undefined ? {} : { sdl: textOf(sdl) }),
    steps: readSteps(steps, path),
  };
}

function readSteps(steps: unknown, path: string): readonly Step[] {
  if (!Array.isArray(steps) || steps.length === 0) throw new Error(`${path}: "steps" is missing.`);
  return steps.map((step: unknown) => readStep(objectOf(step, path), path));
}

function readStep(step: Readonly<Record<string, unknown>>, path: string): Step {
  const kind = (['plan', 'apply', 'together'] as const).find((name) => Object.hasOwn(step, name));
  const known = kind === undefined ? operationMembers : members[kind];
  requireNone(
    Object.keys(step).filter((name) => !known.includes(name)),
    path,
  );
  if (kind === 'together') return { together: readSteps(step['together'], path) };
  const texts = ['query', 'plan', 'apply'].filter((name) => Object.hasOwn(step, name));
  // The members were checked above. A member with a wrong type makes the step fail.
  return {
    ...step,
    ...Object.fromEntries(texts.map((name) => [name, textOf(step[name])])),
  };
}

function requireNone(unknown: readonly string[], path: string): void {
  if (unknown.length > 0) throw new Error(`${path}: unknown member ${unknown.join(', ')}`);
}

function objectOf(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${path}: an object is expected.`);
  // The check above leaves only objects.
  return value as Readonly<Record<string, unknown>>;
}

/** A text, a list of its lines, or a description of it. */
function textOf(value: unknown): string {
  const text = Array.isArray(value) ? value.join('\n') : expand(value, {});
  if (typeof text !== 'string') throw new Error('A text or a list of lines is expected.');
  return text;
}
