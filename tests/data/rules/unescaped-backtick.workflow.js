//- case: code in a prompt
const r = await agent(`Replace every `Date.now()` by args.now.`, { label: 'replace' })
//                                   ^ unescaped-backtick: This backtick ends the text
return r
//- case: a fence in a prompt
const r = await agent(`Answer with:
```json
//@ 1 unescaped-backtick: Escape it
{ "ok": true }
```
and nothing else.`, { label: 'fence' })
return r
//- case: an option of a command
const r = await agent(`Run `--help`, then read it.`)
//                         ^ unescaped-backtick
return r
//- case: a path
const r = await agent(`Look at `./src/index.js` and `./src/cli.js`.`)
//                             ^ unescaped-backtick
return r
//- case: texts that touch
const r = await agent(`Put it between `` marks.`)
//                                    ^ unescaped-backtick
return r
//- case: behind a substitution
const r = await agent(`In ${args.file} rename `a` to `b`.`)
//                                            ^ unescaped-backtick
return r
//- case: a text that is not closed
const a = await agent(`Look at the code, { label: 'code' })
//                    ^ unescaped-backtick: This text is not closed
const b = await agent(`Look at the tests.`, { label: 'tests' })
return { a, b }
//- case: a name that reads as a member
const r = await agent(`Edit the `.env` file.`)
//                              ^ unescaped-backtick
return r
//- case: a path that reads as divisions
const r = await agent(`Put it into `/tmp/x` for now.`)
//                                 ^ unescaped-backtick
return r
//- case: a tag that reads as comparisons
const r = await agent(`Return `<div>` elements.`)
//                            ^ unescaped-backtick
return r
//- case: an operator that reads as one
const r = await agent(`Match `*` as well.`)
//                           ^ unescaped-backtick
return r
//- case: a lone one
const r = await agent(`Use the ` character for code.`)
//                             ^ unescaped-backtick
return r
//- case: the text behind it is no code
const r = await agent(`
  Use `grep` to find the lines
  //  ^ unescaped-backtick
  with `Date.now()`, `require('fs')` and `agent('x')` in it.
`, { label: 'find' })
const t = Date.now()
//        ^^^^^^^^^^ determinism-clock
return [r, t]
//- case: backticks that are fine
// ok: escaped, in other quotes, in a substitution, in a comment `like this`
const r = await agent(`Replace \`Date.now()\` in ${args.files.map((f) => `'${f}'`).join(', ')}`)
const s = '`' + "`" + `${'`'}`
// ok: a tag, and a member behind a text
const t = String.raw`a\b`.trim() + `x`.length
// ok: comparisons, a division, a tag
const u = `a b` < s || `${s} b`<`c`
const v = `x`.length / 2 / `y`.length + String['raw']`x y`
return [r, s, t, u, v]
//- case: ignored
// callsheet-ignore unescaped-backtick: shown in a talk
const r = await agent(`Replace every `Date.now()` by args.now.`)
return r
