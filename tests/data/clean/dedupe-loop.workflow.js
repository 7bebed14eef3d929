export const meta = { name: 'dedupe', description: 'Loops with several exits' }
const FOUND = { type: 'object', properties: { items: { type: 'array', items: { type: 'object', properties: { key: { type: 'string' }, text: { type: 'string' } }, required: ['key', 'text'] } } }, required: ['items'] }
const LIMITS = { rounds: 6, dry: 2, total: 100 }
const state = { round: 0, dry: 0, items: new Map() }
for (;;) {
  state.round++
  if (state.round > LIMITS.rounds) break
  const found = await agent(`Find more. Known: ${[...state.items.keys()].join()}`, { schema: FOUND })
  if (!found) { state.dry += 1; if (state.dry >= LIMITS.dry) break; continue }
  const before = state.items.size
  found.items.forEach((i) => state.items.has(i.key) || state.items.set(i.key, i))
  if (state.items.size === before) state.dry += 1
  else state.dry = 0
  if (state.dry >= LIMITS.dry || state.items.size >= LIMITS.total) break
}
let done = false
let n = 0
while (!done) {
  const r = await agent('Anything left?', { schema: { type: 'object', properties: { done: { type: 'boolean' } }, required: ['done'] } })
  done = r?.done === true || ++n >= 5
}
const pending = [...state.items.values()]
const handled = []
while (pending.length) {
  const item = pending.shift()
  const answer = await agent(`Handle ${item.text}`)
  if (answer === null && !item.again) pending.push({ ...item, again: true })
  else handled.push({ ...item, answer })
}
let todo = handled.filter((h) => h.answer === null)
for (let pass = 0; todo.length > 0 && pass < 2; pass++) {
  const again = await parallel(todo.map((t) => () => agent(`Once more: ${t.text}`)))
  todo = todo.filter((_, i) => again[i] === null)
}
return { handled: handled.length, left: todo.length }
