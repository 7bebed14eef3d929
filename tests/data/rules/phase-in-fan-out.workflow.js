//- case: found
const files = args.files
const a = await parallel(files.map((file) => async () => {
  phase('Review')
  //@ 3-7 phase-in-fan-out: inside of `parallel` races
  return agent(`Review ${file}`)
}))
const b = await pipeline(files, (file) => { phase('Fix'); return agent(`Fix ${file}`) })
//                                          ^^^^^ phase-in-fan-out: inside of `pipeline`
const c = await Promise.all(files.map(async (file) => {
  phase('Check')
  //@ 3-7 phase-in-fan-out: inside of `Promise.all`
  return agent(`Check ${file}`)
}))
return { a, b, c }
//- case: look-alikes
const files = args.files
// ok: before the fan-out, and in a loop that waits
phase('Review')
const a = await parallel(files.map((file) => () => agent(`Review ${file}`, { phase: 'Review' })))
for (const file of files) {
  phase(`Fix ${file}`)
  await agent(`Fix ${file}`)
}
// ok: a function that is called one after the other
async function step(title) { phase(title); return agent(title) }
await step('One')
const labels = files.map((file) => { phase(file); return file })
// ok: a name of one's own
const b = await parallel(files.map((file) => () => { const phase = (x) => x; return phase(file) }))
return { a, b, labels }
//- case: ignored
return await parallel([() => {
  // callsheet-ignore phase-in-fan-out: only one item
  phase('Review')
  return agent('Review.')
}])
//- case: by name
async function review(file) {
  phase('Review')
//@ 3-7 phase-in-fan-out: `phase` inside of `parallel`
  return agent(`Review ${file}`)
}
await parallel(args.files.map((file) => () => review(file)))
const fix = async (file) => {
  phase('Fix')
//@ 3-7 phase-in-fan-out: `phase` inside of `pipeline`
  return agent(`Fix ${file}`)
}
await pipeline(args.files, fix)
const thunks = []
for (const file of args.files) {
  thunks.push(async () => {
    phase('Check')
//  ^^^^^ phase-in-fan-out: `phase` inside of `parallel`
    return agent(`Check ${file}`)
  })
}
await parallel(thunks)
const lane = async (name) => {
  phase(name)
//@ 3-7 phase-in-fan-out: `phase` inside of `Promise.all`
  return agent(name)
}
await Promise.all([lane('docs'), lane('tests')])
// ok: one after the other
const step = async (title) => {
  phase(title)
  return agent(title)
}
await step('One')
await step('Two')
