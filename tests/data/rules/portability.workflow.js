//- case: Claude Code
//- settings: {"hosts": ["claude"]}
//- bare
export const meta = { name: 'x', description: 'y', phases: [{ title: 'Scan', model: 'haiku' }] }
//                                                                           ^^^^^ portability: only a label
const a = await agent('Look.', { tier: 'small', timeoutMs: 1000, effort: 'low' })
//                               ^^^^ portability: Claude Code has no `tier`
//                                              ^^^^^^^^^ portability: Claude Code has no `timeoutMs`
const b = await verify(a)
//              ^^^^^^ portability: Claude Code has no `verify`
return b
//- case: pi
//- settings: {"hosts": ["pi"]}
const a = await agent('Replace Date.now() by args.now.', { effort: 'low', isolation: 'worktree', timeoutMs: 1000 })
//                             ^^^^^^^^^^ portability: looks for `Date.now()` in the whole text
//                                                         ^^^^^^ portability: pi has no `effort`
//                                                                        ^^^^^^^^^ portability: removes the worktree
const b = await workflow({ scriptPath: './x.js' })
//              ^^^^^^^^ portability: pi 1.5 has no `workflow()`
//                         ^^^^^^^^^^ portability: not `{ scriptPath }`
return { a, b }
//- file: x.js
export const meta = { name: 'x', description: 'y' }
//- case: look-alikes
//- settings: {"hosts": ["claude", "pi"]}
// ok: what all of them have
const a = await agent('Look.', { label: 'x', model: 'haiku', phase: 'Scan' })
// ok: names of one's own
const verify = (x) => x
log(verify(a))
return await parallel([() => agent('One.')])
//- case: no host
// ok: nobody asked
const a = await agent('Replace Date.now() by args.now.', { tier: 'small' })
return await verify(a)
//- case: ignored
//- settings: {"hosts": ["claude"]}
// callsheet-ignore portability: not used there
return await agent('Look.', { tier: 'small' })
