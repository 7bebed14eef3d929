export const meta = {
  name: 'flaky-tests',
  description: 'Find flaky tests by running them often, explain and mend them',
  phases: [{ title: 'Run' }, { title: 'Explain' }, { title: 'Mend' }],
}

const RUN = {
  type: 'object',
  properties: {
    results: {
      type: 'array',
      items: { type: 'object', properties: { test: { type: 'string' }, passed: { type: 'boolean' } }, required: ['test', 'passed'] },
    },
  },
  required: ['results'],
}
const CAUSE = {
  type: 'object',
  properties: {
    cause: { enum: ['time', 'order', 'randomness', 'network', 'shared state', 'other'] },
    explanation: { type: 'string' },
  },
  required: ['cause', 'explanation'],
}

const ADVICE = {
  time: 'Inject a clock instead of calling Date.now() or new Date().',
  order: 'Make each test set up what it needs.',
  randomness: 'Seed the generator; never call Math.random() in a test.',
  network: 'Use a stub server on loopback.',
  'shared state': 'Reset it in a fixture.',
}

phase('Run')
const times = Math.max(2, Math.min(args?.times ?? 5, 10))
const tally = new Map()
let asked = 0
for (let run = 0; run < times; run += 1) {
  asked++
  const outcome = await agent(`Run the whole test suite in random order, run ${run + 1} of ${times}.`, {
    label: `run ${run + 1}`,
    schema: RUN,
    tools: ['bash'],
  })
  if (!outcome) continue
  for (const { test, passed } of outcome.results) {
    const counts = tally.get(test) ?? { passed: 0, failed: 0 }
    counts[passed ? 'passed' : 'failed'] += 1
    tally.set(test, counts)
  }
}
const flaky = [...tally].filter(([, { passed, failed }]) => passed > 0 && failed > 0).map(([test]) => test)
log(`${flaky.length} flaky tests in ${asked} runs`)
if (!flaky.length) return { flaky, mended: [] }

phase('Explain')
const causes = await Promise.all(
  flaky.map(async (test) => {
    const explained = await agent(`Why is ${test} flaky? Read the test and what it uses.`, {
      label: test,
      phase: 'Explain',
      schema: CAUSE,
    })
    return [test, explained]
  }),
)

phase('Mend')
const known = causes.filter(([, cause]) => cause !== null)
const mended = await parallel(
  known.map(([test, { cause, explanation }]) => async () => {
    const hint = ADVICE[cause] ?? 'Think about what differs between two runs.'
    const result = await agent(`Mend ${test}. ${explanation} ${hint} Then run it twenty times.`, {
      label: `mend ${test}`,
      phase: 'Mend',
      isolation: 'worktree',
    })
    return result === null ? null : test
  }),
)
return { flaky, mended: mended.filter((test) => test !== null), unexplained: flaky.length - known.length }
