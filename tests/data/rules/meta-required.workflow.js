//- case: nothing
//- bare
export const meta = {}
//           ^^^^ meta-required: `meta.name` is missing
//           ^^^^ meta-required: `meta.description` is missing
//- case: blank
//- bare
export const meta = { name: '', description: '  \n' }
//                          ^^ meta-required: must not be blank
//                                           ^^^^^^ meta-required: must not be blank
//- case: phases
//- bare
export const meta = {
  name: 'x',
  description: 'y',
  phases: [{ detail: 'z' }, { title: ' ' }],
  //       ^^^^^^^^^^^^^^^ meta-required: `meta.phases[0].title` is missing
  //                                 ^^^ meta-required: must not be blank
}
//- case: all there
//- bare
// ok: what is optional may be left out or empty
export const meta = { name: 'x', description: 'y', phases: [] }
//- case: not to be judged
//- bare
// ok: what a spread brings is unknown, and reported as such
export const meta = { ...shared }
//                    ^^^^^^^^^ meta-literal
//- case: ignored
//- bare
// callsheet-ignore meta-required: named by a tool
export const meta = { name: 'x' }
