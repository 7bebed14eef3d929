//- case: not exported
//- bare
const meta = { name: 'x', description: 'y' }
//    ^^^^ meta-form: must be exported
return null
//- case: let
//- bare
export let meta = { name: 'x', description: 'y' }
//     ^^^ meta-form: must be a `const`
return null
//- case: var
//- bare
var meta = { name: 'x', description: 'y' }
//@ 1-3 meta-form: must be a `const`
//  ^^^^ meta-form: must be exported
return null
//- case: together
//- bare
export const meta = { name: 'x', description: 'y' }, other = 1
//                                                   ^^^^^^^^^ meta-form: declared alone
return other
//- case: no literal
//- bare
export const meta = Object.freeze({ name: 'x', description: 'y' })
//                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ meta-form: must be an object literal
return null
//- case: in parentheses
//- bare
export const meta = ({ name: 'x', description: 'y' })
//                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ meta-form: must be an object literal
return null
//- case: fine
//- bare
// ok: over several lines, with a semicolon, with quoted keys
export const meta =
  { 'name': 'x', "description": `y` };
function inner() {
  // ok: a name inside a function is another one
  let meta = 1
  return meta
}
return inner()
//- case: ignored
//- bare
// callsheet-ignore meta-form: built by hand
const meta = { name: 'x', description: 'y' }
return null
