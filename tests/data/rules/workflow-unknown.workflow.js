//- case: found
const a = await workflow('relaese-notes')
//                       ^^^^^^^^^^^^^^^ workflow-unknown: Did you mean `release-notes`?
const b = await workflow('something')
//                       ^^^^^^^^^^^ workflow-unknown: `fix-with-review` and `release-notes`.
const c = await workflow({ scriptPath: './missing.js' })
//                                     ^^^^^^^^^^^^^^ workflow-unknown: no script ./missing.js
return { a, b, c }
//- file: .callsheet/workflows/notes.js
export const meta = { name: 'release-notes', description: 'Writes them.' }
//- case: none saved
return await workflow('release-notes')
//                    ^^^^^^^^^^^^^^^ workflow-unknown: There are `explain-code` and `fix-with-review`.
//- case: look-alikes
// ok: saved in any of the folders, by its name, not by its file's
const a = await workflow('release-notes')
const b = await workflow('from-claude', { tag: 1 })
const c = await workflow('of-home')
const d = await workflow('a record')
// ok: by path, or not to be told
const e = await workflow({ scriptPath: './other.workflow.js' })
const f = await workflow(args.name)
const g = await workflow(`${args.name}-2`)
// ok: comes with Callsheet
const h = await workflow('explain-code', { path: 'src' })
return { a, b, c, d, e, f, g, h }
//- file: .callsheet/workflows/notes.js
export const meta = { name: 'release-notes', description: 'Writes them.' }
//- file: .claude/workflows/x.mjs
export const meta = { name: 'from-claude', description: 'x' }
//- file: home/.pi/workflows/y.js
export const meta = { name: 'of-home', description: 'x' }
//- file: .pi/workflows/saved/z.json
{ "name": "a record", "script": "export const meta = { name: 'z', description: 'x' }" }
//- file: other.workflow.js
export const meta = { name: 'other', description: 'x' }
//- case: ignored
// callsheet-ignore workflow-unknown: installed with the plug-in
return await workflow('release-notes')
