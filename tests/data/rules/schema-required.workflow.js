//- case: found
await agent('Sum up.', {
  schema: { type: 'object', properties: { summary: { type: 'string' } }, required: ['sumary', 'author'] },
//                                                                                  ^^^^^^^^ schema-required: `sumary` is required, but `properties` does not describe it. Did you mean `summary`?
//                                                                                            ^^^^^^^^ schema-required: `author` is required, but `properties` does not describe it.
})
const ITEM = { type: 'object', properties: { file: { type: 'string' } }, required: ["path"] }
//                                                                                  ^^^^^^ schema-required: `path` is required, but `properties` does not describe it.
await agent('List.', { schema: { type: 'object', properties: { items: { type: 'array', items: ITEM } } } })
//- case: left alone
// ok: described by a pattern
await agent('List.', {
  schema: { type: 'object', properties: {}, patternProperties: { '^x': { type: 'string' } }, required: ['x1'] },
})
// ok: more properties are invited
await agent('List.', {
  schema: { type: 'object', properties: { a: {} }, required: ['b'], additionalProperties: { type: 'string' } },
})
// ok: described elsewhere
await agent('List.', {
  schema: { type: 'object', properties: { a: {} }, required: ['b'], allOf: [{ properties: { b: {} } }] },
})
// ok: properties by a spread
await agent('List.', { schema: { type: 'object', properties: { ...args.properties }, required: ['b'] } })
//- case: ignored
// callsheet-ignore schema-required: the agent type describes it
await agent('List.', { schema: { type: 'object', properties: { a: {} }, required: ['b'] } })
//- case: composed by a helper
function record(properties, required) {
  return { type: 'object', properties, required }
}
await agent('Look.', { schema: record({ alpha: { type: 'string' } }, ['aplha']) })
//                                                                    ^^^^^^^ schema-required: Did you mean `alpha`?
const ask = (prompt, options) => agent(prompt, { label: 'ask', ...options })
await ask('Look.', { schema: { type: 'object', properties: { a: { type: 'string' } }, required: ['b'] } })
//                                                                                               ^^^ schema-required
