//- case: found
await agent('Look.', { schema: { type: 'object' } })
//                             ^^^^^^^^^^^^^^^^^^ schema-loose: Any object meets this schema. Describe in `properties` what the script reads, or leave the schema out.
await agent('Look.', { schema: { type: 'object', properties: {}, required: [] } })
//                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ schema-loose: Any object meets this schema. Describe in `properties` what the script reads, or leave the schema out.
const ANY = { type: 'object', description: 'What you found', additionalProperties: true }
//          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ schema-loose: Any object meets this schema. Describe in `properties` what the script reads, or leave the schema out.
await agent('Look.', { schema: ANY })
//- case: left alone
// ok: a table of names and texts
await agent('Look.', { schema: { type: 'object', additionalProperties: { type: 'string' } } })
// ok: described by reference
await agent('Look.', { schema: { type: 'object', $ref: '#/$defs/x', $defs: { x: { required: ['a'] } } } })
// ok: not known
await agent('Look.', { schema: { type: 'object', ...args.schema } })
//- case: ignored
// callsheet-ignore schema-loose: anything will do
await agent('Look.', { schema: { type: 'object' } })
