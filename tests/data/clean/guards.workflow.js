export const meta = { name: 'guards', description: 'Type guards and assertions in helper functions' }

const SCHEMA = {
  type: 'object',
  properties: { verdict: { type: 'string', enum: ['pass', 'fail', 'unsure'] }, evidence: { type: 'array', items: { type: 'string' } } },
  required: ['verdict', 'evidence'],
}
function assertOk(value, what) {
  if (value === null || value === undefined) throw new Error(`${what}: no answer`)
}
function must(value, what = 'result') {
  if (!value) throw new Error(`missing ${what}`)
  return value
}
const isPresent = (value) => value !== null && value !== undefined
const isPass = (r) => isPresent(r) && r.verdict === 'pass'
const orElse = (value, fallback) => (isPresent(value) ? value : fallback)

const first = await agent('Judge the API.', { schema: SCHEMA })
assertOk(first, 'first')
log(first.verdict)

const second = must(await agent('Judge the tests.', { schema: SCHEMA }), 'second')
log(second.evidence.length)

const third = await agent('Judge the docs.', { schema: SCHEMA })
if (!isPresent(third)) return { verdict: 'unsure' }
log(third.evidence.join('\n'))

const fourth = orElse(await agent('Judge the build.', { schema: SCHEMA }), { verdict: 'unsure', evidence: [] })
log(fourth.evidence.length)

const more = await parallel(['ci', 'lint', 'types'].map((x) => () => agent(`Judge ${x}.`, { schema: SCHEMA })))
const present = more.filter(isPresent)
const passed = more.filter(isPass)
log(present.map((r) => r.verdict).join(), passed.flatMap((r) => r.evidence).length)

const groups = { pass: [], fail: [], unsure: [] }
for (const r of [first, second, third, fourth, ...present]) groups[r.verdict].push(...r.evidence)
return groups
