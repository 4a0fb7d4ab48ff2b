// Mocha's spec reporter that also leaves a count of the suite for scripts/test.mjs: { passed, failed, skipped }.
const { writeFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');

module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      if (process.env.MOCHA_REPORT)
        writeFileSync(process.env.MOCHA_REPORT, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
    });
  }
};
