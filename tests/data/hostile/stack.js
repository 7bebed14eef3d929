//- recursion: SCRIPT_ERROR /stack/
const f = () => f() + 1
f()
//- mutual recursion: SCRIPT_ERROR /stack/
const even = (n) => odd(n), odd = (n) => even(n)
even(1)
//- nested JSON: SCRIPT_ERROR /stack|JSON/
return JSON.parse('['.repeat(1e6) + ']'.repeat(1e6))
//- result nested too deep: SCRIPT_ERROR /stack|JSON/
let o = {}
for (let i = 0; i < 1e5; i++) o = { o }
return o
//- chain of proxies: SCRIPT_ERROR /stack/
let p = {}
for (let i = 0; i < 1e5; i++) p = new Proxy(p, {})
return p.x
//- chain of bound functions: SCRIPT_MEMORY
let f = () => 1
for (let i = 0; i < 1e5; i++) f = f.bind(null)
return f()
//- chain of prototypes: ok true
let o = {}
for (let i = 0; i < 1e5; i++) o = Object.create(o)
return o.missing === undefined
//- nested source text: SCRIPT_ERROR /stack|Syntax/
return eval('('.repeat(1e6))
//- nested pattern: SCRIPT_ERROR /stack|Syntax|memory/
return new RegExp('('.repeat(1e5) + ')'.repeat(1e5)).test('')
//- getter that calls itself: SCRIPT_ERROR /stack/
const o = { get x() { return this.x } }
return o.x
//- toString that calls itself: SCRIPT_ERROR /stack/
const o = { toString() { return `${this}` } }
return `${o}`
//- recursion that catches itself: ok 1
const f = () => { try { return f() } catch { return 1 } }
return f()
//- flat() of a nested list: SCRIPT_ERROR /stack/
let a = []
for (let i = 0; i < 1e5; i++) a = [a]
return a.flat(Infinity)
//- parallel() that calls itself: ok true
const f = (n) => parallel([() => f(n + 1)])
let [r, n] = [await f(0), 0]
for (; r; n++) r = r[0]
return n > 10
