import { getNamedType, isObjectType, type GraphQLNamedType } from 'graphql';
import { bindingOf } from '../../src/engine/api/bindings.ts';
import { columnsOfType } from '../../src/engine/api/model-index.ts';
import type { ProjectApi } from '../../src/engine/api/project-api.ts';
import type { LiveResults } from '../../src/data-plane/live/live-results.ts';
import { decodeCursor } from '../../src/data-plane/changes/cursor.ts';
import { comparePositions } from '../../src/data-plane/live/recent-commits.ts';
import type { Subject } from '../../src/engine/rules/subject.ts';
import type { ModelType } from '../../src/engine/sdl/model.ts';
import type { Tape } from '../oracle/tape.ts';
import type { LiveProject } from './live-kit.ts';
import { Revisions } from './revisions.ts';

interface Event {
  readonly cursor: string;
  readonly operation: 'CREATED' | 'UPDATED' | 'DELETED' | 'RESET';
  readonly id?: unknown;
  readonly key?: Node | null;
  readonly node: Node | null;
}

type Node = Readonly<Record<string, unknown>>;

/** The fields of one model's stream. */
export interface StreamFields {
  readonly type: ModelType;
  /** `issueChanges` */
  readonly changes: string;
  /** `issues` */
  readonly many: string;
  /** The fields of the key, its selection in an event (`id`), and all scalar fields: `id title`. */
  readonly key: readonly string[];
  readonly keySelection: string;
  readonly node: string;
  readonly pageSize: number;
  /** A field that can be null, for a filter. */
  readonly optional: string | null;
}

/** Returns the streams of an API whose rows have all fields of their key. */
export function streamsOf({ index, schema }: ProjectApi): readonly StreamFields[] {
  const query = Object.values(schema.getQueryType()?.getFields() ?? {});
  return Object.values(schema.getSubscriptionType()?.getFields() ?? {}).flatMap(
    (field): StreamFields[] => {
      const binding = bindingOf(field);
      if (binding.kind !== 'CHANGES') return [];
      const { type } = binding;
      const many = query.find((each) => String(each.type) === `${type.name}Connection!`);
      if (many === undefined) throw new Error(`There is no list of ${type.name}.`);
      const readable = fieldsOf(schema.getType(type.name));
      const columns = columnsOfType(type).filter(({ name }) => readable.has(name));
      const key = index.keyOf(type).map(({ name }) => name);
      const event = fieldsOf(getNamedType(field.type));
      const hasKey = key.every((name) => readable.has(name));
      if (!hasKey || !(event.has('id') || event.has('key'))) return [];
      return [
        {
          type,
          changes: field.name,
          many: many.name,
          key,
          keySelection: event.has('id') ? 'id' : `key { ${key.join(' ')} }`,
          node: columns.map(({ name }) => name).join(' '),
          pageSize: type.maxPageSize,
          optional: columns.find(({ required, list }) => !required && !list)?.name ?? null,
        },
      ];
    },
  );
}

function fieldsOf(type: GraphQLNamedType | null | undefined): ReadonlySet<string> {
  return new Set(isObjectType(type) ? Object.keys(type.getFields()) : []);
}

/** A copy of the rows of a model, which follows a change stream and reconnects at random. */
export class Replica {
  readonly rows = new Map<string, Node>();
  readonly fields: StreamFields;
  readonly subject: Subject | null;
  events = 0;
  reconnects = 0;
  /** Why it does not follow the stream any more. */
  problem: unknown = null;
  readonly #project: LiveProject;
  readonly #revisions = new Revisions();
  readonly #where: string;
  readonly #tape: Tape;
  #after: string;
  #results: LiveResults | null = null;
  #isClosed = false;

  /** @param after the cursor from which on the replica follows; there must be no rows at this time, unless it loads */
  constructor(
    project: LiveProject,
    fields: StreamFields,
    options: { readonly after: string; readonly tape: Tape; readonly subject?: Subject | null },
  ) {
    this.#project = project;
    this.fields = fields;
    this.subject = options.subject ?? null;
    this.#after = options.after;
    this.#tape = options.tape;
    const { optional } = fields;
    this.#where =
      optional === null || this.#tape.oneIn(2)
        ? '{}'
        : `{ ${optional}: { isNull: ${this.#tape.oneIn(2)} } }`;
  }

  get description(): string {
    return `${this.fields.changes} where ${this.#where} of ${JSON.stringify(this.subject)}`;
  }

  /** Reads the rows that exist. The stream begins at an earlier cursor. */
  async load(): Promise<void> {
    for (const [key, row] of await this.fresh()) this.#set(key, row);
  }

  /** Follows the stream until `close` is called. */
  async run(): Promise<void> {
    try {
      await this.#run();
    } catch (error) {
      this.problem = error;
      throw error;
    }
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      const { changes, keySelection, node } = this.fields;
      const text = `subscription { ${changes}(where: ${this.#where}, after: "${this.#after}") { cursor operation ${keySelection} node { ${node} } } }`;
      this.#results = await this.#project.subscribe(text, this.#options());
      let events = 1 + this.#tape.below(8);
      for (; events > 0; events -= 1) {
        const result = await this.#results.next();
        if (result === null) break;
        if (result.json === null)
          throw new Error(`The stream failed: ${text}`, { cause: result.errors[0] });
        const { data } = JSON.parse(String(result.json)) as { data: Record<string, Event> };
        const event = data[changes];
        if (event === undefined) continue;
        if (event.operation === 'RESET') {
          await this.#reset();
          break;
        }
        this.#apply(event);
      }
      this.#results.close();
      this.reconnects += 1;
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#results?.close();
  }

  /** Reads all rows, as the replica should have them. */
  async fresh(): Promise<ReadonlyMap<string, Node>> {
    const { many, node, pageSize } = this.fields;
    const rows = new Map<string, Node>();
    for (let after: string | null = null; ;) {
      const paging: string = after === null ? '' : `, after: "${after}"`;
      const { data, errors } = await this.#project.ask(
        `{ ${many}(where: ${this.#where}, first: ${Math.min(pageSize, 50)}${paging}) { nodes { ${node} } pageInfo { hasNextPage endCursor } } }`,
        this.#options(),
      );
      if (errors.length > 0) throw new Error('A query failed.', { cause: errors });
      // The selection above.
      const page = (data as Record<string, Page>)[many];
      for (const each of page?.nodes ?? []) rows.set(this.#keyOfRow(each), each);
      after = page?.pageInfo.endCursor ?? null;
      if (page?.pageInfo.hasNextPage !== true) return rows;
    }
  }

  #apply({ cursor, operation, node, ...event }: Event): void {
    this.events += 1;
    switch (operation) {
      case 'CREATED':
      case 'UPDATED':
        if (node === null) throw new Error('An event has no node.');
        this.#set(this.#keyOfEvent(event), node);
        break;
      case 'DELETED':
        this.rows.delete(this.#keyOfEvent(event));
        break;
      case 'RESET':
        throw new Error('A reset has no row.');
    }
    this.#moveTo(cursor);
  }

  /**
   * Reads all rows, and continues after a cursor from before. Events that have already been sent can contain earlier
   * versions of rows.
   */
  async #reset(): Promise<void> {
    this.events += 1;
    const { data } = await this.#project.ask('{ changesCursor }');
    const { changesCursor } = data as { readonly changesCursor: string };
    this.rows.clear();
    await this.load();
    this.#moveTo(changesCursor);
  }

  /** Events come in the order of the log, also after the client has reconnected. */
  #moveTo(cursor: string): void {
    const [before, now] = [decodeCursor(this.#after), decodeCursor(cursor)];
    if (before === null || now === null) throw new Error('A cursor is not valid.');
    if (before.epoch !== now.epoch || comparePositions(now, before) < 0) {
      throw new Error(`The stream went back: ${this.description}`);
    }
    this.#after = cursor;
  }

  #set(key: string, row: Node): void {
    this.#revisions.see(key, row['rev0']);
    this.rows.set(key, row);
  }

  #options(): { readonly subject?: Subject } {
    return this.subject === null ? {} : { subject: this.subject };
  }

  #keyOfEvent({ id, key }: Pick<Event, 'id' | 'key'>): string {
    return JSON.stringify(key === undefined ? [id] : this.fields.key.map((name) => key?.[name]));
  }

  #keyOfRow(row: Node): string {
    return JSON.stringify(this.fields.key.map((name) => row[name]));
  }
}

interface Page {
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}
