export const meta = {
  name: 'dynamic-phases',
  description: 'Upgrade dependencies one ecosystem at a time, phases named after what is there',
  model: 'sonnet',
  phases: [{ title: 'Inventory', model: 'haiku' }],
}

const INVENTORY = {
  type: 'object',
  properties: {
    ecosystems: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          name: { type: 'string' },
          manifest: { type: 'string' },
          outdated: {
            type: 'array',
            items: {
              type: 'object',
              properties: {
                name: { type: 'string' },
                from: { type: 'string' },
                to: { type: 'string' },
                major: { type: 'boolean' },
              },
              required: ['name', 'from', 'to', 'major'],
            },
          },
        },
        required: ['name', 'manifest', 'outdated'],
      },
    },
  },
  required: ['ecosystems'],
}

phase('Inventory')
const inventory = await agent('List every manifest and its outdated dependencies.', { schema: INVENTORY })
if (!inventory?.ecosystems.length) {
  log('Everything is up to date.')
  return { upgraded: [] }
}

const upgraded = []
const skipped = []
for (const { name, manifest, outdated } of inventory.ecosystems) {
  const title = `Upgrade ${name}`
  phase(title, { budget: 200_000 })
  const [major, minor] = outdated.reduce(
    ([majors, minors], item) => (item.major ? [[...majors, item], minors] : [majors, [...minors, item]]),
    [[], []],
  )
  if (minor.length > 0) {
    const answer = await agent(
      `In ${manifest}, upgrade ${minor.map((item) => `${item.name} ${item.from} → ${item.to}`).join(', ')}. Run the tests.`,
      { label: `${name}: minor`, phase: title, isolation: 'worktree' },
    )
    if (answer) upgraded.push(...minor.map((item) => item.name))
    else skipped.push(...minor.map((item) => item.name))
  }
  const results = await parallel(
    major.map((item) => () =>
      agent(`In ${manifest}, upgrade ${item.name} from ${item.from} to ${item.to}; mend what breaks.`, {
        label: `${name}: ${item.name}`,
        phase: title,
        isolation: 'worktree',
        retries: 1,
      }),
    ),
  )
  results.forEach((result, index) => (result ? upgraded : skipped).push(major[index].name))
}

log(`${upgraded.length} upgraded, ${skipped.length} skipped`)
return { upgraded, skipped }
