// @ts-check
import { relative } from 'node:path';
import { root } from './paths.mjs';

/**
 * A vitest reporter that lists the tests that failed and then passed when they were run again. Each of them has a fault,
 * usually a wait for time instead of an event.
 * @implements {Pick<import('vitest/node').Reporter, 'onTestRunEnd'>}
 */
export default class UnsteadyTestsReporter {
  /** @param {readonly import('vitest/node').TestModule[]} modules */
  onTestRunEnd(modules) {
    const unsteady = modules.flatMap((module) =>
      [...module.children.allTests()]
        .filter((test) => test.diagnostic()?.flaky === true)
        .map((test) => `  ${relative(root, module.moduleId)}: ${test.fullName}`),
    );
    if (unsteady.length > 0)
      console.log(`These tests failed at first and passed when repeated:\n${unsteady.join('\n')}`);
  }
}
