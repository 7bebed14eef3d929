//- case: found
const findings = []
await parallel(args.files.map((file) => async () => {
  const text = await agent(`Review ${file}`)
  if (text) findings.push(text)
}))
const report = await agent(`Summarise:\n${findings.join('\n')}`)
//                                        ^^^^^^^^ prompt-order: the order in which agents finish
const again = await agent('Summarise: ' + JSON.stringify(findings), { label: 'again' })
//                                                       ^^^^^^^^ prompt-order
const list = findings.map((text) => `- ${text}`).join('\n')
const third = await agent(`Summarise:\n${list}`)
//                                       ^^^^ prompt-order
return { report, again, third }
//- case: in a pipeline
const seen = []
await pipeline(args.files, (file) => agent(file), (text) => { seen.unshift(text ?? 'nothing') })
return await agent(`Compare ${seen}`)
//                            ^^^^ prompt-order
//- case: with Promise.all
const seen = []
await Promise.all(args.files.map(async (file) => { seen.push((await agent(file)) ?? file) }))
return await agent(`Compare ${seen}`)
//                            ^^^^ prompt-order
//- case: sets, texts and loops
let text = ''
const kinds = new Set()
const known = []
for (let round = 0; round < 3; round++) {
  await parallel(args.files.map((file) => async () => {
    const found = await agent(`Find more in ${file}. Known: ${known.join()}`)
    //                                                        ^^^^^ prompt-order
    if (!found) return
    text += found
    kinds.add(found.slice(0, 3))
    known.push(found)
  }))
}
const a = await agent(text)
//                    ^^^^ prompt-order
const b = await agent(`There are ${kinds.size} kinds: ${[...kinds].join()}`)
//                                                          ^^^^^ prompt-order
return [a, b]
//- case: in helpers, maps, records and members
const notes = []
async function look(file) {
  notes.push((await agent(file)) ?? file)
}
await parallel(args.files.map((file) => () => look(file)))
const prompt = `Sum up: ${notes.join()}`
//                        ^^^^^ prompt-order: `notes` has the order
await agent(prompt)
const state = { found: [], texts: [] }
await parallel(args.files.map((file) => async () => { state.found.push((await agent(file)) ?? file) }))
await agent(`Sum up: ${state.found.join()}, ${state.texts.join()}`)
//                     ^^^^^ prompt-order: `state.found` has the order
const byFile = new Map()
await parallel(args.files.map((file) => async () => { byFile.set(file, (await agent(file)) ?? '') }))
await agent(`Sum up: ${JSON.stringify([...byFile])}, ${byFile.get('a')}`)
//                                        ^^^^^^ prompt-order
const record = {}
await parallel(args.files.map((file) => async () => { record[file] = (await agent(file)) ?? '' }))
await agent(`Sum up: ${JSON.stringify(record)}, ${record.a}`)
//                                    ^^^^^^ prompt-order
let joined = []
await parallel(args.files.map((file) => async () => { joined = [...joined, (await agent(file)) ?? ''] }))
await agent(`Sum up: ${joined.join()}`)
//                     ^^^^^^ prompt-order
// ok: sorted, or read by key
await agent([...byFile].sort().map(([file]) => file).join())
await agent(Object.keys(record).sort().map((file) => `${file}: ${record[file]}`).join())
// ok: a text of its own
const own = await parallel(args.files.map((file) => async () => {
  const mine = []
  for (const part of ['a', 'b']) mine.push((await agent(`${file} ${part}`)) ?? '')
  return agent(mine.join())
}))
return own
//- case: look-alikes
const findings = []
// ok: pushed one after the other
for (const file of args.files) findings.push(file)
const a = await agent(`Summarise: ${findings}`)
const sorted = []
await parallel(args.files.map((file) => async () => { sorted.push(file) }))
sorted.sort()
// ok: sorted before it is used
const b = await agent(`Summarise: ${sorted}`)
const chained = []
await parallel(args.files.map((file) => async () => { chained.push(file) }))
const c = await agent(`Summarise: ${chained.toSorted().join()}`)
const slots = []
// ok: a callback that does not wait keeps the order
const named = []
await Promise.all(args.files.map((file) => { named.push(file); return agent(file) }))
await agent(`Compare ${named}`)
// ok: a sum has no order
let total = 0
await parallel(args.files.map((file) => async () => { total += file.length }))
await agent(`There are ${total} characters.`)
// ok: by index
await parallel(args.files.map((file, index) => async () => { slots[index] = file }))
const d = await agent(`Summarise: ${slots}`)
const counted = []
await parallel(args.files.map((file) => async () => { counted.push(file) }))
// ok: how many does not depend on the order, and a result is no prompt
const e = await agent(`There are ${counted.length}.`)
// ok: an array of the function's own
const f = await parallel(args.files.map((file) => () => {
  const own = []
  own.push(file)
  return agent(`Review ${own}`)
}))
return { a, b, c, d, e, f, counted }
//- case: ignored
const findings = []
await parallel(args.files.map((file) => async () => { findings.push(file) }))
// callsheet-ignore prompt-order: the order does not matter here
return await agent(`Summarise: ${findings}`)
