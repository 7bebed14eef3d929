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
