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
