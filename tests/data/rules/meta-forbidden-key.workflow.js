//- case: found
//- bare
export const meta = {
  name: 'x', description: 'y',
  __proto__: { a: 1 },
  //@ 3-11 meta-forbidden-key: `__proto__`
  phases: [{ title: 'Scan', "constructor": 1 }, { title: 'Report', prototype: 2 }],
  //                        ^^^^^^^^^^^^^ meta-forbidden-key: `constructor`
  //                                                               ^^^^^^^^^ meta-forbidden-key: `prototype`
}
//- case: written with an escape
//- bare
export const meta = { name: 'x', description: 'y', \u0063onstructor: 1 }
//                                                 ^^^^^^^^^^^^^^^^ meta-forbidden-key: `constructor`
//- case: look-alikes
//- bare
// ok: as values, and as keys of other objects
export const meta = { name: 'constructor', description: 'the prototype' }
// ok: outside of meta
return { constructor: 1, prototype: 2 }
//- case: ignored
//- bare
// callsheet-ignore meta-forbidden-key: a test of the reader
export const meta = { name: 'x', description: 'y', __proto__: { a: 1 } }
