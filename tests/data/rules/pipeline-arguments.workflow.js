//- case: found
const files = ['a']
const a = await pipeline((file) => agent(file), files)
//                       ^^^^^^^^^^^^^^^^^^^^^ pipeline-arguments: The first argument
//                                              ^^^^^ pipeline-arguments: not an array
const b = await pipeline(files, agent('Review.'))
//                              ^^^^^^^^^^^^^^^^ pipeline-arguments: not the call itself
const c = await pipeline(files, [(file) => agent(file), (text) => agent(text)])
//                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ pipeline-arguments: not an array
const d = await pipeline(...files, (file) => agent(file))
//                       ^^^^^^^^ pipeline-arguments: remove the `...`
const e = await pipeline('a,b', (file) => agent(file), 'agent')
//                       ^^^^^ pipeline-arguments: The first argument
//                                                     ^^^^^^^ pipeline-arguments: A stage must be a function
const f = await pipeline()
//              ^^^^^^^^ pipeline-arguments: takes an array of items
const g = await pipeline(workflow(args.name), (item) => item)
//                       ^^^^^^^^^^^^^^^^^^^ pipeline-arguments: this is a promise
return { a, b, c, d, e, f, g }
//- case: look-alikes
const stages = [(file) => agent(file), (text) => agent(`More: ${text}`)]
const review = async (file) => agent(file)
// ok: functions by name, spread, made by a call
const a = await pipeline(args.files, review, ...stages)
const b = await pipeline(args.files.filter(Boolean), function (file) { return agent(file) }, args.stage)
const c = await pipeline(Object.entries(args.byName), ([name, file]) => agent(`${name}: ${file}`))
// ok: items that are promises or anything else
const d = await pipeline(['a', null, { b: 1 }], (item) => item)
return { a, b, c, d }
//- case: ignored
// callsheet-ignore pipeline-arguments: shows the error
return await pipeline(['a'], 'agent')
