// State shared by closures, symbols, weak maps, bigints, structuredClone and frozen tables.
export const meta = {
  name: 'observability',
  description: 'Add tracing to the slow paths of a service, one span at a time',
  phases: [{ title: 'Measure' }, { title: 'Instrument' }],
}

const kind = Symbol('kind')
const notes = new WeakMap()
const STATE = Object.freeze({ TODO: 'todo', DONE: 'done', FAILED: 'failed' })
const NANOSECONDS = 1_000_000n

const PATHS = {
  type: 'object',
  properties: {
    paths: {
      type: 'array',
      items: {
        type: 'object',
        properties: { name: { type: 'string' }, p95Ms: { type: 'number' }, callers: { type: 'array', items: { type: 'string' } } },
        required: ['name', 'p95Ms'],
      },
    },
    measuredWith: { type: 'string' },
  },
  required: ['paths'],
}

const track = (() => {
  const log_ = []
  let count = 0
  return Object.assign((event, detail) => log_.push({ number: ++count, event, detail: structuredClone(detail) }), {
    entries: () => [...log_],
    get count() {
      return count
    },
  })
})()

phase('Measure')
const measured = await agent('Run the load test and list the slowest paths with their 95th percentile.', { schema: PATHS })
track('measured', { by: measured?.measuredWith })
const slow = measured?.paths.filter((path) => path.p95Ms > (args?.limitMs ?? 200)) ?? []
if (slow.length === 0) return { spans: [], events: track.entries() }

const spans = slow.map(({ name, p95Ms, callers }, order) => ({
  name,
  order,
  nanoseconds: (BigInt(Math.round(p95Ms)) * NANOSECONDS).toString(),
  state: STATE.TODO,
  callers: callers ?? [],
  [kind]: 'span',
}))

phase('Instrument')
for (const span of spans) {
  const { name, callers } = span
  const answer = await agent(
    `Add a tracing span named "${name}"${callers.length ? `, called by ${callers.join(' and ')}` : ''}. Change nothing else.`,
    { label: `span ${name}`, phase: 'Instrument', isolation: 'worktree' },
  )
  span.state = answer === null ? STATE.FAILED : STATE.DONE
  notes.set(span, answer)
  track(span.state, { name })
}

const done = spans.filter(({ state }) => state === STATE.DONE)
const text = done.map((span) => `${span.order + 1}. ${span.name}: ${notes.get(span).split('\n', 1)[0]}`)
const isSpan = (value) => value?.[kind] === 'span'
console.log(`${done.filter(isSpan).length} spans, ${track.count} events`)
return { spans: done.map(({ name, nanoseconds }) => ({ name, nanoseconds })), text, events: track.entries() }
