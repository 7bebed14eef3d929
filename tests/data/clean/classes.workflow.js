export const meta = { name: 'class-crew', description: 'A crew of agents as classes', phases: [{ title: 'Plan' }, { title: 'Build' }] }

class Role {
  static count = 0
  #history = []
  constructor(name, { tools, model = 'sonnet' } = {}) {
    this.name = name
    this.options = { model, ...(tools && { tools }) }
    Role.count += 1
  }
  async do(task, extra = {}) {
    const result = await agent(`You are ${this.name}.\n${task}`, { ...this.options, label: `${this.name} #${this.#history.length + 1}`, ...extra })
    this.#history.push({ task, ok: result !== null })
    return result
  }
  get failures() {
    return this.#history.filter((h) => !h.ok).length
  }
}
class Reviewer extends Role {
  static SCHEMA = {
    type: 'object',
    properties: { approved: { type: 'boolean' }, reasons: { type: 'array', items: { type: 'string' } } },
    required: ['approved', 'reasons'],
  }
  async review(text) {
    const verdict = await this.do(`Review this:\n${text}`, { schema: Reviewer.SCHEMA })
    return verdict ?? { approved: false, reasons: ['the reviewer did not answer'] }
  }
}

const architect = new Role('the architect', { model: 'opus' })
const builder = new Role('the builder', { tools: ['read', 'edit'] })
const reviewer = new Reviewer('the reviewer')

const design = await architect.do(`Design: ${args?.feature ?? 'a health endpoint'}`)
if (design === null) throw new Error('no design, no work')
phase('Build')
let feedback = []
for (let attempt = 1; attempt <= 3; attempt++) {
  const work = await builder.do(`Build this:\n${design}\n${feedback.length ? `Mind: ${feedback.join('; ')}` : ''}`)
  if (!work) continue
  const { approved, reasons } = await reviewer.review(work)
  if (approved) return { attempt, work, roles: Role.count, failures: [architect, builder, reviewer].reduce((n, r) => n + r.failures, 0) }
  feedback = reasons
}
return { attempt: 3, work: null, feedback }
