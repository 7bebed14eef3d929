//- case: found
const a = await agent('Look.', { label: 7, tools: 'read', schema: 'object', model: null, phase: ['x'] })
//                                      ^ option-type: `label` must be a string, not a number
//                                                ^^^^^^ option-type: `tools` must be an array
//                                                                ^^^^^^^^ option-type: `schema` must be an object
//                                                                                 ^^^^ option-type: `model` must be a string
//                                                                                              ^^^^^ option-type: `phase` must be a string
const minutes = '5'
const b = await agent('Look.', { timeoutMs: minutes, retries: true, tools: ['read', 3] })
//                                          ^^^^^^^ option-type: `timeoutMs` must be a number or `null`
//                                                            ^^^^ option-type: `retries` must be a number
//                                                                         ^^^^^^^^^^^ option-type: Each item of `tools`
const c = await loopUntilDry({ key: 'id' })
//                           ^^^^^^^^^^^^^ option-type: needs the option `round`
//                                  ^^^^ option-type: `key` must be a function
return { a, b, c }
//- case: behind a name
const slow = { timeoutMs: '600000' }
//                        ^^^^^^^^ option-type: a number
return [await agent('Look.', slow), await agent('Look.', { ...slow, label: 'x' })]
//- case: look-alikes
const minutes = 5
// ok: right, or not to be told
const a = await agent('Look.', { label: `x`, timeoutMs: minutes * 60_000, model: args.model, tools: args.tools })
const b = await agent('Look.', { timeoutMs: null, retries: 2, label: String(7), phase: undefined })
// ok: a required option that a spread may bring
const c = await loopUntilDry({ ...args.loop })
let later = 1
later = 'x'
const d = await agent('Look.', { label: later })
return { a, b, c, d }
//- case: built-ins that give text
await agent('Look.', { schema: JSON.stringify({ type: 'object' }), label: String(args.n), timeoutMs: Number(args.n) })
//                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ option-type: `schema` must be an object, not a string.
//- case: ignored
// callsheet-ignore option-type: shows the error
return await agent('Look.', { label: 7 })
