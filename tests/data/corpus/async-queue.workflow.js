// A bounded work queue of the script's own: closures, promises made by hand, virtual timers.
export const meta = { name: 'async-queue', description: 'Summarise many files, a few at a time, with a limit of its own' }

function createQueue(limit) {
  const waiting = []
  let active = 0
  const next = () => {
    if (active >= limit || waiting.length === 0) return
    active += 1
    const { task, resolve, reject } = waiting.shift()
    task()
      .then(resolve, reject)
      .finally(() => {
        active -= 1
        next()
      })
  }
  return {
    push(task) {
      return new Promise((resolve, reject) => {
        waiting.push({ task, resolve, reject })
        next()
      })
    },
    get size() {
      return waiting.length + active
    },
  }
}

const withTimeout = (promise, ms, fallback) => {
  let timer
  const late = new Promise((resolve) => {
    timer = setTimeout(() => resolve(fallback), ms)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

const FILES = { type: 'object', properties: { files: { type: 'array', items: { type: 'string' } } }, required: ['files'] }

const listing = await agent('List the source files, the longest first.', { schema: FILES, label: 'files' })
if (listing === null) return { summaries: {} }

const queue = createQueue(args?.limit ?? 3)
const pairs = await Promise.all(
  listing.files.slice(0, 40).map((file) =>
    queue.push(async () => {
      const text = await agent(`Summarise ${file} in one sentence.`, { label: file, tier: 'small' })
      return [file, text?.replace(/\s+/g, ' ').trim() ?? null]
    }),
  ),
)
log(`${queue.size} left in the queue`)

const ready = await withTimeout(Promise.resolve(true), 50, false)
const summaries = Object.fromEntries(pairs.filter(([, text]) => text))
const longest = Object.values(summaries).reduce((most, text) => Math.max(most, text.length), 0)
return { summaries, longest, ready, missing: pairs.filter(([, text]) => !text).map(([file]) => file) }
