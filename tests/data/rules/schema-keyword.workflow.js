//- case: unknown
await agent('Look.', {
  schema: {
    type: 'object',
    propertes: { a: { type: 'string' } },
    properties: { b: { type: 'string', descripton: 'B', 'minLenght': 3 }, c: { type: 'number', min: 1 } },
//                                     ^^^^^^^^^^ schema-keyword: JSON Schema has no keyword `descripton`. Did you mean `description`?
//                                                      ^^^^^^^^^^^ schema-keyword: JSON Schema has no keyword `minLenght`. Did you mean `minLength`?
//                                                                                             ^^^ schema-keyword: JSON Schema has no keyword `min`. Did you mean `minimum`?
    requried: ['a'],
//  ^^^^^^^^ schema-keyword: JSON Schema has no keyword `requried`. Did you mean `required`?
  },
})
//- case: of another type
await agent('Look.', {
  schema: {
    type: 'object',
    properties: {
      files: { type: 'array', properties: { path: { type: 'string' } } },
//                            ^^^^^^^^^^ schema-keyword: `properties` speaks of values of type 'object', and has no effect here.
      count: { type: 'number', maxLength: 3 },
//                             ^^^^^^^^^ schema-keyword: `maxLength` speaks of values of type 'string', and has no effect here.
      kind: { type: 'string', enum: ['a', null] },
//                                        ^^^^ schema-keyword: This value can never be given: the type is 'string'.
    },
  },
})
//- case: left alone
await agent('Look.', {
  schema: {
    type: 'object',
    title: 'Answer',
    // ok: words that other tools know
    example: {},
    'x-order': 1,
    properties: {
      // ok: names of properties are not keywords
      requried: { type: 'string' },
      // ok: one of the types
      either: { type: ['string', 'array'], maxLength: 3, minItems: 1 },
      // ok: no type, so it speaks of strings alone
      open: { maxLength: 3 },
    },
  },
})
//- case: an example in the place of a schema
await agent('Look.', { schema: { type: 'object', properties: { user: { login: 'string', age: 'number' } } } })
//                                                                     ^^^^^ schema-keyword: JSON Schema has no keyword `login`: without `properties` around these names the schema says nothing of them.
// ok: what a person says of a schema
await agent('Look.', { schema: { type: 'object', properties: { user: { title: 'User' }, n: { type: 'number' } } } })
//- case: ignored
// callsheet-ignore schema-keyword: a tool reads it
await agent('Look.', { schema: { type: 'object', properties: { a: {} }, requird: true } })
