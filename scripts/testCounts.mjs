/** Counts for the last line of `npm test`. */

/** What a run of vitest came to. A file that can't be loaded and an error outside any test count as failures. */
export function countTests(modules, errorsOutsideTests = []) {
  const counts = { passed: 0, failed: errorsOutsideTests.length, skipped: 0 };
  for (const module of modules) {
    let failures = 0;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') counts.passed++;
      else if (state === 'failed') failures++;
      else counts.skipped++;
    }
    // Whatever else failed a file (its imports, a hook) shows in the file's own state only.
    counts.failed += failures || (module.state() === 'failed' ? 1 : 0);
  }
  return counts;
}

/** The names of tests, or of files, that failed in a first run and not in a second. */
export function passedOnlyAgain(first, second) {
  const failing = (modules) =>
    modules.flatMap((module) => {
      const file = module.relativeModuleId;
      const tests = [...module.children.allTests('failed')].map(({ fullName }) => `${file} > ${fullName}`);
      return tests.length > 0 || module.state() !== 'failed' ? tests : [file];
    });
  const still = new Set(failing(second));
  return failing(first).filter((name) => !still.has(name));
}

/** `12 passed, 0 failed`, and what was skipped where something was. */
export function summary({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;
}
