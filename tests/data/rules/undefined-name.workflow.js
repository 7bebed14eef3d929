//- case: found
const findings = await agent('List the findings.')
log(findigns)
//  ^^^^^^^^ undefined-name: Did you mean `findings`?
await agent(`Set ${HOME_DIRECTORY} first.`)
//                 ^^^^^^^^^^^^^^ undefined-name: if it is meant as text
total = 1
//@ 1-5 undefined-name: is not declared
return { findings, sumary }
//                 ^^^^^^ undefined-name: `sumary` is not defined
//- case: look-alikes
// ok: declared later, in an outer scope, in a pattern
const use = () => later + deep
const later = 1
var { deep = 2, ...others } = args
const [first, , third = first] = args.list
// ok: built-in
const kinds = [Map, Set, Promise, Symbol, NaN, Infinity, undefined, globalThis, structuredClone, URL, Iterator]
function count() { return arguments.length }
class Box { static size = 1; #inner = 2; get inner() { return this.#inner } }
// ok: asked for before
const there = typeof somethingElse === 'undefined' ? 1 : somethingElse
label: for (const key in others) { if (key) continue label }
try { use() } catch (error) { log(error.message) }
return { kinds, count, Box, there, third }
//- case: made by the script
// ok: a global that the script makes itself
globalThis.shared = 1
return shared
//- case: ignored
// callsheet-ignore undefined-name: comes with the next version
return futureGlobal
