//- case: found
const a = await workflow('notes')
//                       ^^^^^^^ workflow-nested: `notes` calls `changes` itself
const name = 'both'
const b = await workflow(name)
//                       ^^^^ workflow-nested: calls `changes` and `notes`
return { a, b }
//- file: .callsheet/workflows/notes.js
export const meta = { name: 'notes', description: 'x' }
return await workflow('changes')
//- file: .callsheet/workflows/both.js
export const meta = { name: 'both', description: 'x' }
return [await workflow('changes'), await workflow('notes')]
//- file: .callsheet/workflows/changes.js
export const meta = { name: 'changes', description: 'x' }
//- case: by path
const a = await workflow({ scriptPath: './lib/outer.workflow.js' })
//                                     ^^^^^^^^^^^^^^^^^^^^^^^^^ workflow-nested: calls `changes` and `../inner.js`
const b = await workflow('thin')
//                       ^^^^^^ workflow-nested: calls `../../inner.js`
// ok: one level
const c = await workflow({ scriptPath: 'inner.js' })
return { a, b, c }
//- file: lib/outer.workflow.js
export const meta = { name: 'outer', description: 'x' }
return [await workflow('changes'), await workflow({ scriptPath: '../inner.js' })]
//- file: .callsheet/workflows/thin.js
export const meta = { name: 'thin', description: 'x' }
return await workflow({ scriptPath: '../../inner.js' })
//- file: inner.js
export const meta = { name: 'inner', description: 'x' }
return 1
//- case: look-alikes
// ok: one level
const a = await workflow('changes')
// ok: another function of that name in the child
const b = await workflow('flat')
return { a, b }
//- file: .callsheet/workflows/changes.js
export const meta = { name: 'changes', description: 'x' }
return await agent("Tell me what workflow('notes') does.")
//- file: .callsheet/workflows/flat.js
export const meta = { name: 'flat', description: 'x' }
const workflow = (name) => name
return workflow('changes')
//- case: ignored
// callsheet-ignore workflow-nested: never reached
return await workflow('notes')
//- file: .callsheet/workflows/notes.js
export const meta = { name: 'notes', description: 'x' }
return await workflow('changes')
