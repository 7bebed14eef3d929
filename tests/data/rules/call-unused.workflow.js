//- case: dropped
agent('Warm the cache.')
//@ 1-5 call-unused: Nothing waits for `agent`
if (args.deep) parallel([() => agent('Look.')])
//             ^^^^^^^^ call-unused: Nothing waits for `parallel`
args.more && workflow(args.name)
//           ^^^^^^^^ call-unused
args.quick ? null : agent('Look longer.').then((text) => log(text ?? 'nothing'))
//                  ^^^^^ call-unused
async function inner() {
  retry(() => agent('Try.'))
  //@ 3-7 call-unused: Nothing waits for `retry`
}
await inner()
//- case: lost in a fan-out
const reviews = await parallel(['a', 'b'].map((file) => () => {
  agent(`Review ${file}`)
  //@ 3-7 call-unused: return it
}))
return reviews
//- case: forEach
const files = ['a', 'b']
files.forEach(async (file) => {
  await agent(`Review ${file}`)
  //    ^^^^^ call-unused: `forEach` does not wait
})
files.forEach((file) => agent(`Review ${file}`))
//                      ^^^^^ call-unused: `forEach` does not wait
files.map((file) => agent(`Review ${file}`))
//                  ^^^^^ call-unused
files.map(async (file) => { log(await agent(file)) })
//                                    ^^^^^ call-unused: `map` does not wait
Promise.all([agent('One.'), agent('Two.')])
//           ^^^^^ call-unused
//                          ^^^^^ call-unused
//- case: stored and never read
const unread = agent('Look.')
//             ^^^^^ call-unused: never read
return 1
//- case: through a function of the script
async function review(file) {
  const text = await agent(`Review ${file}`)
  log(text ?? 'nothing')
}
const look = async (file) => agent(`Look at ${file}`)
review('a')
//@ 1-6 call-unused: Nothing waits for `review`
args.files.forEach(look)
//                 ^^^^ call-unused: Nothing waits for `look`
//- case: a main function
async function main() {
  return await agent('Do everything.')
}
main()
//@ 1-4 call-unused: Nothing waits for `main`
//- case: look-alikes
// ok: awaited, returned, handed on, stored and read later
const first = agent('One.')
const second = args.two ? agent('Two.') : null
const all = [agent('Three.')]
all.push(agent('Four.'))
const results = await Promise.all([first, second, ...all])
// ok: on purpose
void agent('Warm the cache.')
// ok: a name of one's own
function later() {
  const agent = (text) => log(text)
  agent('not an agent')
}
later()
// ok: functions of the script that are awaited, handed on, or call no agent
async function quiet() { log('quiet') }
quiet()
const noisy = async (name) => agent(name)
await noisy('x')
await Promise.all(['y'].map(noisy))
const promise = noisy('z')
// ok: returned from an arrow, also through conditions
const one = (name) => (name ? agent(name) : agent('None.').catch(() => null))
const two = (name) => name && agent(name)
// ok: functions that return nothing
phase('Scan')
log('begin')
for await (const text of [agent('Five.')]) log(text ?? 'nothing')
return [await one('a'), await two('b'), results, await promise]
//- case: kept where nobody looks
const waiting = []
waiting.push(agent('a'))
//           ^^^^^ call-unused: stored, and never read
let last
last = agent('b')
//     ^^^^^ call-unused: stored, and never read
;(async () => { await agent('c') })()
//^^^^^ call-unused: this function, which calls agents
return 1
//- case: kept where somebody looks
const waiting = []
// ok: read later, a parameter, an array from elsewhere, a promise that is handed on
const add = (list, file) => { list.push(agent(file)) }
add(waiting, 'a')
waiting.push(agent('b'))
const { others } = args
others.push(agent('c'))
let last
const start = () => { last = agent('d') }
start()
const run = (async () => { await agent('e') })()
void (async () => { await agent('f') })()
return [await Promise.all(waiting), await last, await run]
//- case: ignored
// callsheet-ignore call-unused: fire and forget
agent('Warm the cache.')
