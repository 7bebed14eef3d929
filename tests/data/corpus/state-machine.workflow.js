export const meta = {
  name: 'state-machine',
  description: 'Mend a failing build: diagnose, patch, test, repeat',
  phases: [{ title: 'Diagnose' }, { title: 'Patch' }, { title: 'Test' }],
}

const DIAGNOSIS = {
  type: 'object',
  properties: {
    cause: { type: 'string' },
    files: { type: 'array', items: { type: 'string' }, minItems: 1 },
    confidence: { enum: ['low', 'medium', 'high'] },
  },
  required: ['cause', 'files', 'confidence'],
}
const OUTCOME = {
  type: 'object',
  properties: { passed: { type: 'boolean' }, failures: { type: 'array', items: { type: 'string' } } },
  required: ['passed'],
}

const state = { name: 'diagnose', attempts: 0, diagnosis: null, history: [], failures: [] }
const LIMIT = 5

const transitions = {
  async diagnose() {
    const known = state.history.length ? `Already tried: ${state.history.join('; ')}` : ''
    const diagnosis = await agent(`Why does the build fail? ${known}`, {
      phase: 'Diagnose',
      schema: DIAGNOSIS,
      effort: state.attempts > 1 ? 'high' : 'medium',
    })
    if (!diagnosis) return 'give up'
    state.diagnosis = diagnosis
    return diagnosis.confidence === 'low' && state.attempts === 0 ? 'diagnose again' : 'patch'
  },
  async 'diagnose again'() {
    state.attempts += 1
    return 'diagnose'
  },
  async patch() {
    const { cause, files } = state.diagnosis
    state.history.push(cause)
    const patched = await agent(`Mend this: ${cause}\nFiles: ${files.join(', ')}`, { phase: 'Patch' })
    return patched ? 'test' : 'give up'
  },
  async test() {
    const outcome = await agent('Run the build and all tests.', { phase: 'Test', schema: OUTCOME, tools: ['bash'] })
    if (outcome?.passed) return 'done'
    state.failures = outcome?.failures ?? ['the tests could not be run']
    state.attempts += 1
    return state.attempts < LIMIT ? 'diagnose' : 'give up'
  },
}

while (state.name !== 'done' && state.name !== 'give up' && state.attempts < LIMIT) {
  const step = transitions[state.name]
  const next = await step()
  log(`${state.name} → ${next}`)
  state.name = next
}

return {
  mended: state.name === 'done',
  attempts: state.attempts,
  causes: state.history,
  failures: state.name === 'done' ? [] : state.failures,
}
