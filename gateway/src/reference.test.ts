import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, type GraphQLObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';

import { readPage, tableBelow } from '../test/guide.ts';
import { projectRoot } from '../test/process.ts';
import { createProgram } from './cli/program.ts';
import { variableNames } from './config.ts';
import { expectedCodes } from './control-plane/errors/expected-error.ts';
import { operationCodes } from './engine/errors.ts';
import { problems } from './engine/sdl/diagnostics.ts';
import { fieldDirectives, typeDirectives } from './engine/sdl/directives.ts';
import { limits } from './engine/sdl/limits.ts';
import { scalarNames } from './engine/sdl/scalars.ts';
import { documentCodes } from './graphql/document-error.ts';
import { requestCodes } from './platform/errors/request-error.ts';

/** Returns the names in backticks from one column of a table. */
const words = (rows: readonly (readonly string[])[], column = 0): readonly string[] =>
  rows.flatMap((row) =>
    [...(row[column] ?? '').matchAll(/`@?([^`(]+)/g)].map(([, word = '']) => word),
  );

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

  it('commands and options of the CLI', () => {
    const nothing = () => Promise.resolve();
    const program = createProgram(
      { plan: nothing, apply: nothing, pull: nothing },
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
  });
});
