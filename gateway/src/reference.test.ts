import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, type GraphQLObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';

import { readPage, tableBelow } from '../test/guide.ts';
import { projectRoot } from '../test/process.ts';
import { createProgram } from './cli/program.ts';
import { parseConfig, variableNames } from './config.ts';
import { expectedCodes } from './control-plane/errors/expected-error.ts';
import { managementDocumentLimits } from './control-plane/graphql/graphql-execution.ts';
import { answerLimits } from './platform/answer-budget.ts';
import { controlPlaneLimits, defaultResourceLimits } from './control-plane/limits.ts';
import { rateLimits } from './control-plane/rate-limits.ts';
import { projectTimeLimits } from './data-plane/connections/project-connections.ts';
import { operationCodes } from './engine/errors.ts';
import { projectDocumentLimits, requestLimits } from './engine/limits.ts';
import { problems } from './engine/sdl/diagnostics.ts';
import { fieldDirectives, typeDirectives } from './engine/sdl/directives.ts';
import { defaultMaxPageSize, limits } from './engine/sdl/limits.ts';
import { scalarNames } from './engine/sdl/scalars.ts';
import { documentCodes } from './graphql/document-error.ts';
import { workPerUnit, workWeights } from './graphql/request-cost.ts';
import { bodyMemory } from './http/body-budget.ts';
import { defaultJsonLimits } from './graphql/json-limits.ts';
import { defaultProjectBodyLimits } from './http/project-api.ts';
import { anonymousBodyBytes, defaultBodyLimits } from './http/read-body.ts';
import { refusalPace } from './http/refusal-pace.ts';
import { requestTurns } from './http/routes.ts';
import { requestCodes } from './platform/errors/request-error.ts';

/** Returns the names in backticks from one column of a table. */
const words = (rows: readonly (readonly string[])[], column = 0): readonly string[] =>
  rows.flatMap((row) =>
    [...(row[column] ?? '').matchAll(/`@?([^`(]+)/g)].map(([, word = '']) => word),
  );

/** Returns the first two columns of a table. */
const pairs = (page: string, heading: string): Readonly<Record<string, string>> =>
  Object.fromEntries(tableBelow(page, heading).map(([name = '', value = '']) => [name, value]));

const number = (value: number): string => value.toLocaleString('en-US');

/** The values of limits, by the names of their rows. */
const valuesByRow = <Name extends string>(
  rows: Readonly<Record<Name, string | null>>,
  values: Readonly<Record<Name, unknown>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries<string | null>(rows).flatMap(([name, row]) =>
      // `rows` has the same names as `values`.
      row === null ? [] : [[row, number(Number(values[name as Name]))]],
    ),
  );

const secondsText = (milliseconds: number): string => `${milliseconds / 1_000} s`;

const sorted = (names: Iterable<string>): readonly string[] => [...new Set(names)].sort();

describe('the reference lists exactly what the code defines:', () => {
  it('scalars', () => {
    const listed = words(tableBelow('reference/schema-language', 'Scalars'));
    expect(sorted(listed)).toEqual(sorted(scalarNames));
  });

  it.each([
    ['types', typeDirectives],
    ['fields', fieldDirectives],
  ])('directives on %s', (place, directives) => {
    const listed = words(tableBelow('reference/schema-language', `Directives on ${place}`));
    expect(sorted(listed)).toEqual(sorted(Object.keys(directives)));
  });

  it('schema limits with their values', () => {
    const listed = tableBelow('reference/schema-language', 'Limits').map(
      ([name = '', value = '']) => [
        /`(\w+)`\)$/.exec(name)?.[1],
        Number(value.replaceAll(',', '')),
      ],
    );
    expect(Object.fromEntries(listed)).toEqual(limits);
  });

  it("limits of a project's API with their values", () => {
    const { depth, members, values } = defaultJsonLimits;
    // Every limit has a row, except those that a client cannot exceed.
    const ofRequests = {
      defaultPageSize: 'rows of a page, by default',
      offset: '`offset`',
      argumentDepth: 'levels of an argument',
      argumentValues: 'values in all arguments of an operation',
      relations: 'relations in filters and sort orders of an operation',
      ruleRelations: 'relations in the access rules for the rows of an operation',
      ruleConditions: 'conditions in these rules',
      listLength: 'values of a list such as `in`',
      jsonDepth: 'levels of a JSON value',
      namedRows: 'rows in the input of all mutations of a request',
      publicRows: 'rows in the input and `atMost`, for callers that are signed out',
      atMost: '`atMost`',
      atMostCounted: '`atMost` if only `count` is selected',
      planKeyLength: null,
    } as const satisfies Readonly<Record<keyof typeof requestLimits, string | null>>;
    const ofDocuments = {
      characters: 'characters of a document',
      tokens: 'tokens of a document',
      brackets: 'levels of brackets in a document',
      samePairs: 'pairs of fields of one name in one object',
      depth: 'levels of fields',
      fields: 'fields, after fragments are expanded',
      introspectionFields: 'fields of introspection',
      cost: 'cost: fields multiplied by page sizes',
      // `maxPageSize` and `defaultPageSize` have rows of their own.
      pageSize: null,
      defaultPageSize: null,
      isCount: null,
      extraCost: null,
    } as const satisfies Readonly<Record<keyof typeof projectDocumentLimits, string | null>>;
    expect(pairs('reference/generated-api', 'Limits')).toEqual({
      ...valuesByRow(ofRequests, requestLimits),
      ...valuesByRow(ofDocuments, projectDocumentLimits),
      'rows of a page, at most': `\`maxPageSize\` of the model, ${defaultMaxPageSize} unless set`,
      'characters of a number in a JSON value': number(limits.jsonNumberLength),
      'bytes of a body': `${number(defaultProjectBodyLimits.bytes)}; ${number(defaultBodyLimits.bytes)} from publishable keys, or if the caller cannot write`,
      'levels of JSON in a body': number(depth),
      'members of an object in a body': number(members),
      'values in a body': number(values),
      'bytes of a response': number(answerLimits.perAnswer),
      'run time of a statement': secondsText(projectTimeLimits.statementMs),
      'time to wait for a connection': secondsText(projectTimeLimits.waitMs),
    });
  });

  it("the codes of a project's limits", () => {
    const codes = words(tableBelow('reference/generated-api', 'Limits'), 2);
    const known = Object.keys({ ...operationCodes, ...documentCodes, ...requestCodes });
    expect(known).toEqual(expect.arrayContaining([...codes]));
    // Only the default size of a page cannot be exceeded.
    expect(codes).toHaveLength(tableBelow('reference/generated-api', 'Limits').length - 1);
  });

  it('limits of bodies with their values', () => {
    expect(pairs('reference/http', 'Requests')).toMatchObject({
      'bytes of a body: management API': `${number(defaultBodyLimits.bytes)}; ${number(anonymousBodyBytes)} without a credential`,
      "bytes of a body: project's API": `${number(defaultProjectBodyLimits.bytes)}; ${number(defaultBodyLimits.bytes)} from publishable keys, or if the caller cannot write`,
    });
  });

  it('limits of the management API with their values', () => {
    const { pageSize, defaultPageSize, ...document } = managementDocumentLimits;
    const days = controlPlaneLimits.maxKeyOverlapSeconds / (24 * 60 * 60);
    expect(pairs('reference/http', 'Limits of the management API')).toEqual({
      'characters of a document': number(document.characters),
      'tokens of a document': number(document.tokens),
      'levels of brackets in a document': number(document.brackets),
      'pairs of fields of one name in one object': number(document.samePairs),
      'levels of fields': number(document.depth),
      'fields, after fragments are expanded': number(document.fields),
      'fields of introspection': number(document.introspectionFields),
      'cost: fields multiplied by page sizes': number(document.cost),
      'entries of a page': `${pageSize}; ${defaultPageSize} by default`,
      'organizations of a user': `${defaultResourceLimits.organizationsPerUser}; \`USER_MAX_ORGANIZATIONS\``,
      'projects of an organization': `${defaultResourceLimits.projectsPerOrganization}; \`ORGANIZATION_MAX_PROJECTS\``,
      'open invitations of an organization': `${defaultResourceLimits.openInvitationsPerOrganization}; \`ORGANIZATION_MAX_INVITATIONS\``,
      'active keys of a project': `${defaultResourceLimits.activeKeysPerProject}; \`PROJECT_MAX_KEYS\``,
      'scopes of a key': number(controlPlaneLimits.maxScopesPerKey),
      'sessions of a user': number(controlPlaneLimits.maxSessionsPerUser),
      'rate limit of a key, per minute': `1 to ${number(controlPlaneLimits.maxKeyRateLimit)}`,
      'overlap of a rotation': `${days} days`,
      'days for which usage is kept': number(controlPlaneLimits.maxUsageDays),
    });
  });

  it('rate limits with their values', () => {
    const listed = pairs('reference/http', 'Rate limits');
    const max = (rule: keyof typeof rateLimits) => rateLimits[rule].max;
    expect(listed).toMatchObject({
      'requests for a password reset': `${max('requestResetPerNetwork')} per minute for each IP address, ${max('requestResetPerAccount')} per minute for each account`,
      'password resets with a mailed link, per minute': `${max('resetPassword')}, for each IP address`,
      'password changes, per minute': `${max('changePassword')}, for each account`,
      'verification mails, per hour': `${max('resendVerification')}, for each account`,
      'invitations, per hour': `${max('invitePerOrganization')} for each organization, ${max('invitePerUser')} for each user`,
      'migration plans and applied schemas, per minute': `${max('planPerCaller')} for each user or key, ${max('planPerProject')} for each project`,
      'verifications of an address, per minute': `${max('verifyEmail')}, for each IP address`,
      'views of an invitation, per minute': `${max('previewInvitation')}, for each IP address`,
      'refreshes of a session, per minute': `${max('refreshSession')}; ${number(max('refreshPerNetwork'))} for each IP address`,
    });
    // The others are settings.
    const settings = Object.values(listed).flatMap((text) =>
      [...text.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    );
    expect(variableNames).toEqual(expect.arrayContaining(settings));
    expect(settings).toHaveLength(5);
  });

  it('the cost of a request', () => {
    const works = tableBelow('reference/http', 'Cost of a request').map(([, work]) => Number(work));
    const { count, item, changedRow, skippedRow } = workWeights;
    expect(works).toEqual([1, count, item, changedRow, skippedRow]);
    expect(readPage('reference/http')).toContain(
      `for each full ${number(workPerUnit)} of its work`,
    );
  });

  it('the limits on load', () => {
    const text = readPage('reference/http').replaceAll('\n', ' ');
    const { runningPerHolder, waitingPerHolder, maxWaitMs } = requestTurns;
    expect(text).toContain(`runs at most ${runningPerHolder} requests at a time`);
    expect(text).toContain(
      `for up to ${secondsText(maxWaitMs)}, at most ${number(waitingPerHolder)}`,
    );
    const { perSecond, delayMs, maxDelayed } = refusalPace;
    expect(text).toContain(`up to ${perSecond} refusals per second immediately`);
    expect(text).toContain(`sent after ${secondsText(delayMs)} and`);
    expect(text).toContain(`If ${number(maxDelayed)} responses are delayed`);
  });

  it('the memory for bodies', () => {
    const mebibytes = (bytes: number) => `${bytes / 1_048_576} MiB`;
    const text = readPage('reference/http').replaceAll('\n', ' ');
    expect(text).toContain(`at most ${mebibytes(bodyMemory.total)} of request bodies`);
    expect(text).toContain(`can each use ${mebibytes(bodyMemory.perHolder)}.`);
  });

  it('diagnostics', () => {
    const listed = words(tableBelow('reference/schema-language', 'Diagnostics'));
    expect(sorted(listed)).toEqual(sorted(Object.keys(problems)));
  });

  it('error codes with their statuses', () => {
    const statuses = (heading: string) =>
      tableBelow('reference/errors', heading).map(([code = '', status]): [string, number] => [
        code.replaceAll('`', ''),
        Number(status),
      ]);
    const codes = Object.entries({ ...operationCodes, ...documentCodes, ...requestCodes });
    const listed = [...statuses('Codes of both APIs'), ...statuses("Codes of a project's API")];
    expect(Object.fromEntries(listed)).toEqual({
      ...Object.fromEntries(codes.map(([code, { status }]) => [code, status])),
      INTERNAL_SERVER_ERROR: 500,
    });
    const expected = words(tableBelow('reference/errors', 'Codes of the management API'));
    expect(sorted(expected)).toEqual(sorted(Object.keys(expectedCodes)));
  });

  it('queries and mutations of the management API', () => {
    const schema = buildSchema(readFileSync(join(projectRoot, 'gateway/schema.graphql'), 'utf8'));
    const fields = (type: GraphQLObjectType | null | undefined) =>
      sorted(Object.keys(type?.getFields() ?? {}));
    // The mutations are in several tables, one below each subheading.
    const listed = (heading: string) =>
      sorted(words(tableBelow('reference/management-api', heading)));
    expect(listed('Queries')).toEqual(fields(schema.getQueryType()));
    expect(listed('Mutations')).toEqual(fields(schema.getMutationType()));
  });

  it('variables', () => {
    const page = readPage('reference/configuration');
    const listed = [...page.matchAll(/^\| `(\w+)`/gm)].map(([, name = '']) => name);
    expect(sorted(listed)).toEqual(sorted(variableNames));
  });

  it('the defaults of variables', () => {
    const { limits: perMinute, database, ...config } = parseConfig({});
    const defaults = {
      NODE_ENV: config.mode,
      HOST: config.host,
      PORT: config.port,
      TRUSTED_PROXY_HOPS: config.trustedProxyHops,
      DATABASE_POOL_SIZE: database.poolSize,
      PROJECT_POOL_SIZE: database.projectPoolSize,
      DATA_DIR: config.dataDirectory,
      BCRYPT_COST: config.bcryptCost,
      SIGN_IN_LIMIT_PER_MINUTE: perMinute.signInPerMinute,
      REGISTER_LIMIT_PER_MINUTE: perMinute.registerPerMinute,
      API_KEY_LIMIT_PER_MINUTE: perMinute.apiKeyPerMinute,
      MEMBER_LIMIT_PER_MINUTE: perMinute.memberPerMinute,
      USER_MAX_ORGANIZATIONS: defaultResourceLimits.organizationsPerUser,
      ORGANIZATION_MAX_PROJECTS: defaultResourceLimits.projectsPerOrganization,
      ORGANIZATION_MAX_INVITATIONS: defaultResourceLimits.openInvitationsPerOrganization,
      PROJECT_MAX_KEYS: defaultResourceLimits.activeKeysPerProject,
      ANONYMOUS_LIMIT_PER_MINUTE: perMinute.anonymousPerMinute,
      MAX_CONNECTIONS: config.maxConnections,
      MAIL_FROM: config.mail.from,
      LOG_LEVEL: config.log.level,
      SHUTDOWN_TIMEOUT_SECONDS: config.shutdownTimeoutMs / 1_000,
    };
    const rows = [
      ...readPage('reference/configuration').matchAll(/^\| `(\w+)`[^|]*\| `([^`]+)`/gm),
    ];
    const listed = Object.fromEntries(rows.map(([, name = '', value = '']) => [name, value]));
    const expected = Object.entries(defaults).map(([name, value]) => [name, String(value)]);
    expect(listed).toMatchObject(Object.fromEntries(expected));
  });

  it('commands and options of the CLI', () => {
    const nothing = () => Promise.resolve();
    const program = createProgram(
      { plan: nothing, apply: nothing, directives: nothing, pull: nothing },
      { writeOut: () => undefined, writeErr: () => undefined },
      '0.0.0',
    );
    const schema = program.commands.find((command) => command.name() === 'schema');
    const commands = schema?.commands ?? [];
    const listedCommands = words(tableBelow('reference/cli', 'Commands'));
    expect(sorted(listedCommands)).toEqual(
      sorted(commands.map((command) => `tessera schema ${command.name()}`)),
    );
    const options = commands.flatMap((command) => command.options.map(({ flags }) => flags));
    expect(sorted(words(tableBelow('reference/cli', 'Options')))).toEqual(sorted(options));
    const listed = pairs('reference/cli', 'Options');
    for (const { flags, defaultValue } of commands.flatMap((command) => command.options)) {
      if (defaultValue !== undefined)
        expect(listed[`\`${flags}\``]).toBe(`\`${String(defaultValue)}\``);
    }
  });
});
