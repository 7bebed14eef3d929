//- case: fields
//- bare
export const meta = {
  name: 1,
  //    ^ meta-field-type: `name` must be a string, not a number
  description: ['y'],
  //           ^^^^^ meta-field-type: not an array
  whenToUse: null,
  //         ^^^^ meta-field-type: not `null`
  model: true,
  //     ^^^^ meta-field-type: not a boolean
  phases: { title: 'Scan' },
  //      ^^^^^^^^^^^^^^^^^ meta-field-type: `phases` must be an array
}
//- case: phases
//- bare
export const meta = {
  name: 'x',
  description: 'y',
  phases: ['Scan', { title: 2, detail: -1 }, 3],
  //       ^^^^^^ meta-field-type: A phase is an object
  //                        ^ meta-field-type: `title` must be a string
  //                                   ^^ meta-field-type: `detail` must be a string
  //                                         ^ meta-field-type: A phase is an object
}
//- case: right
//- bare
export const meta = {
  // ok: a template without substitutions is a string
  name: `x`,
  // ok: what is no literal is another rule's
  description: text,
  //           ^^^^ meta-literal
  phases: [{ title: 'Scan', detail: 'z', model: 'haiku' }],
}
//- case: ignored
//- bare
// callsheet-ignore meta-field-type: an old form
export const meta = { name: 'x', description: 'y', phases: ['Scan'] }
