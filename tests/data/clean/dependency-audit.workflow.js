#!/usr/bin/env callsheet
/**
 * Audits dependencies. Style: helper functions, schema constants, JSDoc, semicolons.
 */
export const meta = {
  name: 'dependency-audit',
  description: 'Finds outdated and vulnerable dependencies and proposes upgrades.',
  whenToUse: 'Before a release, or once a week.',
  phases: [
    { title: 'Inventory', detail: 'reads the lock files' },
    { title: 'Research', detail: 'one agent per package', model: 'haiku' },
    { title: 'Report' },
  ],
};

const PACKAGE = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    current: { type: 'string' },
    direct: { type: 'boolean' },
  },
  required: ['name', 'current'],
  additionalProperties: false,
};

const INVENTORY = {
  type: 'object',
  properties: { packages: { type: 'array', items: PACKAGE } },
  required: ['packages'],
};

const ADVICE = {
  type: 'object',
  properties: {
    latest: { type: 'string' },
    risk: { enum: ['none', 'low', 'high'] },
    notes: { type: 'array', items: { type: 'string' } },
  },
  required: ['latest', 'risk'],
};

/** @param {{ name: string, current: string }} pkg */
function researchPrompt(pkg) {
  return [
    `Research the npm package "${pkg.name}" (we use ${pkg.current}).`,
    'Say what the latest version is and whether upgrading is risky.',
    `Do not run \`npm install\`; do not call Date.now() anywhere.`,
  ].join('\n');
}

function chunk(items, size) {
  const chunks = [];
  for (let i = 0; i < items.length; i += size) {
    chunks.push(items.slice(i, i + size));
  }
  return chunks;
}

const limit = Number(args?.limit ?? 50);

phase('Inventory');
const inventory = await agent('Read every lock file in this repository and list the packages.', {
  label: 'inventory',
  schema: INVENTORY,
  agentType: 'Explore',
});
if (!inventory) {
  throw new Error('The inventory failed.');
}

const direct = inventory.packages.filter((pkg) => pkg.direct !== false).slice(0, limit);
log(`${direct.length} direct dependencies of ${inventory.packages.length}`);

phase('Research');
const advice = [];
for (const [index, group] of chunk(direct, 10).entries()) {
  log(`batch ${index + 1}`);
  const batch = await parallel(
    group.map((pkg) => () =>
      agent(researchPrompt(pkg), { label: pkg.name, schema: ADVICE, phase: 'Research' }),
    ),
  );
  batch.forEach((result, at) => {
    if (result) advice.push({ ...group[at], ...result });
  });
}

const risky = advice.filter((entry) => entry.risk === 'high');

phase('Report');
const report = await agent(
  `Write an upgrade plan as Markdown.\n\n${JSON.stringify({ risky, all: advice }, null, 2)}`,
  { label: 'report' },
);

return { report, risky: risky.map((entry) => entry.name), checked: advice.length };
