import { assertNever } from '../../../platform/assert-never.ts';
import { limits } from '../limits.ts';
import { overlap, type CodePoints } from './code-points.ts';
import { PatternError, type PatternNode } from './parse-pattern.ts';

/**
 * Rejects a pattern in which two parts can match the same character.
 *
 * A JavaScript regular expression tries alternatives one after the other. If two of them match the same character, the
 * number of attempts can double with each character of an attacker's text. In a deterministic pattern in the strong
 * sense (Brüggemann-Klein and Wood, "One-unambiguous regular languages", 1998), the next character alone selects the
 * alternative, so matching takes time linear in the length of the text. The check uses Glushkov's construction: each
 * position of the pattern has a set of positions that can follow it. The characters of these positions must not overlap,
 * and a position must not follow another one in two ways.
 *
 * @throws PatternError
 */
export function refuseAmbiguity(pattern: PatternNode): void {
  const automaton = createAutomaton();
  const whole = automaton.walk(pattern);
  automaton.refuseOverlap(whole.first);
}

/** The positions where a match of a part can start and end, and whether it can be empty. */
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
        // Places are indexes of `sets`, which never shrinks.
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

  /** Expands `x{2,4}` to `xx(x(x)?)?`, and `x{2,}` to `xxx*`. */
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
    'Two parts of the pattern can match the same character, which could make matching very slow.',
    'Rewrite the pattern so that the next character determines which part matches: use ^[^@]+@[^@]+$ instead of ^.+@.+$, and f(?:oo|ar) instead of foo|far.',
  );
}

function repeatsNothing(): PatternError {
  return new PatternError(
    'A repeated group can match the empty string.',
    'Change the group so that it matches at least one character.',
  );
}

function tooLong(): PatternError {
  return new PatternError(
    `The pattern has more than ${limits.patternPositions} positions after its repetitions are expanded.`,
    'Use @constraint(maxLength:) instead of large repetition counts.',
  );
}
