//- case: found
let done = false
while (!done) {
//@ 1-5 loop-unbounded: Only an answer ends this loop
  const review = await agent('Is anything left?', { schema: args.schema })
  done = review?.done
}
while (true) {
//@ 1-5 loop-unbounded: Only an answer ends this loop
  const text = await agent('Go on.')
  if (text === null) break
}
for (;;) {
//@ 1-3 loop-unbounded: never ends
  await agent('For ever.')
}
//- case: do and conditions
let status = 'open'
do {
//@ 1-2 loop-unbounded: Only an answer
  status = (await agent('Close it.')) ?? 'open'
} while (status !== 'closed')
async function improve(text) {
  while (true) {
  //@ 3-7 loop-unbounded
    text = await agent(`Improve: ${text}`)
    if (text?.endsWith('perfect')) return text
  }
}
return improve(status)
//- case: answers that look like a bound
const S = { type: 'object', properties: { issues: { type: 'array', items: { type: 'string' } }, score: { type: 'number' } } }
let review = await agent('Review.', { schema: S })
while (review && review.issues?.length > 0) {
//@ 1-5 loop-unbounded: Only an answer
  await agent(`Fix: ${review.issues.join()}`)
  review = await agent('Review again.', { schema: S })
}
let score = 0
while (score < 0.9) {
//@ 1-5 loop-unbounded: Only an answer
  score = (await agent('Rate.', { schema: S }))?.score ?? 0
}
let round = 0
while (true) {
//@ 1-5 loop-unbounded: Only an answer
  log(`round ${++round}`)
  if ((await agent('Done?')) === 'yes') break
}
const ask = (question) => agent(question)
let answer
do {
//@ 1-2 loop-unbounded: Only an answer
  answer = await ask('Done?')
} while (answer !== 'yes')
for (;;) {
//@ 1-3 loop-unbounded: Only an answer
  const all = await Promise.all(args.files.map((file) => ask(file)))
  if (all.every((one) => one === 'ok')) break
}
while (args.watch) await agent('Watch.')
//@ 1-5 loop-unbounded: Nothing in this loop changes
let open = true
const steps = { stop: () => { open = false }, go: () => agent('Go.') }
while (open) await steps[(await agent('Which step?')) ?? 'stop']()
//@ 1-5 loop-unbounded: Only an answer
//- case: bounds in many forms
let steps = 0
const tick = () => {
  if (++steps > 5) throw new Error('too many')
}
let done = false
// ok: a helper counts, and throws
while (!done) {
  tick()
  done = (await agent('Done?')) === 'yes'
}
const state = { round: 0, done: false }
// ok: counted in an object
while (!state.done && state.round < 5) {
  state.round++
  state.done = (await agent('Done?')) === 'yes'
}
const models = ['haiku', 'sonnet']
let text = null
// ok: a list that is emptied
while (!text && models.length) text = await agent('Try.', { model: models.shift() })
let size = 64
// ok: goes on from what it was
while (size > 1) {
  await agent(`${size} left`)
  size = Math.floor(size / 2)
}
let contenders = args.ideas
// ok: no more results than there were items
while (contenders.length > 1) {
  const winners = await parallel(contenders.map((idea) => () => agent(`Is it good? ${idea}`)))
  contenders = winners.filter(Boolean)
}
let step = 'plan'
// ok: the script itself moves on
while (step !== 'end') {
  switch (step) {
    case 'plan': step = (await agent('Plan.')) ? 'build' : 'end'; break
    case 'build': await agent('Build.'); step = 'end'; break
  }
}
// ok: once
do await agent('Once.')
while (false)
// ok: the reader of the generator ends it
async function* ideas() {
  while (true) yield await agent('An idea.')
}
for await (const idea of ideas()) if (idea === null) break
// ok: the person ends it
while (true) {
  await agent('Draft.')
  if (await checkpoint('Good?')) break
}
//- case: look-alikes
// ok: counted
for (let round = 0; round < 5; round++) await agent(`Round ${round}`)
let tries = 0
while (true) {
  await agent('Try.')
  if (++tries === 3) break
}
let left = 3
while (left) { await agent('Try.'); left -= 1 }
// ok: over items, and a queue that is emptied
for (const file of args.files) await agent(file)
const queue = [...args.files]
while (queue.length) await agent(queue.shift())
let item
while ((item = queue.pop())) await agent(item)
// ok: no call in it, or in a function that is made in it
while (args.wait) log('wait')
const makers = []
for (;;) { makers.push(() => agent('Later.')); if (args.stop) break }
// ok: the person ends it
let again = true
while (again) again = await checkpoint('Once more?')
// ok: helpers have a bound
await loopUntilDry({ round: () => agent('Search.') })
//- case: ignored
// callsheet-ignore loop-unbounded: a watch that the person stops
while (true) {
  await agent('Watch the build.')
}
