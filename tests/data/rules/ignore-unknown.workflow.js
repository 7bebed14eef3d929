//- case: found
// callsheet-ignore meta-froozen: x
//                  ^^^^^^^^^^^^ ignore-unknown: Did you mean `meta-frozen`?
const a = 1
// callsheet-ignore
// ^^^^^^^^^^^^^^^^ ignore-unknown: Name the rule
const b = 2 /* callsheet-ignore nonsense-of-mine */
//                              ^^^^^^^^^^^^^^^^ ignore-unknown: There is no rule
return a + b
//- case: look-alikes
// ok: callsheet-ignored is another word, and so is callsheet-ignore-file
const text = `// callsheet-ignore nonsense: inside a text`
// ok: several rules, with a reason
// callsheet-ignore meta-frozen, module-import: shows both
meta.x = import('y')
return text
