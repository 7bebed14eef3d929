export const meta = { name: 'streams', description: 'Async iterators, composed' }
const S = { type: 'object', properties: { items: { type: 'array', items: { type: 'object', properties: { id: { type: 'string' }, n: { type: 'integer' } }, required: ['id'] } }, cursor: { type: ['string', 'null'] } }, required: ['items', 'cursor'] }
async function* pages(limit = 5) {
  let cursor = null
  for (let page = 0; page < limit; page++) {
    const result = await agent(`List issues${cursor ? ` after ${cursor}` : ''}.`, { schema: S, label: `page ${page + 1}` })
    if (!result) return
    yield result.items
    cursor = result.cursor
    if (cursor === null) return
  }
}
async function* flat(source) { for await (const list of source) yield* list }
async function* take(source, n) {
  let i = 0
  for await (const x of source) { if (i++ >= n) return; yield x }
}
async function toArray(source) { const out = []; for await (const x of source) out.push(x); return out }
const first = await toArray(take(flat(pages()), 20))
const ids = first.map(({ id }) => id)
const total = first.reduce((sum, { n = 0 }) => sum + n, 0)
for await (const items of pages(2)) log(items.map((i) => i.id).join())
return { ids, total, biggest: first.reduce((a, b) => ((a.n ?? 0) >= (b.n ?? 0) ? a : b), { id: 'none', n: 0 }).id }
