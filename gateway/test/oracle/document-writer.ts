import {
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLInputType,
} from 'graphql';
import { ExactNumber, jsonText } from '../../src/graphql/exact-number.ts';
import type { JsonValue } from '../../src/engine/sdl/model.ts';
import { isSampled, samples } from './samples.ts';
import type { Tape } from './tape.ts';
import { asText } from './values.ts';

/** Writes one operation's document, including its variable declarations and fragments. */
export class DocumentWriter {
  readonly #tape: Tape;
  readonly #declarations: string[] = [];
  readonly #fragments: string[] = [];
  /** The arguments that are used for each response key, so that fields with the same key have the same arguments. */
  readonly #argumentsOf = new Map<string, string>();
  readonly variables: Record<string, JsonValue> = {};
  /** Variables that have the same structure but different values, so that the same plan might be used. */
  readonly otherVariables: Record<string, JsonValue> = {};
  #count = 0;

  constructor(tape: Tape) {
    this.#tape = tape;
  }

  /**
   * Returns an alias such as `x3: ` if the field's name is already used with other arguments, and sometimes at random.
   */
  alias(name: string, args: string): string {
    const key = this.#tape.oneIn(6) ? this.#next('x') : name;
    const known = this.#argumentsOf.get(key);
    const free = known === undefined || known === args ? key : this.#next('x');
    this.#argumentsOf.set(free, args);
    return free === name ? '' : `${free}: `;
  }

  /** Returns an unused alias: `x3: ` */
  ownAlias(): string {
    return `${this.#next('x')}: `;
  }

  /** Declares a variable. Either the request contains its value, or it has only a default. */
  variable(type: string, value: JsonValue, literal: string): string {
    const name = this.#next('v');
    const isDefault = !type.endsWith('!') && this.#tape.oneIn(4);
    this.#declarations.push(`$${name}: ${type}${isDefault ? ` = ${literal}` : ''}`);
    if (!isDefault) this.variables[name] = value;
    return `$${name}`;
  }

  absentVariable(type: string): string {
    const name = this.#next('v');
    this.#declarations.push(`$${name}: ${type}`);
    return `$${name}`;
  }

  /** Returns `... on Issue { … }`, or the spread of a new fragment with this content. */
  fragment(type: string, selection: string): string {
    if (this.#tape.oneIn(2)) return `... on ${type} ${selection}`;
    const name = this.#next('F');
    this.#fragments.push(`fragment ${name} on ${type} ${selection}`);
    return `...${name}`;
  }

  /** Returns @include or @skip at random, with a variable or a literal. */
  directive(): string {
    if (!this.#tape.oneIn(12)) return '';
    const value = this.#tape.oneIn(2);
    const text = this.#tape.oneIn(2) ? this.variable('Boolean!', value, '') : String(value);
    return ` @${this.#tape.pick(['include', 'skip'])}(if: ${text})`;
  }

  /** Writes a value as a literal in which some parts are variables. */
  value(type: GraphQLInputType, value: JsonValue, inOneOf = false): string {
    if (!isNonNullType(type) && !inOneOf && this.#tape.oneIn(150)) {
      return this.absentVariable(String(type));
    }
    if (this.#tape.oneIn(4)) {
      const declared = inOneOf && !isNonNullType(type) ? `${String(type)}!` : String(type);
      const text = this.variable(declared, value, literal(type, value));
      const name = text.slice(1);
      if (Object.hasOwn(this.variables, name)) this.otherVariables[name] = this.#vary(type, value);
      return text;
    }
    return literal(type, value, (part, of, oneOf) => this.value(of, part, oneOf));
  }

  document(operation: 'query' | 'mutation', selection: string): string {
    const declared = this.#declarations.length > 0 ? `(${this.#declarations.join(', ')})` : '';
    return [`${operation} Q${declared} ${selection}`, ...this.#fragments].join('\n');
  }

  #vary(type: GraphQLInputType, value: JsonValue): JsonValue {
    if (isNonNullType(type)) return this.#vary(type.ofType, value);
    if (value === null) return null;
    if (isListType(type)) {
      // As in `literal`, values of list types are always arrays.
      return (value as readonly JsonValue[]).map((item) => this.#vary(type.ofType, item));
    }
    if (isInputObjectType(type)) {
      const fields = type.getFields();
      const entries = Object.entries(value).map(([name, part]: [string, JsonValue]) => {
        const field = fields[name];
        return [name, field === undefined ? part : this.#vary(field.type, part)] as const;
      });
      return Object.fromEntries(entries);
    }
    if (isEnumType(type)) return this.#tape.pick(type.getValues()).name;
    return this.#tape.pick([value, ...(isSampled(type.name) ? samples[type.name] : [])]);
  }

  #next(prefix: string): string {
    this.#count += 1;
    return `${prefix}${this.#count}`;
  }
}

type WritePart = (part: JsonValue, type: GraphQLInputType, inOneOf: boolean) => string;

/** Writes a value as a GraphQL literal: `{ title: { eq: "a" } }` */
export function literal(
  type: GraphQLInputType,
  value: JsonValue,
  writePart: WritePart = (part, of) => literal(of, part),
): string {
  if (isNonNullType(type)) return literal(type.ofType, value, writePart);
  if (value === null) return 'null';
  if (isListType(type)) {
    // Generated values of list types are always arrays.
    const items = value as readonly JsonValue[];
    return `[${items.map((item) => writePart(item, type.ofType, false)).join(', ')}]`;
  }
  if (isInputObjectType(type)) {
    const fields = type.getFields();
    const entries = Object.entries(value).map(([name, part]: [string, JsonValue]) => {
      const field = fields[name];
      if (field === undefined) throw new Error(`${type.name} has no field ${name}.`);
      return `${name}: ${writePart(part, field.type, type.isOneOf)}`;
    });
    return `{ ${entries.join(', ')} }`;
  }
  return isEnumType(type) ? asText(value) : plainLiteral(value);
}

function plainLiteral(value: JsonValue): string {
  if (typeof value !== 'object' || value === null || value instanceof ExactNumber) {
    return jsonText(value);
  }
  if (Array.isArray(value)) return `[${value.map(plainLiteral).join(', ')}]`;
  const entries = Object.entries(value) as readonly (readonly [string, JsonValue])[];
  return `{ ${entries.map(([name, part]) => `${name}: ${plainLiteral(part)}`).join(', ')} }`;
}
