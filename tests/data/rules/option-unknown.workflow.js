//- case: found
const a = await agent('Look.', { lable: 'x', timeout: 5, colour: 'red' })
//                               ^^^^^ option-unknown: Did you mean `label`?
//                                           ^^^^^^^ option-unknown: Did you mean `timeoutMs`?
//                                                       ^^^^^^ option-unknown: has no option `colour`
phase('Scan', { budjet: 1000 })
//              ^^^^^^ option-unknown: Did you mean `budget`?
const v = await verify('x', { reviewer: 3 })
//                            ^^^^^^^^ option-unknown: Did you mean `reviewers`?
const w = await workflow({ path: './x.js' })
//                         ^^^^ option-unknown: Did you mean `scriptPath`?
//                       ^^^^^^^^^^^^^^^^^^ option-type: needs the option `scriptPath`
const thinking = 'high'
const t = await agent('Look.', { thinking })
//                               ^^^^^^^^ option-unknown: Did you mean `effort`?
return { a, v, w, t }
//- case: behind names, in spreads and conditions
const shared = { lable: 'x' }
//               ^^^^^ option-unknown: Did you mean `label`
const a = await agent('Look.', shared)
const b = await agent('Look again.', { ...shared, ...(args.fast && { modle: 'haiku' }) })
//                                                                   ^^^^^ option-unknown: `model`
const c = await agent('Look.', args.deep ? { efort: 'max' } : {})
//                                           ^^^^^ option-unknown: `effort`
return [a, b, c]
//- case: look-alikes
// ok: an object with a name may hold more than options
const extra = { owner: 'x' }
// ok: known ones, quoted, from elsewhere
const a = await agent('Look.', { 'label': 'x', "model": 'haiku', ...extra })
const b = await agent('Look.', extra)
const label = 'y'
const c = await agent('Look.', { label, [args.key]: 1 })
// ok: objects that are no options
const d = await workflow(args.name, { lable: 'x' })
log({ lable: 'x' })
return { a, b, c, d }
//- case: ignored
// callsheet-ignore option-unknown: read by another host
return await agent('Look.', { colour: 'red' })
