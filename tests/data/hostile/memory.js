//- arrays: SCRIPT_MEMORY
const all = []
for (;;) all.push(new Array(10000).fill(1))
//- typed arrays: SCRIPT_MEMORY
const all = []
for (;;) all.push(new Uint8Array(1 << 20))
//- one large typed array: SCRIPT_MEMORY
return new Uint8Array(1 << 30).length
//- string that doubles: SCRIPT_MEMORY
let s = 'x'.repeat(1000)
for (let i = 0; i < 25; i++) s = JSON.stringify(s + s)
return s.length
//- list of strings: SCRIPT_MEMORY
const all = []
for (let i = 0; ; i++) all.push(String(i).repeat(10000))
//- map: SCRIPT_MEMORY
const map = new Map()
for (let i = 0; ; i++) map.set(i, { i })
//- object with many keys: SCRIPT_MEMORY
const o = {}
for (let i = 0; ; i++) o['k' + i] = [i]
//- set of objects: SCRIPT_MEMORY
const set = new Set()
for (;;) set.add({})
//- closures: SCRIPT_MEMORY
const all = []
for (let i = 0; ; i++) all.push(() => i)
//- queue of microtasks: SCRIPT_MEMORY
for (;;) queueMicrotask(() => {})
//- promises: SCRIPT_MEMORY
const all = []
for (;;) all.push(new Promise(() => {}))
//- timers: SCRIPT_MEMORY
for (;;) setTimeout(() => {}, 1)
//- inside a fan-out: SCRIPT_MEMORY
await parallel([() => agent('a'), () => { const all = []; for (;;) all.push(new Array(10000).fill(1)) }])
//- behind an agent: SCRIPT_MEMORY
const all = [await agent('a')]
for (;;) all.push(new Array(10000).fill(1))
//- result that is too large: SCRIPT_MEMORY
const row = 'x'.repeat(1 << 20)
return Array.from({ length: 200 }, () => row)
//- buffer of 2 GiB: SCRIPT_ERROR /RangeError|invalid/
return new ArrayBuffer(2 ** 53).byteLength
//- string beyond the engine's limit: SCRIPT_ERROR /invalid string length|RangeError|length/
return 'x'.repeat(2 ** 30 + 10)
//- caught, then goes on: ok "went on"
try { const all = []; for (;;) all.push(new Array(10000).fill(1)) } catch {}
return 'went on'
//- string that is added to itself: SCRIPT_MEMORY
let s = 'x'
for (;;) s += s
//- fan-out in which no memory is left for an error: SCRIPT_MEMORY
return await pipeline([1, 2], () => { const all = []; for (;;) all.push([1]) })
//- fan-out in which no memory is left for an error, then more agents: SCRIPT_MEMORY
const all = await parallel([() => { const all = []; for (;;) all.push([1]) }])
await agent('a')
return all
//- null thrown in a fan-out: ok [null]
return await parallel([() => { throw null }])
