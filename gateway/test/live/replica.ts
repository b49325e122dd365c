import { bindingOf } from '../../src/engine/api/bindings.ts';
import { columnsOfType } from '../../src/engine/api/model-index.ts';
import type { ProjectApi } from '../../src/engine/api/project-api.ts';
import type { LiveResults } from '../../src/data-plane/live/live-results.ts';
import type { Tape } from '../oracle/tape.ts';
import type { LiveProject } from './live-kit.ts';

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

/** Returns the streams of an API whose caller can read everything. */
export function streamsOf({ index, schema }: ProjectApi): readonly StreamFields[] {
  const query = Object.values(schema.getQueryType()?.getFields() ?? {});
  return Object.values(schema.getSubscriptionType()?.getFields() ?? {}).flatMap(
    (field): StreamFields[] => {
      const binding = bindingOf(field);
      if (binding.kind !== 'CHANGES') return [];
      const { type } = binding;
      const many = query.find((each) => String(each.type) === `${type.name}Connection!`);
      if (many === undefined) throw new Error(`There is no list of ${type.name}.`);
      const columns = columnsOfType(type);
      const key = index.keyOf(type).map(({ name }) => name);
      return [
        {
          changes: field.name,
          many: many.name,
          key,
          keySelection: key.length === 1 ? 'id' : `key { ${key.join(' ')} }`,
          node: columns.map(({ name }) => name).join(' '),
          pageSize: type.maxPageSize,
          optional: columns.find(({ required, list }) => !required && !list)?.name ?? null,
        },
      ];
    },
  );
}

/** A copy of the rows of a model, which follows a change stream and reconnects at random. */
export class Replica {
  readonly rows = new Map<string, Node>();
  events = 0;
  reconnects = 0;
  readonly #project: LiveProject;
  readonly #fields: StreamFields;
  readonly #where: string;
  readonly #tape: Tape;
  #after: string;
  #results: LiveResults | null = null;
  #isClosed = false;

  /** @param after the cursor from which on the replica follows; there must be no rows at this time */
  constructor(
    project: LiveProject,
    fields: StreamFields,
    options: { readonly after: string; readonly tape: Tape },
  ) {
    this.#project = project;
    this.#fields = fields;
    this.#after = options.after;
    this.#tape = options.tape;
    const { optional } = fields;
    this.#where =
      optional === null || this.#tape.oneIn(2)
        ? '{}'
        : `{ ${optional}: { isNull: ${this.#tape.oneIn(2)} } }`;
  }

  get description(): string {
    return `${this.#fields.changes} where ${this.#where}`;
  }

  /** Follows the stream until `close` is called. */
  async run(): Promise<void> {
    while (!this.#isClosed) {
      const { changes, keySelection, node } = this.#fields;
      const text = `subscription { ${changes}(where: ${this.#where}, after: "${this.#after}") { cursor operation ${keySelection} node { ${node} } } }`;
      this.#results = await this.#project.subscribe(text);
      let events = 1 + this.#tape.below(8);
      for (; events > 0; events -= 1) {
        const result = await this.#results.next();
        if (result === null) break;
        if (result.json === null)
          throw new Error(`The stream failed: ${text}`, { cause: result.errors[0] });
        const { data } = JSON.parse(String(result.json)) as { data: Record<string, Event> };
        const event = data[changes];
        if (event !== undefined) await this.#apply(event);
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
    const { many, node, pageSize } = this.#fields;
    const rows = new Map<string, Node>();
    for (let after: string | null = null; ;) {
      const paging: string = after === null ? '' : `, after: "${after}"`;
      const { data, errors } = await this.#project.ask(
        `{ ${many}(where: ${this.#where}, first: ${Math.min(pageSize, 50)}${paging}) { nodes { ${node} } pageInfo { hasNextPage endCursor } } }`,
      );
      if (errors.length > 0) throw new Error('A query failed.', { cause: errors });
      // The selection above.
      const page = (data as Record<string, Page>)[many];
      for (const each of page?.nodes ?? []) rows.set(this.#keyOfRow(each), each);
      after = page?.pageInfo.endCursor ?? null;
      if (page?.pageInfo.hasNextPage !== true) return rows;
    }
  }

  async #apply({ cursor, operation, node, ...event }: Event): Promise<void> {
    this.events += 1;
    switch (operation) {
      case 'CREATED':
      case 'UPDATED':
        if (node === null) throw new Error('An event has no node.');
        this.rows.set(this.#keyOfEvent(event), node);
        break;
      case 'DELETED':
        this.rows.delete(this.#keyOfEvent(event));
        break;
      case 'RESET': {
        const fresh = await this.fresh();
        this.rows.clear();
        for (const [key, row] of fresh) this.rows.set(key, row);
      }
    }
    this.#after = cursor;
  }

  #keyOfEvent({ id, key }: Pick<Event, 'id' | 'key'>): string {
    return JSON.stringify(key === undefined ? [id] : this.#fields.key.map((name) => key?.[name]));
  }

  #keyOfRow(row: Node): string {
    return JSON.stringify(this.#fields.key.map((name) => row[name]));
  }
}

interface Page {
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}
