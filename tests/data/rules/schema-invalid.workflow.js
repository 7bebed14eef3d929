//- case: types
await agent('Count.', { schema: { type: 'object', properties: { count: { type: 'int' } } } })
//                                                                             ^^^^^ schema-invalid: JSON Schema has no type 'int'. Did you mean 'integer'?
await agent('Count.', { schema: { type: 'object', properties: { count: { type: 'strng' } } } })
//                                                                             ^^^^^^^ schema-invalid: JSON Schema has no type 'strng'. Did you mean 'string'?
await agent('Count.', { schema: { type: 'object', properties: { count: { type: ['string', null] } } } })
//                                                                                        ^^^^ schema-invalid: `type` must be the name of a type or a list of them, no two alike. Write 'null' in quotes.
await agent('Count.', { schema: { type: 'object', properties: { count: { type: ['string', 'string'] } } } })
//                                                                             ^^^^^^^^^^^^^^^^^^^^ schema-invalid: `type` must be the name of a type or a list of them, no two alike.
//- case: values of keywords
const PART = { type: 'string', minLength: -1, pattern: 7 }
//                                        ^^ schema-invalid: `minLength` must be a whole number from 0.
//                                                     ^ schema-invalid: `pattern` must be a string.
const SCHEMA = {
  type: 'object',
  properties: {
    part: PART,
    other: PART,
    name: { type: 'string', required: true },
//                                    ^^^^ schema-invalid: `required` must be a list of property names, no two alike.
    list: { type: 'array', items: 'string', minItems: 1.5, uniqueItems: 'yes' },
//                                ^^^^^^^^ schema-invalid: `items` must be a schema: an object, `true` or `false`.
//                                                    ^^^ schema-invalid: `minItems` must be a whole number from 0.
//                                                                      ^^^^^ schema-invalid: `uniqueItems` must be `true` or `false`.
    choice: { enum: 'a' },
//                  ^^^ schema-invalid: `enum` must be a list.
    score: { type: 'number', minimum: '1', multipleOf: 0 },
//                                    ^^^ schema-invalid: `minimum` must be a number.
//                                                     ^ schema-invalid: `multipleOf` must be a number above 0.
    any: { anyOf: [] },
//                ^^ schema-invalid: `anyOf` must be a list of at least one schema.
  },
  required: 'part',
//          ^^^^^^ schema-invalid: `required` must be a list of property names, no two alike.
}
await agent('Look.', { schema: SCHEMA })
//- case: references
await agent('Look.', {
  schema: {
    type: 'object',
    properties: { tree: { $ref: '#/$defs/tree' }, leaf: { $ref: '#/$defs/leaf' } },
//                                                              ^^^^^^^^^^^^^^ schema-invalid: The schema refers to '#/$defs/leaf', which it does not contain.
    $defs: { tree: { type: 'object', properties: { inner: { $ref: '#/$defs/tree' } } } },
  },
})
//- case: half-typed
const SCHEMA = { type: 'object', properties: { a: { type: 'strin' } } required: ['a'] }
//                                                                    ^^^^^^^^ syntax-error
return await agent('Look.', { schema: SCHEMA })
//- case: left alone
// ok: parts that are not known are not judged
await agent('Look.', { schema: { type: 'object', properties: { kind: { type: args.type } }, required: args.names } })
// ok: schemas that are true or false, and keywords as names of properties
await agent('Look.', {
  schema: {
    type: 'object',
    properties: { type: { type: 'string' }, required: { type: 'boolean' }, more: true, count: { minimum: 0 } },
    required: ['type'],
    additionalProperties: false,
  },
})
// ok: an object that is no schema
const row = { type: 'int', required: true }
await agent(`Look at ${JSON.stringify(row)}.`)
//- case: ignored
// callsheet-ignore schema-invalid: meant to fail
await agent('Count.', { schema: { type: 'object', properties: { count: { type: 'int' } } } })
