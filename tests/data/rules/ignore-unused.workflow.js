//- case: found
// callsheet-ignore meta-frozen: it was once
//@ 1-44 ignore-unused: has no effect
const a = 1
const b = 2 // callsheet-ignore module-import: it was once
//          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ ignore-unused
// callsheet-ignore meta-frozen, module-import: one of them
//                               ^^^^^^^^^^^^^ ignore-unused: `module-import`
meta.x = a + b
//- case: look-alikes
// ok: used, above several comments
// callsheet-ignore meta-frozen: shows that it throws
// (it is frozen)

meta.x = 1
// ok: behind the code
meta.y = 2 // callsheet-ignore meta-frozen: shows that it throws
//- case: a rule that is off
//- settings: {"rules": {"meta-frozen": "off"}}
// callsheet-ignore meta-frozen: nothing can be said of a rule that did not run
meta.x = 1
