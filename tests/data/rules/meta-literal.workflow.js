//- case: calculations
//- bare
export const meta = {
  name: 'a' + 'b',
  //    ^^^^^^^^^ meta-literal: a calculation
  description: `${1}`,
  //           ^^^^^^ meta-literal: a template with ${…}
  whenToUse: title(),
  //         ^^^^^^^ meta-literal: a call
  model,
  //@ 3-7 meta-literal: a shorthand property
  ...args,
  //@ 3-9 meta-literal: a spread
  ['phases']: [],
  //@ 3-12 meta-literal: a computed key
  get x() { return 1 },
  //@ 3-22 meta-literal: a method
  phases: [{ title: 'Scan' }, , { title: Report }],
  //                          ^ meta-literal: a hole
  //                                     ^^^^^^ meta-literal: a variable
}
//- case: undefined and others
//- bare
export const meta = { name: 'x', description: 'y', model: undefined, whenToUse: ('a'), 1: 2n }
//                                                        ^^^^^^^^^ meta-literal: `undefined`
//                                                                              ^^^^^ meta-literal: in parentheses
//                                                                                     ^ meta-unknown-field
//                                                                                        ^^ meta-literal: a BigInt
//- case: literals
//- bare
export const meta = {
  // ok: every kind of literal, with comments between
  name: `x`, 'description': "y", /* here */
  // ok: a minus, null, trailing commas
  phases: [{ title: 'Scan', detail: 'a\
b', }, ],
}
//- case: ignored
//- bare
// callsheet-ignore meta-literal: replaced by a build step
export const meta = { name: 'x', description: 'y' + 'z' }
