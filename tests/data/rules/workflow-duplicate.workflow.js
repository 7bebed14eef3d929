//- case: taken by another
//- path: .callsheet/workflows/b.js
//- bare
export const meta = { name: 'audit', description: 'x' }
//                          ^^^^^^^ workflow-duplicate: `a.js` is taken
return await agent('Look.')
//- file: .callsheet/workflows/a.js
export const meta = { name: 'audit', description: 'x' }
//- case: this one is taken
//- path: .claude/workflows/a.js
//- bare
export const meta = { name: 'audit', description: 'x' }
//                          ^^^^^^^ workflow-duplicate: this one is taken
return await agent('Look.')
//- file: .claude/workflows/b.mjs
export const meta = { name: 'audit', description: 'x' }
//- case: look-alikes
//- path: .callsheet/workflows/a.js
//- bare
// ok: another folder, another name, and a script that is not saved
export const meta = { name: 'audit', description: 'x' }
return await agent('Look.')
//- file: .claude/workflows/a.js
export const meta = { name: 'audit', description: 'x' }
//- file: .callsheet/workflows/b.js
export const meta = { name: 'audit-2', description: 'x' }
//- file: .callsheet/workflows/c.txt
export const meta = { name: 'audit', description: 'x' }
//- case: beside
//- path: a.workflow.js
//- bare
// ok: only folders of saved workflows are called by name
export const meta = { name: 'audit', description: 'x' }
return await agent('Look.')
//- file: b.workflow.js
export const meta = { name: 'audit', description: 'x' }
//- case: ignored
//- path: .callsheet/workflows/b.js
//- bare
// callsheet-ignore workflow-duplicate: the old one goes soon
export const meta = { name: 'audit', description: 'x' }
return await agent('Look.')
//- file: .callsheet/workflows/a.js
export const meta = { name: 'audit', description: 'x' }
