import { DocumentError } from '../../graphql/document-error.ts';
import type { GraphqlRequest } from '../../graphql/graphql-request.ts';
import type { Charge } from '../../graphql/request-cost.ts';
import type { Caller } from '../callers/callers.ts';
import { projectErrors } from '../errors.ts';
import type { Operations } from '../operations/operations.ts';
import type { PreparedSubscription } from '../operations/prepared-subscription.ts';
import type { ProjectSnapshot, ProjectSnapshots } from '../projects/project-snapshots.ts';

/** A subscription of one subscriber, compiled for one version of the project's schema. */
export interface CompiledSubscription extends PreparedSubscription {
  readonly project: ProjectSnapshot;
}

export interface CompileCall {
  readonly caller: Caller;
  readonly request: GraphqlRequest;
  readonly project: ProjectSnapshot;
  /** Counts the subscription against the caller's rate limit. */
  readonly charge: Charge;
}

export interface CompileEnvironment {
  readonly operations: Pick<Operations, 'selectSubscription'>;
  readonly snapshots: Pick<ProjectSnapshots, 'refresh'>;
}

/**
 * Compiles a subscription. If its document is not valid, the snapshot might be out of date.
 * @throws the errors of `Operations.selectSubscription`, of `ChargeableSubscription.prepare` and of `charge`
 * @throws RequestError `NOT_FOUND` if the project was deleted
 */
export async function compileSubscription(
  call: CompileCall,
  environment: CompileEnvironment,
): Promise<CompiledSubscription> {
  try {
    return await compile(call, environment);
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    const project = await environment.snapshots.refresh(call.project.ref);
    if (project === null) throw projectErrors.notFound();
    if (project.version === call.project.version) throw error;
    return compile({ ...call, project }, environment);
  }
}

async function compile(
  { caller: { access, subject }, request, project, charge }: CompileCall,
  { operations }: CompileEnvironment,
): Promise<CompiledSubscription> {
  const selected = operations.selectSubscription({ project, access, subject, request });
  if (selected === null) throw projectErrors.notSubscription();
  await charge(selected.units);
  return { ...selected.prepare(), project };
}
