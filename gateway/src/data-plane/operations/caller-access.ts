import {
  anyProfile,
  describedAccess,
  profileOf,
  subjectVariables,
  type ApiAccess,
  type Subject,
  type Variables,
} from '../../engine/runtime.ts';
import type { Model } from '../../engine/schema.ts';

/** What a caller can use, before the access rules of the project's model are applied. */
export interface CallerAccess {
  /** What the scopes or the role permit. */
  readonly access: ApiAccess;
  /** The caller to whom the model's access rules apply. Null if none apply. */
  readonly subject: Subject | null;
}

/** What a caller can use in one model. */
export interface AppliedAccess {
  readonly access: ApiAccess;
  /** The caller's values for the parameters of rules. Statements read them like the variables of a request. */
  readonly values: Variables;
}

interface KnownAccess extends AppliedAccess {
  readonly model: Model;
  readonly scopes: ApiAccess;
}

/** The latest result for each subject. Requests with the same token share a subject. */
const latest = new WeakMap<Subject, KnownAccess>();

/** Applies the access rules of a model. They always apply to a caller with a subject, also if the model has none. */
export function applyRules(
  model: () => Model,
  { access: scopes, subject }: CallerAccess,
): AppliedAccess {
  if (subject === null) return { access: scopes, values: noValues };
  const of = model();
  const known = latest.get(subject);
  if (known !== undefined && known.model === of && known.scopes === scopes) return known;
  const access = { ...scopes, rules: profileOf(of, subject) };
  const fresh = { model: of, scopes, access, values: subjectVariables(of, subject) };
  latest.set(subject, fresh);
  return fresh;
}

const noValues: Variables = {};

/** Adds the caller's values to the coerced variables of a request. GraphQL variables cannot have their names. */
export function withValues(variables: Variables, values: Variables): Variables {
  return values === noValues ? variables : { ...variables, ...values };
}

/**
 * The access whose API contains everything that some caller with access rules can use. An app's code generator
 * describes this API, because each caller's API is a part of it.
 */
export function appAccess(access: ApiAccess): ApiAccess {
  return { ...describedAccess({ ...access, rules: null }), rules: anyProfile };
}
