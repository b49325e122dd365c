import type { Field, ModelType, ToManyField, ToOneField } from '../sdl/model.ts';
import { mayRead, mayWrite } from './access.ts';
import type { ApiContext } from './api-types.ts';
import { isOwningSide } from './model-index.ts';

/** What writing a row of a type may do to the other side of one of its relations. */
interface NestedRights {
  readonly connect: boolean;
  readonly create: boolean;
  /** `disconnect` and `set`: also only where the key may be null. */
  readonly detach: boolean;
}

/** For a caller who may write the type itself. */
export function nestedRights(
  { index, access }: Pick<ApiContext, 'index' | 'access'>,
  type: ModelType,
  field: ToOneField | ToManyField,
): NestedRights {
  const link = index.link(type, field);
  const create = mayWrite(access, link.target.name);
  // Where the other side holds the key, connecting writes it.
  const connect = mayRead(access, link.target.name) && (link.kind !== 'INVERSE_SIDE' || create);
  return { connect, create, detach: connect && (link.kind === 'MANY_TO_MANY' || !link.required) };
}

/** Is there anything of a row that an update could change? Without, its type has no update. */
export function isUpdatable(
  context: Pick<ApiContext, 'index' | 'access'>,
  type: ModelType,
): boolean {
  return type.fields.some((field) => isFieldUpdatable(context, type, field));
}

function isFieldUpdatable(
  context: Pick<ApiContext, 'index' | 'access'>,
  type: ModelType,
  field: Field,
): boolean {
  if (field.kind === 'VALUE') return field.role === 'PLAIN';
  if (isOwningSide(field)) return true;
  const { connect, create } = nestedRights(context, type, field);
  return connect || create;
}
