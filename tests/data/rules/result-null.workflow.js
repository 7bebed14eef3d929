//- case: one result
const S = { type: 'object', properties: { items: { type: 'array', items: { type: 'string' } }, n: { type: 'number' } } }
const a = await agent('Look.', { schema: S })
log(a.items.length)
//  ^ result-null: `a` is null when its agent fails. Check it first, or write `a?.`.
log(a.n)
const text = await agent('Look.')
for (const line of text.split('\n')) log(line)
//                 ^^^^ result-null: `text` is null when its agent fails. Check it first, or write `text?.`.
const { items } = await agent('Look.', { schema: S })
//                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ result-null: `await agent('Look.', { schema: S })` is null when its agent fails. Check it first, or write `?? {}` behind it.
const b = await agent('Look.', { schema: S })
const n = b['n']
//        ^ result-null: `b` is null when its agent fails. Check it first, or write `b?.`.
log(items, (await agent('Look.')).trim(), n)
//         ^^^^^^^^^^^^^^^^^^^^^^ result-null: `(await agent('Look.'))` is null when its agent fails. Check it first, or write `(await agent('Look.'))?.`.
//- case: fan-out
const S = { type: 'object', properties: { items: { type: 'array', items: { type: 'string' } }, n: { type: 'number' } } }
const results = await parallel(args.files.map((file) => () => agent(`Look at ${file}.`, { schema: S })))
log(results.map((result) => result.n))
//                          ^^^^^^ result-null: `result` is null where an agent of the fan-out failed. Drop the nulls first: `.filter(Boolean)`.
log(results.flatMap(({ items }) => items))
//                   ^^^^^^^^^ result-null: What is taken apart here is null where an agent of the fan-out failed. Drop the nulls first: `.filter(Boolean)`.
for (const result of results) log(result.n)
//                                ^^^^^^ result-null: `result` is null where an agent of the fan-out failed. Drop the nulls first: `.filter(Boolean)`.
const [first, second] = await parallel([() => agent('One.'), () => agent('Two.', { schema: S })])
log(first.trim(), second.n)
//  ^^^^^ result-null: `first` is null when its agent fails. Check it first, or write `first?.`.
//                ^^^^^^ result-null: `second` is null when its agent fails. Check it first, or write `second?.`.
//- case: lists and prompts
const results = await parallel([() => agent('One.'), () => agent('Two.')])
for (let i = 0; i < results.length; i++) log(results[i].trim())
//                                           ^^^^^^^^^^ result-null: `results[i]` is null when its agent fails. Check it first, or write `results[i]?.`.
// ok: looked at one by one
for (let i = 0; i < results.length; i++) if (results[i]) log(results[i].trim())
const prompt = await agent('Write a prompt.')
await agent(prompt)
//          ^^^^^^ result-null: `prompt` is null when its agent fails, and a call without a prompt is refused. Check it first.
// ok: with something in its place
await agent(prompt ?? 'Do it yourself.')
class Crew {
  async ask(question) {
    return agent(question)
  }
}
const crew = new Crew()
const answer = await crew.ask('Who?')
log(answer.trim())
//  ^^^^^^ result-null: `answer` is null when its agent fails. Check it first, or write `answer?.`.
//- case: helpers that throw
const fail = (why) => { throw new Error(why) }
const one = await agent('One.')
if (!one) fail('one')
// ok: the helper throws
log(one.trim())
const two = await agent('Two.')
two ?? fail('two')
// ok: here as well
log(two.trim())
const three = await agent('Three.')
if (!three) log('three')
log(three.trim())
//  ^^^^^ result-null: `three` is null when its agent fails. Check it first, or write `three?.`.
//- case: through a helper
const S = { type: 'object', properties: { items: { type: 'array', items: { type: 'string' } }, n: { type: 'number' } } }
const look = async (file) => agent(`Look at ${file}.`, { schema: S })
const result = await look('a.js')
log(...result.items)
//     ^^^^^^ result-null: `result` is null when its agent fails. Check it first, or write `result?.`.
const again = await retry(() => agent('Look.', { schema: S }))
log(again.n)
//  ^^^^^ result-null: `again` is null when its agent fails. Check it first, or write `again?.`.
//- case: checks that do not help
const S = { type: 'object', properties: { items: { type: 'array', items: { type: 'string' } }, n: { type: 'number' } } }
const a = await agent('Look.', { schema: S })
if (!a) log('failed')
log(a.n)
//  ^ result-null: `a` is null when its agent fails. Check it first, or write `a?.`.
const b = await agent('Look.', { schema: S })
if (b !== undefined) log(b.n)
//                       ^ result-null: `b` is null when its agent fails. Check it first, or write `b?.`.
const c = await agent('Look.', { schema: S })
const items = c?.items
log(items.length)
//  ^^^^^ result-null: `items` is null when its agent fails. Check it first, or write `items?.`.
//- case: checked
const S = { type: 'object', properties: { items: { type: 'array', items: { type: 'string' } }, n: { type: 'number' } } }
const a = await agent('Look.', { schema: S })
// ok: optional
log(a?.items.length, a?.n ?? 0)
// ok: in a condition
log(a ? a.n : 0, a && a.n, !a || a.n)
if (a != null && a.n > 3) log(a.items)
const b = await agent('Look.', { schema: S })
if (b === null) throw new Error('no answer')
// ok: behind an early exit, also in a callback
log(b.n, args.list.map((x) => x + b.n))
// ok: with something in its place
const { items } = (await agent('Look.', { schema: S })) ?? { items: [] }
log(items.length)
const results = await parallel(args.files.map((file) => () => agent(`Look at ${file}.`, { schema: S })))
// ok: nulls dropped
log(results.filter(Boolean).map((result) => result.n), results.filter((result) => result?.n > 3).map(({ n }) => n))
for (const result of results) {
  if (!result) continue
  // ok: checked in the loop
  log(result.n)
}
const checked = Boolean(a) && a.n > 0
// ok: by a name for the condition
if (checked) log(a.items)
//- case: changes
const S = { type: 'object', properties: { n: { type: 'number' } } }
let best = null
for (let round = 0; round < 3 && !best; round++) best = await agent(`Round ${round}.`, { schema: S })
if (!best) return null
// ok: looked at before
return best.n
//- case: ignored
const text = await agent('Look.')
// callsheet-ignore result-null: the run may fail here
return text.trim()
//- case: functions that refuse null
const S = { type: 'object', properties: { n: { type: 'number' } } }
const a = await agent('Look.', { schema: S })
log(Object.keys(a))
//              ^ result-null: `a` is null when its agent fails. Check it first, or write `?? {}` behind it.
const b = await agent('Look.', { schema: S })
// ok: with something in its place
log(Object.entries(b ?? {}), String(b))
