import fc from 'fast-check';
import { it, expect } from 'vitest';
import { tapes } from '../tape.ts';
import { randomWorld } from './random-world.ts';
import { randomSubject } from './random-callers.ts';
import { expectedFields, expectedProfile, readableFields } from './rule-trial.ts';
import { profileOf } from '../../../src/engine/rules/subject.ts';
it('generates', () => {
  const seed = 7;
  const stats: Record<string, number> = {};
  const add = (k: string, n = 1) => { stats[k] = (stats[k] ?? 0) + n; };
  let shown = 0;
  const t = Date.now();
  fc.assert(fc.property(tapes(60), tapes(700), tapes(200), fc.array(tapes(30), {minLength: 6, maxLength: 6}), (a, b, c, ds) => {
    const world = randomWorld(a, b, c);
    add('worlds');
    if (shown++ < 0) console.log(world.sdl);
    for (const k of ['@allow','@require','@preset','@private','_can','$user','$claims','$row','$now','check:','user:','claims:','LINK', 'not:','none:','every:']) add(k, world.sdl.split(k).length - 1);
    const { ruled, data } = world;
    for (const d of ds) {
      const subject = randomSubject(ruled.model, data, d);
      const rw = ruled.worldOf(data, subject);
      add(subject.audience);
      add(rw.caller.row === null ? 'without row' : 'with row');
      expect(profileOf(ruled.model, subject)).toEqual(expectedProfile(rw, ruled.model));
      const api = ruled.apiOf(subject);
      expect(readableFields(api)).toEqual(expectedFields(rw, ruled.model));
      const v = rw.visible().toPlain();
      for (const type of ruled.model.types) {
        if (!rw.mayRead(type)) { add('type unreadable'); continue; }
        const all = data.rows[type.name] ?? [], seen = v.rows[type.name] ?? [];
        add('rows', all.length); add('seen', seen.length);
        if (all.length > 0) add(seen.length === 0 ? 'none' : seen.length === all.length ? 'all' : 'some');
        add('nulled', seen.flatMap((r) => Object.values(r)).filter((x) => x === null).length);
      }
    }
  }), { numRuns: 40, seed, endOnFailure: true });
  console.log(Date.now() - t, stats);
}, 100000);
