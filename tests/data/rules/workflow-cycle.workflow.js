//- case: itself
//- path: .callsheet/workflows/audit.js
//- bare
export const meta = { name: 'audit', description: 'x' }
return await workflow('audit', { folder: 'src' })
//                    ^^^^^^^ workflow-cycle: is this workflow itself
//- case: back
//- path: .callsheet/workflows/audit.js
//- bare
export const meta = { name: 'audit', description: 'x' }
return await workflow('check')
//                    ^^^^^^^ workflow-cycle: calls this workflow, `audit`, back
//- file: .callsheet/workflows/check.js
export const meta = { name: 'check', description: 'x' }
return await workflow('audit')
//- case: by path
//- path: flows/audit.workflow.js
//- bare
export const meta = { name: 'audit', description: 'x' }
const a = await workflow({ scriptPath: './audit.workflow.js' })
//                                     ^^^^^^^^^^^^^^^^^^^^^ workflow-cycle: is this workflow itself
const b = await workflow({ scriptPath: './check.workflow.js' })
//                                     ^^^^^^^^^^^^^^^^^^^^^ workflow-cycle: calls this workflow
return { a, b }
//- file: flows/check.workflow.js
export const meta = { name: 'check', description: 'x' }
return await workflow({ scriptPath: '../flows/audit.workflow.js' })
//- case: look-alikes
//- path: .callsheet/workflows/audit.js
//- bare
// ok: calls a third one
export const meta = { name: 'audit', description: 'x' }
const a = await workflow('check')
// ok: names in texts
const b = await agent("Run workflow('audit').")
return { a, b }
//- file: .callsheet/workflows/check.js
export const meta = { name: 'check', description: 'x' }
return await agent('Look.')
//- case: ignored
//- path: .callsheet/workflows/audit.js
//- bare
export const meta = { name: 'audit', description: 'x' }
// callsheet-ignore workflow-cycle: shows the error
return await workflow('audit')
