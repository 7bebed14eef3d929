export const meta = { name: 'renamed', description: 'Globals under other names, locals with the names of globals' }
const ask = agent
const all = parallel
const { log: say } = console
const s = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }
const x = await ask('One.', { schema: s })
say(x?.a)
const ys = await all([() => ask('Two.'), () => ask('Three.')])
say(ys.filter(Boolean).join())
function outer(agent) {
  const r = agent('not the global')
  return r.length + r.whatever
}
say(outer((t) => ({ length: t.length, whatever: 1 })))
{
  const parallel = (xs) => xs.map((f) => f())
  const r = parallel([() => ({ n: 1 })])
  say(r[0].n)
}
const phase = { name: 'local', title: 'x' }
say(phase.name)
const result = { items: [] }
result.items.push('x')
result.extra = 3
const r = await ask('Four.', { schema: s })
if (r) {
  r.extra = 'added by the script'
  say(r.extra)
  Object.assign(r, { more: 1 })
  say(r.more)
}
const enriched = r && { ...r, when: 'now' }
say(enriched?.when)
const dict = {}
for (const k of ['p', 'q']) dict[k] = await ask(k, { schema: s })
say(dict.p?.a, Object.values(dict).filter(Boolean).length)
return { x, ys }
