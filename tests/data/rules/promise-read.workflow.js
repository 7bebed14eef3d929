//- case: in place
const ok = agent('Review.', { schema: args.schema }).ok
//         ^^^^^ promise-read: not its result
log(`Result: ${agent('Review.')}`)
//             ^^^^^ promise-read
log(agent('Review.'))
//  ^^^^^ promise-read
const text = JSON.stringify(agent('Review.'))
//                          ^^^^^ promise-read
if (agent('Review.')) log('yes')
//  ^^^^^ promise-read
const sum = 'a' + agent('Review.')
//                ^^^^^ promise-read
const not = !workflow(args.deep)
//           ^^^^^^^^ promise-read
const first = parallel([() => agent('One.')])[0]
//            ^^^^^^^^ promise-read
for (const item of parallel([() => agent('One.')])) log(item ?? 'nothing')
//                 ^^^^^^^^ promise-read
const list = [...pipeline(args.files, (file) => agent(file))]
//               ^^^^^^^^ promise-read
const { length } = agent('Review.')
//                 ^^^^^ promise-read: takes apart the promise
const [one] = parallel([() => agent('One.')])
//            ^^^^^^^^ promise-read
return { ok, text, sum, not, first, list, length, one }
//- case: through a constant
const review = agent('Review.', { schema: args.schema })
if (review.ok) log('fine')
//  ^^^^^^ promise-read: `review` is a promise
log(`It says ${review}`)
//             ^^^^^^ promise-read
return review
//- case: collections
const a = await args.files.map((file) => agent(file))
//                                       ^^^^^ promise-read: not for those in an array
const b = await args.files.map(async (file) => {
  const text = await agent(file)
  //                 ^^^^^ promise-read: use `parallel`
  return text
})
const c = await [agent('One.'), agent('Two.')]
//               ^^^^^ promise-read
//                              ^^^^^ promise-read
if (args.quick) return args.files.map((file) => agent(file))
//                                              ^^^^^ promise-read: becomes `{}`
return { a, b, c, d: agent('Three.') }
//                   ^^^^^ promise-read: becomes `{}`
//- case: look-alikes
const review = agent('Review.')
// ok: awaited where it is used
const text = await review
log(`It says ${await review}`)
// ok: chained, combined, handed on
const chained = await agent('One.').then((value) => value ?? '').catch(() => '')
const both = await Promise.all([review, agent('Two.')])
const label = (await agent('Three.'))?.length
// ok: a condition whose branches are promises
const picked = await (args.one ? agent('Four.') : agent('Five.'))
// ok: awaited together, in a function of its own, or one by one
const all = await Promise.all(args.files.map(async (file) => ({ file, text: await agent(file) })))
const start = () => args.files.map((file) => agent(file))
const texts = []
for (const promise of start()) texts.push(await promise)
const made = { text: await agent('Six.'), make: () => agent('Seven.') }
if (args.one) return agent('Eight.')
if (args.two) return args.files.map((file) => ({ file, prompt: `agent(${file})` }))
// ok: another object's agent
const result = args.agent('x').ok
return { text, chained, both, label, picked, result, all, texts, made: made.text }
//- case: ignored
// callsheet-ignore promise-read: shows what a promise looks like
log(`Result: ${agent('Review.')}`)
