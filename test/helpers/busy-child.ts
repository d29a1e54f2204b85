// A child program that never ends: `compute` or `wait`.
// Started by src/media/child.test.ts. Never used by the product.

if (process.argv[2] === 'compute') for (;;);
setInterval(() => {}, 1_000)
