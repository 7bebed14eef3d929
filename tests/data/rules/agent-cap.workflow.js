//- case: found
const cases = Array.from({ length: 600 }, (_, i) => i)
const a = await pipeline(cases, (i) => agent(`Solve ${i}.`), (_, i) => agent(`Check ${i}.`))
//                                                                     ^^^^^ agent-cap: up to 600 times, 1,200 with
return a
//- case: nested
const rows = [...Array(40).keys()]
for (let round = 0; round < 30; round++) {
  await parallel(rows.map((row) => () => agent(`${round}: ${row}`)))
  //                                     ^^^^^ agent-cap: up to 1,200 times
}
//- case: a lower cap
//- settings: {"run": {"max_agents": 3}}
for (const name of ['a', 'b', 'c', 'd']) await agent(name)
//                                             ^^^^^ agent-cap: at most 3 agents
//- case: by helpers
const solve = (i) => agent(`Solve ${i}.`)
//                   ^^^^^ agent-cap: This `agent` is called up to 1,500 times
const rows = Array.from({ length: 1500 }, (_, i) => i)
await parallel(rows.map((row) => () => solve(row)))
async function check(row) {
  return agent(`Check ${row}.`)
}
await pipeline(rows, check)
//- case: by quality helpers
const claims = Array.from({ length: 400 }, (_, i) => `Claim ${i}`)
await parallel(claims.map((claim) => () => verify(claim, { reviewers: 3 })))
//                                         ^^^^^^ agent-cap: This `verify` asks up to 1,200 agents
//- case: look-alikes
// ok: as many as allowed
await parallel(Array.from({ length: 999 }, (_, i) => () => agent(`Case ${i}`)))
await agent('One more.')
// ok: how many is not to be told
await parallel(args.files.map((file) => () => agent(file)))
async function all(items) { return parallel(items.map((item) => () => agent(item))) }
await all(Array.from({ length: 5000 }, (_, i) => i))
for (let i = 0; i < args.count; i++) await agent('Again.')
const grown = []
for (const file of args.files) grown.push(file)
for (const file of grown) await agent(file)
//- case: ignored
// callsheet-ignore agent-cap: started with --max-agents
await parallel(Array.from({ length: 2000 }, (_, i) => () => agent(`Case ${i}`)))
