export const meta = {
  name: 'composition',
  description: 'A release: checks, notes and a go-ahead by a person',
  phases: [{ title: 'Checks' }, { title: 'Notes' }, { title: 'Go' }],
}

const CHECKS = {
  tests: 'Run all tests. Do they pass?',
  docs: 'Is every public function described in docs/?',
  licences: 'Does every dependency have a licence that we may use?',
}
const RESULT = {
  type: 'object',
  properties: {
    passed: { type: 'boolean' },
    remarks: { type: 'array', items: { type: 'string' } },
  },
  required: ['passed', 'remarks'],
}

const version = args?.version
if (!/^\d+\.\d+\.\d+$/.test(version ?? '')) throw new TypeError(`not a version: ${version}`)

phase('Checks')
const names = Object.keys(CHECKS)
const results = await parallel(names.map((name) => () => agent(CHECKS[name], { label: name, schema: RESULT, phase: 'Checks' })))
const summary = new Map(names.map((name, index) => [name, results[index]]))

const broken = []
for (const [name, result] of summary) {
  if (result === null) broken.push(`${name}: no answer`)
  else if (!result.passed) broken.push(`${name}: ${result.remarks.join(', ') || 'no reason given'}`)
}

if (broken.length) {
  log(`Not ready:\n${broken.map((line) => `  ${line}`).join('\n')}`)
  const choice = await checkpoint('Some checks fail. What now?', {
    kind: 'select',
    choices: ['stop', 'go on'],
    default: 'stop',
  })
  if (choice === 'stop') return { released: false, broken }
}

phase('Notes')
const notes = await workflow({ scriptPath: './then-chains.workflow.js' }, { version, since: args?.since ?? null })
const text = typeof notes === 'string' ? notes : notes?.text

phase('Go')
const go = await checkpoint(`Release ${version}?\n\n${text ?? '(no notes)'}`, { default: false })
if (!go) return { released: false, broken, notes: text }

const tag = await agent(`Tag the release v${version} and push the tag. Answer with the tag alone.`, { label: 'tag' })
return { released: tag?.trim() === `v${version}`, broken, notes: text }
