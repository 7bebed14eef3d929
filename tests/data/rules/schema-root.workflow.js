//- case: found
await agent('List.', { schema: { type: 'array', items: { type: 'string' } } })
//                                     ^^^^^^^ schema-root: The root of a schema must have `type: 'object'`. Put the value in a property of an object.
await agent('List.', { schema: { properties: { names: { type: 'array' } } } })
//                             ^ schema-root: The root of a schema must have `type: 'object'`: here it is missing.
const CHOICE = { type: 'string', enum: ['yes', 'no'] }
//                     ^^^^^^^^ schema-root: The root of a schema must have `type: 'object'`. Put the value in a property of an object.
await agent('Choose.', { schema: CHOICE })
await agent('Choose.', { schema: { type: ['object', 'null'], properties: { choice: CHOICE } } })
//                                       ^^^^^^^^^^^^^^^^^^ schema-root: The root of a schema must have `type: 'object'`. Put the value in a property of an object.
//- case: left alone
const CHOICE = { type: 'string', enum: ['yes', 'no'] }
// ok: a part of a schema may be anything
await agent('Choose.', { schema: { type: 'object', properties: { choice: CHOICE } } })
// ok: not known
await agent('Choose.', { schema: args.schema })
// ok: a spread may bring the type
await agent('Choose.', { schema: { ...args.base, properties: { choice: CHOICE } } })
//- case: ignored
// callsheet-ignore schema-root: meant to fail
await agent('List.', { schema: { type: 'array', items: { type: 'string' } } })
//- case: composed by a helper
const list = (items) => ({ type: 'array', items })
await agent('Look.', { schema: list({ type: 'string' }) })
//                             ^^^^^^^^^^^^^^^^^^^^^^^^ schema-root
