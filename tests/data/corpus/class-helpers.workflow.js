// Helpers as classes, private fields, getters and iterators; a board keeps the state of the work.
export const meta = {
  name: 'class-helpers',
  description: 'Work through a backlog with a board that keeps track',
  phases: [{ title: 'Read' }, { title: 'Work' }, { title: 'Sum up' }],
}

class Board {
  #items = new Map()
  static states = Object.freeze(['open', 'done', 'failed'])

  add(title, priority = 0) {
    if (!this.#items.has(title)) this.#items.set(title, { title, priority, state: 'open', notes: [] })
    return this
  }

  mark(title, state, note) {
    if (!Board.states.includes(state)) throw new RangeError(`no state ${state}`)
    const item = this.#items.get(title)
    if (!item) throw new Error(`no item ${title}`)
    item.state = state
    if (note) item.notes.push(note)
  }

  get open() {
    return [...this.#items.values()].filter((item) => item.state === 'open').sort((a, b) => b.priority - a.priority)
  }

  count(state) {
    let total = 0
    for (const item of this) if (item.state === state) total++
    return total
  }

  *[Symbol.iterator]() {
    yield* this.#items.values()
  }

  toJSON() {
    return [...this].map(({ title, state, notes }) => ({ title, state, notes }))
  }
}

class Worker {
  constructor(board, { batch = 4 } = {}) {
    this.board = board
    this.batch = batch
    this.rounds = 0
  }

  async once() {
    this.rounds += 1
    const items = this.board.open.slice(0, this.batch)
    const answers = await parallel(items.map((item) => () => this.work(item)))
    answers.forEach((answer, index) => {
      this.board.mark(items[index].title, answer ? 'done' : 'failed', answer)
    })
    return items.length
  }

  work({ title, priority }) {
    const effort = priority > 5 ? 'high' : 'low'
    return agent(`Do this task and say in one line what you did: ${title}`, {
      label: title,
      phase: 'Work',
      effort,
      isolation: 'worktree',
    })
  }
}

const BACKLOG = {
  type: 'object',
  properties: {
    tasks: {
      type: 'array',
      items: {
        type: 'object',
        properties: { title: { type: 'string' }, priority: { type: 'integer', minimum: 0, maximum: 10 } },
        required: ['title', 'priority'],
      },
    },
  },
  required: ['tasks'],
}

phase('Read')
const backlog = await agent('Read TODO.md and list the open tasks with a priority from 0 to 10.', { schema: BACKLOG })
const board = new Board()
for (const { title, priority } of backlog?.tasks ?? []) board.add(title, priority)

phase('Work')
const worker = new Worker(board, { batch: args?.batch })
while (worker.rounds < 10) {
  const count = await worker.once()
  if (count === 0) break
}

phase('Sum up')
const done = board.count('done')
log(`${done} done, ${board.count('failed')} failed after ${worker.rounds} rounds`)
const summary = done > 0 ? await agent(`Sum up what was done:\n${JSON.stringify(board, null, 2)}`) : null
return { summary, items: board.toJSON() }
