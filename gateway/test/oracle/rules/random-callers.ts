import type { Subject } from '../../../src/engine/rules/subject.ts';
import type { Claim } from '../../../src/engine/sdl/access-model.ts';
import type { JsonValue, Model } from '../../../src/engine/sdl/model.ts';
import { isSampled, samples } from '../samples.ts';
import type { PlainData } from '../store.ts';
import type { Tape } from '../tape.ts';
import { isIdentifying } from './random-schema.ts';
import { asText } from '../values.ts';

/** A signed-out caller, a guest or a user, with and without a row, with all, some or wrong claims. */
export function randomSubject(model: Model, { rows }: PlainData, tape: Tape): Subject {
  const audience = tape.pick(['USER', 'USER', 'USER', 'GUEST', 'PUBLIC'] as const);
  const user = audience === 'PUBLIC' ? null : randomUser(model, rows, tape);
  const claims = audience === 'PUBLIC' ? [] : (model.access?.claims ?? []);
  const emails = (rows[model.access?.userType ?? ''] ?? []).map(({ email }) => email);
  const own = tape.pick([user?.email ?? null, ...emails.map((email) => email ?? null)]);
  return {
    audience,
    user: user?.user ?? null,
    claims: Object.fromEntries(claims.flatMap((claim) => randomClaim(claim, tape))),
    verifiedEmail: audience !== 'PUBLIC' && typeof own === 'string' && !tape.oneIn(4) ? own : null,
  };
}

interface RandomUser {
  readonly user: Subject['user'];
  readonly email: JsonValue;
}

function randomUser({ access, types }: Model, rows: PlainData['rows'], tape: Tape): RandomUser {
  const type = types.find(({ name }) => name === access?.userType);
  const fields = (type?.fields ?? []).filter(
    (field) =>
      field.kind === 'VALUE' &&
      isIdentifying(field.type) &&
      [type?.key, ...(type?.uniques ?? [])].some((key) => key?.fields.join() === field.name),
  );
  const field = fields.length === 0 ? 'id' : tape.pick(fields).name;
  const known = fields.length === 0 ? [] : (rows[type?.name ?? ''] ?? []);
  const row = known.length === 0 || tape.oneIn(8) ? undefined : tape.pick(known);
  const value = row?.[field] ?? null;
  const absent = tape.pick(['00000000-0000-7000-8000-000000000000', 'nobody', '4.0', '']);
  return {
    user: { field, value: value === null ? absent : asText(value) },
    email: row?.['email'] ?? null,
  };
}

/** Values that have the wrong type for each claim, or for most of them. */
const wrong = [null, {}, [[]], 1.25, 'x y', [1.25], ['x y', null], 2 ** 40, ''];

function randomClaim(
  { name, type, list }: Claim,
  tape: Tape,
): readonly (readonly [string, unknown])[] {
  if (tape.oneIn(6)) return [];
  if (tape.oneIn(6)) return [[name, tape.pick(wrong)]];
  const choices = isSampled(type.name) ? samples[type.name] : [];
  const value = () => tape.pick(choices);
  return [[name, list ? tape.list(3, value) : value()]];
}
