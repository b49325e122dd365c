import { expect } from 'vitest';

import type { GraphqlBody, TestApp } from '../app.ts';
import { makeProject, type TestProject } from '../project-api.ts';
import { schemaAsks, type SchemaResult } from '../schema-asks.ts';
import { expand, type Saved } from './described-values.ts';
import type { ApplyStep, OperationStep, PlanStep, Step, SymptomCase } from './symptom-case.ts';

/** Runs the steps of a case in order, in a new project. */
export async function runCase(app: TestApp, { sdl, steps }: SymptomCase): Promise<void> {
  const project = await makeProject(app, sdl ?? null);
  const saved: Record<string, unknown> = {};
  for (const [index, step] of steps.entries()) {
    await runStep({ app, project, saved, name: `step ${index + 1}` }, step);
  }
}

interface Run {
  readonly app: TestApp;
  readonly project: TestProject;
  readonly saved: Record<string, unknown>;
  /** Begins the messages of failed expectations: `step 2`. */
  readonly name: string;
}

async function runStep(run: Run, step: Step): Promise<void> {
  if ('together' in step) {
    const { name } = run;
    await Promise.all(
      step.together.map((each, index) =>
        runStep({ ...run, name: `${name}, request ${index + 1}` }, each),
      ),
    );
  } else if ('plan' in step) await runPlan(run, step);
  else if ('apply' in step) await runApply(run, step);
  else await runOperation(run, step);
}

async function runPlan(run: Run, { plan, expect: expected }: PlanStep): Promise<void> {
  const asks = await asksOf(run);
  const result = await asks.plan(plan);
  expectResult(run, result, expected ?? { __typename: 'PlanSchemaSuccess' });
}

async function runApply(
  run: Run,
  { apply, accept = [], expect: wanted }: ApplyStep,
): Promise<void> {
  const asks = await asksOf(run);
  const planned = await asks.plan(apply);
  const result =
    planned.plan === undefined ? planned : await asks.apply(apply, planned.plan.hash, [...accept]);
  expectResult(run, result, wanted ?? { __typename: 'ApplySchemaSuccess' });
}

function expectResult({ name, saved }: Run, result: SchemaResult, expected: unknown): void {
  // The format requires an object. `toMatchObject` rejects any other value.
  expect(result, name).toMatchObject(expand(expected, saved) as object);
}

async function asksOf({ app, project }: Run): Promise<ReturnType<typeof schemaAsks>> {
  return schemaAsks(app, project.ref, await app.accessTokenFor(project.tenant.users.OWNER));
}

async function runOperation(run: Run, step: OperationStep): Promise<void> {
  const { name, saved } = run;
  const response = await send(run, step);
  const text = await response.text();
  const place = `${name}: ${text.slice(0, 2_000)}`;
  expect(response.status, place).toBeLessThan(500);
  if (step.status !== undefined) expect(response.status, place).toBe(step.status);
  for (const [header, value] of Object.entries(step.headersInclude ?? {})) {
    expect(response.headers.get(header), `${place}, header ${header}`).toEqual(
      expand(value, saved),
    );
  }
  if (step.text !== undefined) expect(text, place).toEqual(expand(step.text, saved));
  for (const part of step.textIncludes ?? []) {
    expect(text.includes(String(expand(part, saved))), `${place} must include ${part}`).toBe(true);
  }
  if (text === '' || step.text !== undefined) return;
  // Every GraphQL over HTTP response has this shape.
  expectBody(run, step, JSON.parse(text) as GraphqlBody, place);
}

function expectBody({ saved }: Run, step: OperationStep, body: GraphqlBody, place: string): void {
  const errors = (body.errors ?? []).map(({ message, path, extensions }) => ({
    code: extensions?.['code'],
    message,
    ...(path === undefined ? {} : { path }),
    extensions,
  }));
  expect(errors, place).toMatchObject(listOf(expand(step.errors ?? [], saved)));
  if (step.data !== undefined) expect(body.data, place).toEqual(expand(step.data, saved));
  if (step.noData === true) expect(body, place).not.toHaveProperty('data');
  for (const [name, path] of Object.entries(step.save ?? {})) saved[name] = valueAt(body, path);
}

function send({ app, project, saved }: Run, step: OperationStep): Promise<Response> {
  const { method = 'POST', path = '/p/{ref}/graphql', search = {}, body } = step;
  const url = new URL(path.replace('{ref}', project.ref), app.url);
  for (const [name, value] of Object.entries(search)) {
    url.searchParams.set(name, String(expand(value, saved)));
  }
  const headers = new Headers({
    'content-type': 'application/json',
    authorization: `Bearer ${project.key}`,
  });
  for (const [name, value] of Object.entries(step.headers ?? {})) {
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  }
  const takesBody = method !== 'GET' && method !== 'HEAD';
  return fetch(url, {
    method,
    headers,
    ...(takesBody ? { body: body === undefined ? bodyOf(step, saved) : textOf(body, saved) } : {}),
    signal: AbortSignal.timeout(20_000),
  });
}

function bodyOf({ query, operationName, variables }: OperationStep, saved: Saved): string {
  return JSON.stringify({ query, operationName, variables: expand(variables, saved) });
}

const textOf = (value: unknown, saved: Saved): string => String(expand(value, saved));

function listOf(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new Error('"errors" must be a list.');
  return value;
}

/** The value at a path such as `data.issues.nodes.0.id`. @throws an Error if there is none */
function valueAt(body: GraphqlBody, path: string): unknown {
  let value: unknown = body;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !(name in value)) {
      throw new Error(`The response has no ${path}: ${JSON.stringify(body).slice(0, 2_000)}`);
    }
    // The check above leaves only objects and lists, whose members have text names.
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}
