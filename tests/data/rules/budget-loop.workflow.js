//- case: found
const found = []
while (budget.remaining() > 20_000) {
//     ^^^^^^^^^^^^^^^^^^^^^^^^^^^ budget-loop: Without a budget `remaining()` is `Infinity` and this loop does not end: ask for `budget.total`.
  const text = await agent('Search.')
  if (!text) break
  found.push(text)
}
do {
  await agent('Search.')
} while (found && budget.remaining() > 1000)
//       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ budget-loop: Without a budget `remaining()` is `Infinity` and this loop does not end: ask for `budget.total`.
return found
//- case: by a way out, a helper, a share
log(`a budget of ${budget.total}`)
while (true) {
  if (budget.remaining() < 1000) break
//    ^^^^^^^^^^^^^^^^^^^^^^^^^ budget-loop: Without a budget `remaining()` is `Infinity` and this loop does not end: ask for `budget.total`.
  await agent('Search.')
}
const enough = () => budget.remaining() > 1000
while (enough()) await agent('Search.')
//     ^^^^^^^^ budget-loop: Without a budget `remaining()` is `Infinity` and this loop does not end: ask for `budget.total`.
while (budget.remaining() > budget.total * 0.1) await agent('Search.')
//     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ budget-loop: Without a budget `remaining()` is `Infinity` and this loop does not end: ask for `budget.total`.
let done = false
while (!done && budget.remaining() > 1000) {
//     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ budget-loop: Without a budget `remaining()` is `Infinity` and this loop does not end: ask for `budget.total`.
  done = (await agent('Search.')) === 'done'
}
const { remaining } = budget
while (remaining() > 1000) await agent('Search.')
//     ^^^^^^^^^^^^^^^^^^ budget-loop: Without a budget `remaining()` is `Infinity` and this loop does not end: ask for `budget.total`.
return null
//- case: asked for
// ok: the total is asked for
while (budget.total && budget.remaining() > 20_000) await agent('Search.')
return null
//- case: asked for before
if (budget.total === null) return 'no budget'
// ok: asked for before the loop
while (budget.remaining() > 20_000) await agent('Search.')
return null
//- case: bounded otherwise
let rounds = 0
// ok: rounds are counted
while (budget.remaining() > 20_000 && rounds++ < 10) await agent('Search.')
for (let round = 0; budget.remaining() > 1000 && round < 3; round++) await agent('Search.')
// ok: ends when nothing new is found
while (budget.remaining() > 20_000) {
  const more = (await agent('Search.'))?.split('\n') ?? []
  if (more.length === 0) break
}
// ok: no loop
if (budget.remaining() > 20_000) await agent('Search.')
//- case: ignored
// callsheet-ignore budget-loop: always started with --budget
while (budget.remaining() > 20_000) await agent('Search.')
