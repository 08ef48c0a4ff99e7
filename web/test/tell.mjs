// Tell: one line a test, and at the end whether all were well.
//
// SPDX-License-Identifier: Apache-2.0
const results = { passed: 0, failed: 0 };

export async function test(name, run) {
  const began = Date.now();
  try {
    const note = await run();
    results.passed += 1;
    console.log(`ok      ${name}${note ? `: ${note}` : ''} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  } catch (error) {
    results.failed += 1;
    console.log(`FAILED  ${name}\n        ${String(error.message ?? error).replace(/\u001b\[\d+m/g, '').trim().split('\n').slice(0, 8).join('\n        ')}`);
    if (process.env.LIGHTSOUT_WEB_STACKS) console.log(error.stack);
  }
}

export function verdict() {
  console.log(`${results.passed} passed, ${results.failed} failed`);
  return results.failed === 0 ? 0 : 1;
}
