//- case: bounds
await agent('Judge.', {
  schema: {
    type: 'object',
    properties: {
      score: { type: 'number', minimum: 10, maximum: 1 },
//                                      ^^ schema-contradiction: No value is at least `minimum` 10 and at most `maximum` 1.
      share: { type: 'number', exclusiveMinimum: 1, maximum: 1 },
//                                               ^ schema-contradiction: No value is at least `exclusiveMinimum` 1 and at most `maximum` 1.
      name: { type: 'string', minLength: 5, maxLength: 3 },
//                                       ^ schema-contradiction: No value is at least `minLength` 5 and at most `maxLength` 3.
      list: { type: 'array', minItems: 3, maxItems: 2 },
//                                     ^ schema-contradiction: No value is at least `minItems` 3 and at most `maxItems` 2.
    },
  },
})
//- case: values
await agent('Judge.', {
  schema: {
    type: 'object',
    properties: {
      none: { enum: [] },
//                  ^^ schema-contradiction: An empty `enum` allows no value at all.
      size: { type: 'number', enum: ['small', 'big'] },
//                                  ^^^^^^^^^^^^^^^^ schema-contradiction: No value of this `enum` is of the type 'number'.
      kind: { type: 'string', const: 7 },
//                                   ^ schema-contradiction: The value of `const` is not of the type 'string'.
      other: { enum: ['a', 'b'], const: 'c' },
//                                      ^^^ schema-contradiction: The value of `const` is not in `enum`.
      nothing: { not: {} },
//                    ^^ schema-contradiction: `not` of a schema that everything meets: nothing meets this.
      both: { type: 'string', allOf: [{ type: 'number' }] },
//                                    ^^^^^^^^^^^^^^^^^^ schema-contradiction: This part wants 'number', the whole 'string'.
    },
  },
})
//- case: required and excluded
await agent('Judge.', {
  schema: { type: 'object', properties: { a: {} }, required: ['a', 'b'], additionalProperties: false },
//                                                                 ^^^ schema-contradiction: `b` is required, but `additionalProperties: false` excludes it.
})
await agent('Judge.', { schema: { type: 'object', properties: { a: false }, required: ['a'] } })
//                                                                                     ^^^ schema-contradiction: `a` is required, and its schema `false` allows no value.
await agent('Judge.', {
  schema: { type: 'object', properties: { a: {} }, minProperties: 2, additionalProperties: false },
//                                                                ^ schema-contradiction: No more than 1 can be there.
})
//- case: left alone
const LOW = 1
await agent('Judge.', {
  schema: {
    type: 'object',
    properties: {
      // ok: one value is a range
      score: { type: 'integer', minimum: LOW, maximum: 1 },
      // ok: an integer is a number
      size: { type: 'integer', enum: [1, 2, 3] },
      // ok: one of several types
      kind: { type: ['string', 'null'], enum: ['a', null] },
      list: { type: 'array', minItems: args.least, maxItems: 2 },
    },
    required: ['score', 'size'],
    additionalProperties: false,
  },
})
//- case: parts and values
const S = {
  type: 'object',
  properties: {
    a: { allOf: [{ type: 'string' }, { type: 'number' }] },
//                                   ^^^^^^^^^^^^^^^^^^ schema-contradiction: This part wants 'number', another part 'string'.
    b: { allOf: [{ minimum: 5 }, { maximum: 3 }] },
//                               ^^^^^^^^^^^^^^ schema-contradiction: `minimum` 5 and `maximum` 3 of another part exclude each other.
    c: { type: 'string', anyOf: [{ type: 'number' }, { type: 'boolean' }] },
//                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ schema-contradiction: The whole wants 'string', and no part of `anyOf` does.
    d: { type: 'string', enum: ['aa', 'bb'], minLength: 3 },
//                             ^^^^^^^^^^^^ schema-contradiction: No value of this `enum` meets `minLength`.
    e: { type: 'integer', const: 7, maximum: 3 },
//                               ^ schema-contradiction: The value of `const` does not meet `maximum`.
    f: { type: 'string', enum: ['x', 'y'], pattern: '^[0-9]+$' },
//                             ^^^^^^^^^^ schema-contradiction: No value of this `enum` meets `pattern`.
    g: { type: 'string', not: { type: 'string' } },
//                            ^^^^^^^^^^^^^^^^^^ schema-contradiction: The whole wants 'string', and `not` excludes it.
    h: { type: 'array', items: { enum: ['x', 'y'] }, uniqueItems: true, minItems: 3 },
//                                                                                ^ schema-contradiction: No more than 2 items can differ.
    i: { type: 'object', properties: { a: {}, b: {} }, required: ['a', 'b'], maxProperties: 1 },
//                                                                                          ^ schema-contradiction: `required` has 2 properties.
    j: { type: 'object', properties: { a: {} }, minProperties: 2, additionalProperties: false },
//                                                             ^ schema-contradiction: No more than 1 can be there.
    // ok: something meets each
    k: { type: 'string', enum: ['a', 'bbb'], minLength: 3 },
    l: { type: ['string', 'null'], anyOf: [{ type: 'null' }, { minLength: 3 }], not: { type: 'string', maxLength: 2 } },
    m: { allOf: [{ type: 'number', minimum: 3 }, { type: 'integer', maximum: 3 }] },
    n: { type: 'array', items: { enum: ['x', 'y'] }, minItems: 3 },
  },
}
await agent('Look.', { schema: S })
//- case: ignored
// callsheet-ignore schema-contradiction: meant to fail
await agent('Judge.', { schema: { type: 'object', properties: { score: { minimum: 10, maximum: 1 } } } })
//- case: less plain
await agent('Judge.', {
  schema: {
    type: 'object',
    properties: { n: { type: 'integer', minimum: 1.2, maximum: 1.8 } },
//                                               ^^^ schema-contradiction: There is no whole number from 1.2 to 1.8.
    additionalProperties: false,
    allOf: [{ properties: { b: { type: 'string' } }, required: ['b'] }],
//                                                              ^^^ schema-contradiction: `b` is required, but `additionalProperties: false` of the whole excludes it.
  },
})
