import { assertNever } from '../../../platform/assert-never.ts';
import { limits } from '../limits.ts';
import { overlap, type CodePoints } from './code-points.ts';
import { PatternError, type PatternNode } from './parse-pattern.ts';

/**
 * Refuses a pattern in which some character could be read in two ways.
 *
 * JavaScript's matcher tries alternatives one after the other; where two of them accept the same
 * character, their number can double with every character of an attacker's text. In a pattern that is
 * deterministic in the strong sense (Brüggemann-Klein and Wood, "One-unambiguous regular languages",
 * 1998) the next character alone decides, so that a match costs time linear in the text. Glushkov's
 * construction tells: every place of a pattern has a set of places that may follow it, which must not
 * overlap, and no place may follow another for two reasons.
 *
 * @throws PatternError
 */
export function refuseAmbiguity(pattern: PatternNode): void {
  const automaton = createAutomaton();
  const whole = automaton.walk(pattern);
  automaton.refuseOverlap(whole.first);
}

/** The places where a match of a part can start and end, and whether it can be empty. */
interface Part {
  readonly nullable: boolean;
  readonly first: readonly number[];
  readonly last: readonly number[];
}

const emptyPart: Part = { nullable: true, first: [], last: [] };

function createAutomaton() {
  const sets: CodePoints[] = [];
  const follows: number[][] = [];

  const refuseOverlap = (places: readonly number[]) => {
    places.forEach((place, index) => {
      for (const other of places.slice(index + 1)) {
        // Places are indexes into `sets`, which only grows.
        if (place === other || overlap(sets[place] ?? [], sets[other] ?? [])) throw ambiguous();
      }
    });
  };

  const connect = (from: readonly number[], to: readonly number[]) => {
    for (const place of from) {
      const following = [...(follows[place] ?? []), ...to];
      refuseOverlap(following);
      follows[place] = following;
    }
  };

  const character = (set: CodePoints): Part => {
    if (sets.length >= limits.patternPositions) throw tooLong();
    const place = sets.push(set) - 1;
    follows.push([]);
    return { nullable: false, first: [place], last: [place] };
  };

  const sequence = (before: Part, after: Part): Part => {
    connect(before.last, after.first);
    return {
      nullable: before.nullable && after.nullable,
      first: before.nullable ? [...before.first, ...after.first] : before.first,
      last: after.nullable ? [...before.last, ...after.last] : after.last,
    };
  };

  const choice = (branches: readonly Part[]): Part => {
    if (branches.filter((branch) => branch.nullable).length > 1) throw ambiguous();
    const first = branches.flatMap((branch) => branch.first);
    refuseOverlap(first);
    return {
      nullable: branches.some((branch) => branch.nullable),
      first,
      last: branches.flatMap((branch) => branch.last),
    };
  };

  /** `x{2,4}` is read as `xx(x(x)?)?`, and `x{2,}` as `xxx*`. */
  const repeat = (body: PatternNode, least: number, most: number | null): Part => {
    const copy = () => {
      const part = walk(body);
      if (part.nullable) throw repeatsNothing();
      return part;
    };
    const optional = (count: number): Part => {
      if (count === 0) return emptyPart;
      return { ...sequence(copy(), optional(count - 1)), nullable: true };
    };
    const star = (): Part => {
      const part = copy();
      connect(part.last, part.first);
      return { ...part, nullable: true };
    };
    let whole = emptyPart;
    for (let count = 0; count < least; count += 1) whole = sequence(whole, copy());
    return sequence(whole, most === null ? star() : optional(most - least));
  };

  const walk = (node: PatternNode): Part => {
    switch (node.kind) {
      case 'CHARACTER':
        return character(node.set);
      case 'SEQUENCE':
        return node.parts.map(walk).reduce(sequence, emptyPart);
      case 'CHOICE':
        return choice(node.branches.map(walk));
      case 'REPEAT':
        return repeat(node.body, node.least, node.most);
      default:
        return assertNever(node);
    }
  };

  return { walk, refuseOverlap };
}

function ambiguous(): PatternError {
  return new PatternError(
    'A character could be read by two parts of the pattern, which could make matching very slow.',
    'Let the next character decide: ^[^@]+@[^@]+$ instead of ^.+@.+$, f(?:oo|ar) instead of foo|far.',
  );
}

function repeatsNothing(): PatternError {
  return new PatternError(
    'A repeated group can match the empty text.',
    'Repeat something that has at least one character.',
  );
}

function tooLong(): PatternError {
  return new PatternError(
    `With its repetitions written out, the pattern has more than ${limits.patternPositions} places.`,
    'Use @constraint(maxLength:) instead of large counts.',
  );
}
