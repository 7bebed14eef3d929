// Keep looking for bugs until two rounds in a row find nothing new, then prove each one with a failing test.
//
//   callsheet run examples/bug-hunt.workflow.js --args '{"scope": "src"}' --budget 2000000

export const meta = {
  name: 'bug-hunt',
  description: 'Hunt for bugs until no new ones turn up, and prove each with a failing test in a worktree',
  whenToUse: 'A part of the code is suspected, but nobody knows of what.',
  phases: [{ title: 'Hunt' }, { title: 'Prove', detail: 'Each in a git worktree of its own' }],
}

const BUGS = {
  type: 'object',
  properties: {
    bugs: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          file: { type: 'string' },
          function: { type: 'string' },
          symptom: { type: 'string', description: 'What a user would see' },
          trigger: { type: 'string', description: 'Input or situation that sets it off' },
        },
        required: ['file', 'function', 'symptom', 'trigger'],
      },
    },
  },
  required: ['bugs'],
}

const PROOF = {
  type: 'object',
  properties: {
    reproduced: { type: 'boolean' },
    testFile: { type: 'string', description: 'Path of the failing test, empty when not reproduced' },
    explanation: { type: 'string' },
  },
  required: ['reproduced', 'testFile', 'explanation'],
}

const LENSES = [
  'edge cases of input: empty, huge, duplicated, not ASCII',
  'errors: what is half done when a step fails',
  'order and time: concurrency, retries, caches that go stale',
  'the seams between modules: units, encodings, who owns what',
]
const scope = args?.scope ?? '.'

phase('Hunt')
const known = []
const suspects = await loopUntilDry({
  key: (bug) => `${bug.file}#${bug.function}`,
  consecutiveEmpty: 2,
  maxRounds: args?.maxRounds ?? 6,
  round: async (index) => {
    const lens = LENSES[index % LENSES.length]
    const found = await agent(
      `Look for bugs in ${scope}. This round's lens: ${lens}. Read the code closely; report only bugs that you can ` +
        `explain with a trigger. Already known: ${known.join('; ') || 'none'}`,
      { label: `hunt ${index + 1}: ${lens.split(':')[0]}`, agentType: 'Explore', schema: BUGS },
    )
    const bugs = found?.bugs ?? []
    known.push(...bugs.map((bug) => `${bug.file} ${bug.function}: ${bug.symptom}`))
    return bugs
  },
})
log(`${suspects.length} suspects`)

phase('Prove')
const proofs = await parallel(
  suspects.map((bug) => () =>
    agent(
      `Write one failing test that proves this bug, in the style of the existing tests, and run it. Do not mend the ` +
        `bug.\n${JSON.stringify(bug, null, 2)}`,
      { label: `prove ${bug.function}`, schema: PROOF, isolation: 'worktree', timeoutMs: 900_000 },
    ),
  ),
)

const proven = suspects
  .map((bug, index) => ({ ...bug, proof: proofs[index] }))
  .filter((entry) => entry.proof?.reproduced)
return { proven, unproven: suspects.length - proven.length }
