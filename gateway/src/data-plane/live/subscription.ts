import { operationErrors, type ChangesPlan, type LiveQueryPlan } from '../../engine/runtime.ts';
import type { GraphqlRequest } from '../../graphql/graphql-request.ts';
import { assertNever } from '../../platform/assert-never.ts';
import { decodeCursor, type LogPosition } from '../changes/cursor.ts';
import type { Caller } from '../callers/callers.ts';
import { projectErrors } from '../errors.ts';
import { ChangeStream } from './change-stream.ts';
import type { CompiledSubscription } from './compile.ts';
import { LiveQuery } from './live-query.ts';
import type { LiveResult } from './live-results.ts';
import type { Outlet } from './outlet.ts';
import type { ProjectLive } from './project-live.ts';

type Compiled<Plan> = CompiledSubscription & { readonly plan: Plan };

/** What a client subscribed to. It is compiled again when the schema or the caller changes. */
export class Subscription {
  caller: Caller;
  /** The version of the schema for which it was compiled. Null before it has started. */
  version: number | null = null;
  readonly request: GraphqlRequest;
  readonly #isPatching: boolean;
  #source: LiveQuery | ChangeStream | null = null;
  #isHeld = false;

  constructor(caller: Caller, request: GraphqlRequest, options: { readonly isPatching: boolean }) {
    this.caller = caller;
    this.request = request;
    this.#isPatching = options.isPatching;
  }

  get kind(): 'LIVE_QUERY' | 'CHANGES' {
    return this.#source instanceof ChangeStream ? 'CHANGES' : 'LIVE_QUERY';
  }

  /**
   * Starts with a plan, or continues with another one.
   * @throws OperationError if the cursor in `after` is not valid
   */
  async start(live: ProjectLive, { plan, ...rest }: CompiledSubscription): Promise<void> {
    switch (plan.kind) {
      case 'LIVE_QUERY':
        this.#startQuery(live, { ...rest, plan });
        break;
      case 'CHANGES':
        await this.#startStream(live, { ...rest, plan });
        break;
      default:
        assertNever(plan);
    }
    this.version = rest.project.version;
  }

  /** Delivers nothing until `release`, except for the end. */
  hold(): void {
    this.#isHeld = true;
    this.#source?.hold();
  }

  release(): void {
    this.#isHeld = false;
    this.#source?.release();
  }

  next(outlet?: Outlet): Promise<LiveResult | null> {
    return this.#source?.next(outlet) ?? Promise.resolve(null);
  }

  end(error?: unknown): void {
    this.#source?.end(error);
  }

  #startQuery(live: ProjectLive, compiled: Compiled<LiveQueryPlan>): void {
    const source = (this.#source ??= this.#begin(new LiveQuery(this.#isPatching)));
    if (!(source instanceof LiveQuery)) throw projectErrors.schemaChanged();
    source.follow(live.row(compiled));
  }

  async #startStream(live: ProjectLive, compiled: Compiled<ChangesPlan>): Promise<void> {
    const { plan, values, variables } = compiled;
    const request = { values, operations: plan.operations(variables) };
    if (this.#source === null) {
      const position = await startOf(live, plan.after(variables));
      this.#source = this.#begin(new ChangeStream(request, position, live.eventMemory));
    }
    const source = this.#source;
    if (!(source instanceof ChangeStream)) throw projectErrors.schemaChanged();
    source.follow(live.cohort(compiled), request);
  }

  #begin<Source extends LiveQuery | ChangeStream>(source: Source): Source {
    if (this.#isHeld) source.hold();
    return source;
  }
}

/** A stream without a cursor starts at the end of the log. */
function startOf(live: ProjectLive, after: string | null): LogPosition | Promise<LogPosition> {
  if (after === null) return live.end();
  const position = decodeCursor(after);
  if (position === null) throw operationErrors.badCursor(['after']);
  return position;
}
