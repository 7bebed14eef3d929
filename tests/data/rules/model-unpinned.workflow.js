//- case: found
//- settings: {"rules": {"model-unpinned": "warning"}}
const files = args.files
const a = await parallel(files.map((file) => () => agent(`Review ${file}`)))
//                                                 ^^^^^ model-unpinned: give a `model` or a `tier`
const b = await pipeline(files, (file) => agent(file, { label: file }), (_, file) => agent(`${file}`, { tier: 'small' }))
//                                        ^^^^^ model-unpinned
return { a, b }
//- case: look-alikes
//- settings: {"rules": {"model-unpinned": "warning"}}
//- bare
export const meta = { name: 'x', description: 'y', phases: [{ title: 'Scan', model: 'haiku' }, { title: 'Fix' }] }
const files = args.files
// ok: pinned by the call, its type, its phase, or where it is not to be told
const a = await parallel(files.map((file) => () => agent(file, { model: 'haiku' })))
const b = await parallel(files.map((file) => () => agent(file, { agentType: 'Explore', phase: 'Fix' })))
const c = await parallel(files.map((file) => () => agent(file)))
const d = await parallel(files.map((file) => () => agent(file, args.options)))
const e = await parallel(files.map((file) => () => agent(file, { ...args.options })))
phase('Scan')
const f = await parallel(files.map((file) => () => agent(file)))
// ok: no fan-out
const g = await agent('One.', { phase: 'Fix' })
return { a, b, c, d, e, f, g }
//- case: by meta
//- settings: {"rules": {"model-unpinned": "warning"}}
//- bare
export const meta = { name: 'x', description: 'y', model: 'haiku' }
// ok: one model for the whole run
return await parallel(args.files.map((file) => () => agent(file)))
//- case: off by default
// ok: nobody asked
return await parallel(args.files.map((file) => () => agent(file)))
//- case: ignored
//- settings: {"rules": {"model-unpinned": "warning"}}
// callsheet-ignore model-unpinned: the session's is right
return await parallel(args.files.map((file) => () => agent(file)))
