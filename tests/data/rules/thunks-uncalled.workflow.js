//- case: found
const files = args.files
const a = await Promise.all(files.map((file) => () => agent(`Review ${file}`)))
//              ^^^^^^^^^^^ thunks-uncalled: never runs: use `parallel`
const b = await Promise.allSettled([() => agent('One.'), async () => { await agent('Two.') }])
//              ^^^^^^^^^^^^^^^^^^ thunks-uncalled
return { a, b }
//- case: look-alikes
const files = args.files
// ok: promises, and functions that are called
const a = await Promise.all(files.map((file) => agent(`Review ${file}`)))
const b = await Promise.all(files.map(async (file) => { await agent(file) }))
const c = await Promise.all([() => agent('One.')].map((start) => start()))
const d = await Promise.all(files.map((file) => retry(() => agent(file))))
// ok: `parallel` calls them
const e = await parallel(files.map((file) => () => agent(file)))
return { a, b, c, d, e }
//- case: ignored
// callsheet-ignore thunks-uncalled: shows the error
return await Promise.all([() => agent('One.')])
