export const meta = { name: 'misc-null', description: 'Less common ways to be careful' }
const S = { type: 'object', properties: { a: { type: 'string' }, n: { type: 'number' }, xs: { type: 'array', items: { type: 'string' } } }, required: ['a', 'n', 'xs'] }
const one = await agent('1', { schema: S })
const two = await agent('2', { schema: S })
if ([one, two].some((r) => r === null)) return 'failed'
log(one.a, two.a)
const three = await agent('3', { schema: S })
const four = await agent('4', { schema: S })
const parts = [three, four].filter(Boolean)
if (parts.length !== 2) return 'failed again'
log(three.a, four.a)
const five = await agent('5', { schema: S })
const n = five ? five.n : six()
function six() { return 6 }
const seven = await agent('7', { schema: S })
const label = seven === null ? 'none' : `${seven.a} (${seven.xs.length})`
const eight = (await agent('8', { schema: S })) ?? (await agent('8 again', { schema: S })) ?? { a: '', n: 0, xs: [] }
log(eight.xs.length)
let nine = await agent('9', { schema: S })
nine = nine ?? { a: 'default', n: 0, xs: [] }
log(nine.xs.join())
let ten = null
for (const model of ['haiku', 'sonnet', 'opus']) {
  ten = await agent('10', { schema: S, model })
  if (ten && ten.n > 0) break
}
if (!ten) throw new Error('no model could')
log(ten.a)
const eleven = await agent('11', { schema: S })
const fail = (why) => { throw new Error(why) }
if (!eleven) fail('eleven')
log(eleven.a)
const twelve = (await agent('12', { schema: S })) || fail('twelve')
log(twelve.a)
const all = await Promise.all([agent('a', { schema: S }), agent('b', { schema: S })])
if (all.some((x) => !x)) return 'partial'
const [p, q] = all
log(p.a, q.a)
const results = await parallel([() => agent('c', { schema: S }), () => agent('d', { schema: S })])
const failed = results.filter((x) => x === null).length
if (failed > 0) return { failed }
log(results[0].a, results.map((x) => x.n))
const thirteen = await agent('13', { schema: S })
if (Boolean(thirteen) === false) return
log(thirteen.a)
const fourteen = await agent('14', { schema: S })
if (typeof fourteen?.a !== 'string') return
log(fourteen.n)
const fifteen = await agent('15', { schema: S })
if (fifteen instanceof Object) log(fifteen.a)
const sixteen = await agent('16', { schema: S })
if ('a' in (sixteen ?? {})) log(sixteen.a)
const { a: s17 = 'x', ...rest17 } = { ...(await agent('17', { schema: S })) }
log(s17, rest17.n)
const copy = { ...one, extra: true }
log(copy.extra, copy.a)
return { n, label }
