export const meta = { name: 'own-pool', description: 'A hand-written worker pool over a queue' }
const jobs = (args?.jobs ?? ['a', 'b', 'c']).map((name, id) => ({ id, name }))
const results = new Array(jobs.length).fill(null)
const queue = [...jobs]
async function worker(n) {
  let done = 0
  while (queue.length > 0) {
    const job = queue.shift()
    if (!job) break
    const answer = await agent(`Worker ${n}: do ${job.name}`, { label: `${n}:${job.name}` })
    results[job.id] = answer
    done += 1
  }
  return done
}
const counts = await Promise.all([1, 2, 3].map((n) => worker(n)))
log(`per worker: ${counts.join(', ')}`)
const failed = jobs.filter((job) => results[job.id] === null)
const again = await parallel(failed.map((job) => () => agent(`Again: ${job.name}`)))
failed.forEach((job, i) => { results[job.id] = again[i] })
const lines = jobs.map((job) => `${job.name}: ${results[job.id] ?? 'failed twice'}`)
return agent(`Summarise:\n${lines.join('\n')}`)
