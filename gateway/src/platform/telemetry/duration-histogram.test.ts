import fc from 'fast-check';
import { Histogram, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { createDurationHistogram } from './duration-histogram.ts';

const options = { name: 'took', help: 'The duration.', buckets: [0.001, 0.01, 0.1, 1] };

it("createDurationHistogram prints the same output as prom-client's histogram", async () => {
  const seed = Date.now();
  const seconds = fc.oneof(
    fc.constantFrom(0, ...options.buckets),
    fc.double({ min: 0, max: 2, noNaN: true }),
  );
  const observation = fc.tuple(
    fc.constantFrom('GET', 'POST'),
    fc.constantFrom('200', '4"\\'),
    seconds,
  );
  await fc.assert(
    fc.asyncProperty(fc.array(observation), async (observations) => {
      const [ours, theirs] = [new Registry(), new Registry()];
      const own = createDurationHistogram(ours, { ...options, labelNames: ['method', 'status'] });
      const labelNames = ['method', 'status'];
      const reference = new Histogram({ ...options, labelNames, registers: [theirs] });
      for (const [method, status, took] of observations) {
        own.observe([method, status], took);
        reference.observe({ method, status }, took);
      }
      const sorted = async (registry: Registry) =>
        (await registry.metrics()).split('\n').map(labelsSorted).sort();
      expect(await sorted(ours)).toEqual(await sorted(theirs));
    }),
    { seed },
  );
});

/** Sorts the labels in a line, because their order is not significant. */
function labelsSorted(line: string): string {
  return line.replace(
    /\{(.*)\}/,
    (_whole, labels: string) => `{${labels.split(',').sort().join()}}`,
  );
}
