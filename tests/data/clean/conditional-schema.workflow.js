export const meta = {
  name: 'triage',
  description: `Triages issues with a schema that depends on the arguments.`,
}

const withPriority = Boolean(args?.priority)

const base = { id: { type: 'integer' }, labels: { type: 'array', items: { type: 'string' } } }
const schema = {
  type: 'object',
  properties: withPriority ? { ...base, priority: { enum: ['p0', 'p1', 'p2'] } } : base,
  required: ['id', ...(withPriority ? ['priority'] : [])],
}

const options = { schema, ...(args?.model && { model: args.model }), ...args?.options }

const issues = Array.isArray(args?.issues) ? args.issues : String(args?.issues ?? '').split(',').filter(Boolean)

async function triage(issue) {
  const result = await agent(`Triage issue ${issue}.`, { label: `#${issue}`, ...options })
  if (result === null) {
    log(`Issue ${issue} could not be triaged`)
    return undefined
  }
  return withPriority ? [result.priority, result] : [null, result]
}

const groups = new Map()
for (const pair of await parallel(issues.map((issue) => () => triage(issue)))) {
  if (!pair) continue
  const [priority, result] = pair
  if (!groups.has(priority)) groups.set(priority, [])
  groups.get(priority).push(result)
}

const phases = ['p0', 'p1', 'p2', null]
for (const name of phases) {
  const members = groups.get(name)
  if (!members?.length) continue
  phase(name === null ? 'Unsorted' : `Priority ${name}`)
  const text = await agent(`Summarise ${members.length} issues:\n${members.map((m) => JSON.stringify(m)).join('\n')}`)
  log(text ?? `(no summary for ${name})`)
}

return Object.fromEntries(groups)
