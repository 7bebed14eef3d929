//- case: a bracket that is not closed
const files = ['a.js']
const texts = files.map((file) => ({
  //                               ^ syntax-error: `{` is not closed
  name: file,
)
return texts
//- case: a block that ends further left than it began
async function scan(files) {
  for (const file of files) {
  //                        ^ syntax-error: `}` is missing
    log(file)
}
await scan(['a'])
//- case: a string over the end of its line
const text = 'not closed
//           ^ syntax-error: This string is not closed
return text
//- case: an apostrophe
const reply = await agent('Don't change anything.', { label: 'look' })
//                            ^ syntax-error: This quote ends the string
return reply
//- case: curly quotes
const reply = await agent(“Look around.”, { label: 'look' })
//                        ^^^^^^^^^^^^^^ syntax-error: straight
return reply
//- case: await without anything
const reply = await
//            ^^^^^ syntax-error: needs an expression
phase('Scan')
return reply
//- case: two statements
const a = 1 const b = 2
//        ^ syntax-error: `;`
return a + b
//- case: something unexpected
const options = { label: 'x' model: 'y' }
//                           ^^^^^ syntax-error: `model` is unexpected
return options
//- case: an expression in pieces
const total = 1 + * 2
//              ^ syntax-error: `+` is unexpected
return total
//- case: markup
const view = <b>bold</b>
//           ^^^^^^^^^^^ syntax-error: JSX
return view
//- case: await in a function that is not async
const replies = await parallel(args.files.map((file) => () => { return await agent(file) }))
//                                                                     ^^^^^ syntax-error: write `async`
return replies
//- case: await in a method
const tools = { look() { return await agent('Look.') } }
//                              ^^^^^ syntax-error: write `async`
return tools.look()
//- case: declared twice
const { files, depth } = args
const files = ['a.js']
//    ^^^^^ syntax-error: declared already
return files.slice(depth)
//- case: a parameter declared again
function look(file) { const file = 1; return file }
//                          ^^^^ syntax-error: declared already
return look(1)
//- case: a keyword that is written wrong
cnst { files } = args
//@ 1-4 syntax-error: Did you mean `const`?
return files
//- case: a keyword that is written wrong, in good company
iff (args) { log('x') }
//@ 1-3 syntax-error: Did you mean `if`?
//- case: a comma that is missing before an object
const reply = await agent('Look.' { label: 'look' })
//                                ^ syntax-error: a comma or an operator is missing
return reply
//- case: statements on one line
// ok: after a block, a semicolon, in a block, before `else`, `while` and comments
if (args) { log('a') } log('b'); if (args) log('c'); else log('d') // and so on
do log('e'); while (args); log('f') /* and so on */
{ log('g') }
// ok: white space that is no space
log('h') 
log('i')　 // and a comment
log('j') 　
//- case: a comment that is not closed
return args /* and so on
//          ^^ syntax-error: This comment is not closed
//- case: text around a fence
//- bare
Here is the workflow:

```js
//@ 1-3 syntax-error: remove the text around it
export const meta = { name: 'x', description: 'y' }
return await agent(`Look at ${args.file}.`)
```

It has one agent.
//- case: a comma that is missing at the end of a line
const options = {
  label: 'x'
  model: 'haiku',
  //@ 3-7 syntax-error: a comma or an operator is missing
}
return options
//- case: a comma that is missing between items
const files = [
  'a.js'
  'b.js',
  //@ 3-8 syntax-error: a comma or an operator is missing
]
return files
//- case: a function of another language
def look(file):
//  ^^^^ syntax-error: unexpected
    return file
//- case: a reserved word
return [export]
//      ^^^^^^ syntax-error: reserved word
//- case: declared in other scopes
const x = 1
// ok: blocks, parameters, catch, loops, a function expression's own name, `var` and functions again
for (const x of [1]) { const y = x; log(y) }
try { log(x) } catch (x) { log(x) }
const g = function h(a) { const h = a; { let a = h; return a } }
var y = g(1)
var y = 2
function twice() { return 1 }
function twice() { return y }
// ok: await in async functions of each kind, and at the top
const o = { async m() { await x }, f: async function () { await x }, async *g() { yield await x } }
const f = async (a) => { const inner = () => a; await inner() }
if (x) { await o.m() }
return [twice(), o.f(), f(o)]
//- case: with
with (args) { log('x') }
//@ 1-4 syntax-error: strict mode
//- case: legal at the top level
// ok: return and await at the top level
if (args === undefined) return null
const text = await agent(`Say "it's fine" — (not [closed {here`)
// ok: brackets and quotes in texts, comments and regular expressions  ({[ '
const clean = (text ?? '').replace(/['"`({[]/g, '')
const odd = 4 / 2 / 1
return clean.length > odd ? clean : `a ${odd > 1 ? `b ${odd}` : '}'} c`
//- case: ignored
// callsheet-ignore syntax-error: shown in a talk
const total = 1 + * 2
return total
