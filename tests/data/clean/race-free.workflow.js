export const meta = {
  name: 'worker-pool',
  description: 'A pool of workers that take from a queue, with a time-out made by hand.',
}

const queue = [...(args?.jobs ?? [])].map((job, index) => ({ job, index }))
const results = new Array(queue.length).fill(null)

async function worker(id) {
  let job
  while ((job = queue.shift()) !== undefined) {
    const text = await agent(`Worker ${id}: do ${job.job}`, { label: `worker ${id}` })
    results[job.index] = text
  }
}

await Promise.all([1, 2, 3].map((id) => worker(id)))

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
await sleep(10)

const memo = new Map()
function cached(prompt) {
  if (!memo.has(prompt)) memo.set(prompt, agent(prompt))
  return memo.get(prompt)
}
const twice = await Promise.all([cached('One.'), cached('One.')])

const pending = []
for (const name of ['a', 'b']) pending.push(agent(`Look at ${name}.`))
const settled = await Promise.allSettled(pending)

const later = agent('Something that may take long.')
log('meanwhile')
const text = await later.catch(() => null)

return { results, twice, ok: settled.filter((entry) => entry.status === 'fulfilled').length, text }
