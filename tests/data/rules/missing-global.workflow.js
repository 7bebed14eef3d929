//- case: found
const fs = require('fs')
//         ^^^^^^^ missing-global: only agents can read and write files
const page = await fetch(args.url)
//                 ^^^^^ missing-global: only agents can reach it
const key = process.env.API_KEY
//                  ^^^ missing-global: There is no `process.env`
const { argv } = process
//      ^^^^ missing-global: There is no `process.argv`
setInterval(() => log('tick'), 1000)
//@ 1-11 missing-global: virtual time
process.exit(1)
//      ^^^^ missing-global: Use `return`
console.table([1])
//      ^^^^^ missing-global: There is no `console.table`
const bytes = Buffer.from('x')
//            ^^^^^^ missing-global: `TextEncoder`
return { fs, page, key, argv, bytes, here: __dirname }
//                                         ^^^^^^^^^ missing-global: `cwd`
//- case: look-alikes
// ok: what is there
const here = process.cwd() + cwd
setTimeout(() => log('later'), 10)
console.warn('careful', new URL('https://example.org').host, new TextEncoder().encode('x').length)
// ok: a name of one's own
const fetch = (url) => agent(`Fetch ${url}`)
const page = await fetch('x')
function load(require) { return require('fs') }
const env = args.process.env
// ok: asked for before
const there = typeof Buffer === 'undefined' ? null : Buffer.from('x')
// ok: a property, a key and a text
const text = `require('fs') and process.env.API_KEY`
return { here, page, load, env, there, text, fetch: args.fetch, require: 1 }
//- case: ignored
// callsheet-ignore missing-global: shows the error
return process.env.API_KEY
