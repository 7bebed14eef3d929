//- case: near and far
//- bare
export const meta = { name: 'x', description: 'y', fases: [], version: '1' }
//                                                 ^^^^^ meta-unknown-field: Did you mean `phases`?
//                                                            ^^^^^^^ meta-unknown-field: has no field `version`
//- case: in a phase
//- bare
export const meta = { name: 'x', description: 'y', phases: [{ title: 'Scan', details: 'z' }] }
//                                                                           ^^^^^^^ meta-unknown-field: Did you mean `detail`?
//- case: half-typed, so that it takes in what follows
//- bare
export const meta = { name: 'x', description: 'y',
//                  ^ syntax-error: not closed

const SCHEMA = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }
return await agent('Look.', { schema: SCHEMA })
//- case: known
//- bare
// ok: every field there is
export const meta = { name: 'x', description: 'y', whenToUse: 'z', model: 'haiku', phases: [{ title: 'a', detail: 'b', model: 'c' }] }
// ok: another object
return { version: '1' }
//- case: ignored
//- bare
// callsheet-ignore meta-unknown-field: read by our release script
export const meta = { name: 'x', description: 'y', version: '1' }
