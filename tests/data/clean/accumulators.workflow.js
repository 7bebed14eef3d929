export const meta = { name: 'accumulators', description: 'Every way of gathering results' }
const S = { type: 'object', properties: { facts: { type: 'array', items: { type: 'string' } }, score: { type: 'number' } }, required: ['facts', 'score'] }
const topics = args?.topics ?? ['a', 'b', 'c']
const viaPush = []
for (const t of topics) {
  const r = await agent(`Facts on ${t}`, { schema: S })
  if (r) viaPush.push(...r.facts)
}
const raw = []
for (const t of topics) raw.push(await agent(`More on ${t}`, { schema: S }))
const clean = raw.filter(Boolean)
const viaReduce = clean.reduce((all, r) => all.concat(r.facts), [])
const viaSpread = clean.reduce((all, { facts }) => [...all, ...facts], [])
const best = clean.reduce((a, b) => (a && a.score >= b.score ? a : b), null)
const max = Math.max(0, ...clean.map((r) => r.score))
const counts = {}
await parallel(topics.map((t, i) => async () => {
  const r = await agent(`Count on ${t}`, { schema: S, label: t })
  counts[t] = r?.facts.length ?? 0
}))
const slots = new Array(topics.length).fill(null)
await Promise.all(topics.map(async (t, i) => { slots[i] = await agent(`Slot ${t}`) }))
const text = slots.filter((s) => s !== null).join('\n')
let total = 0
for (const r of await parallel(topics.map((t) => () => agent(t, { schema: S })))) total += r?.facts.length ?? 0
const found = new Set()
await parallel(topics.map((t) => () => agent(t, { schema: S }).then((r) => r?.facts.forEach((f) => found.add(f)))))
const sorted = [...found].sort()
const last = await agent(`All: ${text}\n${sorted.join('\n')}\nCounts: ${topics.map((t) => `${t}=${counts[t]}`).join()}`)
return { viaPush, viaReduce, viaSpread, best: best?.score, max, total, last, size: found.size }
