/* A script written as a state machine with classes; everything asynchronous goes through one object. */
export const meta = {
  name: 'release-train',
  description: 'Walks a release through its states; each state is a method.',
}

const STATES = Object.freeze(['collect', 'draft', 'check', 'publish'])

class Train {
  #log = []
  constructor({ tag, dryRun = false } = {}) {
    this.tag = tag
    this.dryRun = dryRun
    this.state = STATES[0]
    this.data = {}
  }

  get done() {
    return this.state === undefined
  }

  note(text) {
    this.#log.push(`${this.state}: ${text}`)
    log(text)
  }

  async collect() {
    const commits = await agent(`List the commits since ${this.tag ?? 'the last tag'}, one per line.`, { label: 'commits' })
    this.data.commits = commits?.split('\n').filter((line) => line.trim() !== '') ?? []
    this.note(`${this.data.commits.length} commits`)
    return this.data.commits.length ? 'draft' : undefined
  }

  async draft() {
    const { commits } = this.data
    const notes = await agent(['Write release notes.', '', ...commits].join('\n'), { label: 'notes', effort: 'high' })
    if (notes === null) throw new Error('No notes.')
    this.data.notes = notes
    return 'check'
  }

  async check() {
    const verdict = await agent(`Check these notes:\n${this.data.notes}`, {
      schema: {
        type: 'object',
        properties: { ok: { type: 'boolean' }, problems: { type: 'array', items: { type: 'string' } } },
        required: ['ok'],
      },
    })
    if (verdict?.ok) return this.dryRun ? undefined : 'publish'
    this.data.problems = verdict?.problems ?? ['the check failed']
    this.rounds = (this.rounds ?? 0) + 1
    return this.rounds < 3 ? 'draft' : undefined
  }

  async publish() {
    await agent(`Publish the release:\n${this.data.notes}`, { isolation: 'worktree', label: 'publish' })
    return undefined
  }

  history() {
    return [...this.#log]
  }
}

const train = new Train(args)
let steps = 0
while (!train.done && steps++ < 20) {
  phase(train.state)
  try {
    train.state = await train[train.state]()
  } catch (error) {
    train.note(`failed: ${error.message}`)
    break
  }
}

return { ...train.data, history: train.history() }
