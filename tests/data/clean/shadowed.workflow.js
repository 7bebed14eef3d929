export const meta = {
  name: 'shadowed',
  description: 'Shadows names of the language in inner scopes.'
}

// An object that looks like the language, and functions with its names as parameters.
const tools = {
  agent(name) { return `agent ${name}` },
  parallel: (list) => list.length,
  phase: null,
  log() {},
}

const describe = (agent) => agent.name.toUpperCase()
const sum = (budget) => budget.reduce((a, b) => a + b, 0)

function local() {
  const agent = (x) => x * 2
  const parallel = (...xs) => xs.map(agent)
  const fetch = (path) => ({ path })
  const process = { env: { HOME: '/' } }
  const require = (name) => name
  const phase = 'a string'
  agent(1)
  parallel(1, 2, 3)
  return [fetch('x'), process.env.HOME, require('fs'), phase]
}

class Agent {
  static #count = 0
  constructor(log) { this.log = log; Agent.#count++ }
  agent() { this.log('called'); return Agent.#count }
  static from({ phase = 'x', args = [] } = {}) { return new Agent(() => phase + args.length) }
}

try {
  tools.agent('one')
  tools.parallel([1, 2])
} catch (error) {
  const { message: log } = error
  console.error(log)
}

for (const args of [[1], [2]]) console.log(...args)

const { total: budgetTotal = 0, ...rest } = { total: 1, more: 2 }
label: {
  if (budgetTotal) break label
  log('never')
}

const Date = class { static now() { return 0 } }
const stamp = Date.now()

const result = await agent('Say hello.', { label: `hello ${stamp}` })
return { text: result ?? 'none', local: local(), described: describe({ name: 'x' }), sum: sum([1, 2]), rest, made: Agent.from().agent() }
