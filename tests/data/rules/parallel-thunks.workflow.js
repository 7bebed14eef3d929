//- case: promises in the array
const two = agent('Two.')
const a = await parallel([agent('One.'), two, () => agent('Three.')])
//                        ^^^^^^^^^^^^^ parallel-thunks: a promise
//                                       ^^^ parallel-thunks: a promise
const b = await parallel([await agent('One.'), workflow(args.deep)])
//                        ^^^^^^^^^^^^^^^^^^^ parallel-thunks: the result of a call
//                                             ^^^^^^^^^^^^^^^^^^^ parallel-thunks: a promise
const c = await parallel(['One.', { prompt: 'Two.' }])
//                        ^^^^^^ parallel-thunks: this is none
//                                ^^^^^^^^^^^^^^^^^^ parallel-thunks: this is none
return { a, b, c, two: await two }
//- case: promises by map
const files = args.files
const a = await parallel(files.map((file) => agent(`Review ${file}`)))
//                                           ^^^^^^^^^^^^^^^^^^^^^^^ parallel-thunks: these are promises
const b = await parallel(files.map(async (file) => {
//                                 ^^^^^^^^^^^^^^^^^ parallel-thunks: an async callback is called at once
  return agent(`Review ${file}`)
}))
const calls = files.map((file) => agent(`Review ${file}`).then((text) => ({ file, text })))
const c = await parallel(calls)
//                       ^^^^^ parallel-thunks: these are promises
const d = await parallel(files.map((file) => `Review ${file}`))
//                                           ^^^^^^^^^^^^^^^^ parallel-thunks: these are none
return { a, b, c, d }
//- case: promises by another way
const calls = []
for (const file of args.files) calls.push(agent(file))
//                                        ^^^^^^^^^^^ parallel-thunks: a promise
const a = await parallel(calls)
const b = await parallel(args.files.map((file) => {
  const prompt = `Review ${file}`
  return agent(prompt)
  //     ^^^^^^^^^^^^^ parallel-thunks: these are promises
}))
async function review(file) { return agent(`Review ${file}`) }
const c = await parallel(args.files.map(review))
//                                      ^^^^^^ parallel-thunks: an async callback is called at once
const look = (file) => agent(`Look at ${file}`)
const d = await parallel(args.files.map(look))
//                                      ^^^^ parallel-thunks: these are promises
const e = await parallel([...args.files.map((file) => agent(file)), () => null])
//                                                    ^^^^^^^^^^^ parallel-thunks: these are promises
const f = await parallel(Array.from(args.files, (file) => agent(file)))
//                                                        ^^^^^^^^^^^ parallel-thunks: these are promises
return { a, b, c, d, e, f }
//- case: promises of local functions
const look = (file) => agent(`Look at ${file}.`)
async function read(file) { return file }
const rs = await parallel([look('a'), read('b')])
//                         ^^^^^^^^^ parallel-thunks: a promise
//                                    ^^^^^^^^^ parallel-thunks: a promise
const ts = await parallel(args.files.map((file) => look(file)))
//                                                 ^^^^^^^^^^ parallel-thunks: these are promises
// ok: functions that make functions
const later = (file) => async () => look(file)
const us = await parallel([later('a'), ...args.files.map((file) => later(file))])
return [rs, ts, us]
//- case: no array
const a = await parallel(() => agent('One.'))
//                       ^^^^^^^^^^^^^^^^^^^ parallel-thunks: not one function
const b = await parallel(() => agent('One.'), () => agent('Two.'))
//                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ parallel-thunks: as separate arguments
const c = await parallel(agent('One.'), agent('Two.'))
//                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ parallel-thunks: not a promise
const thunks = args.files.map((file) => () => agent(file))
const d = await parallel(...thunks)
//                       ^^^^^^^^^ parallel-thunks: remove the `...`
const e = await parallel()
//              ^^^^^^^^ parallel-thunks: takes an array
const f = await parallel({ a: () => agent('One.') })
//                       ^^^^^^^^^^^^^^^^^^^^^^^^^^ parallel-thunks: takes an array
return { a, b, c, d, e, f }
//- case: look-alikes
const files = args.files
const review = (file) => () => agent(`Review ${file}`)
// ok: functions of every kind
const a = await parallel([() => agent('One.'), async () => 2, function () { return agent('Two.') }, review('x')])
const b = await parallel(files.map(review))
const c = await parallel(files.map((file) => review(file)))
const d = await parallel(files.map((file) => async () => { return agent(file) }))
const e = await parallel(files.map((file) => function () { return agent(file) }))
const jobs = []
jobs.push(() => agent('One.'), review('y'))
jobs.push(...files.map(review))
const l = await parallel(jobs)
function start(file) { if (file.skip) return () => null; return () => agent(file) }
const m = await parallel(files.map(start))
const n = await parallel(Array.from({ length: 3 }, (_, i) => () => agent(`Try ${i}`)))
// ok: arrays from elsewhere
const f = await parallel(args.thunks)
const g = await parallel([...files.map((file) => () => agent(file)), () => null])
const h = await parallel(files.flatMap((file) => [() => agent(file), () => agent(file)]))
const i = await parallel(files.map((file) => (file.big ? () => agent('Big.') : () => agent('Small.'))))
const j = await parallel(files.map((file) => { return () => agent(file) }))
// ok: a promise where it belongs
const k = await Promise.all(files.map((file) => agent(file)))
return { a, b, c, d, e, f, g, h, i, j, k, l, m, n }
//- case: ignored
// callsheet-ignore parallel-thunks: shows the error
return await parallel([agent('One.')])
