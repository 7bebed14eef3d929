//- loop in sync code: SCRIPT_TIMEOUT
for (;;) {}
//- loop behind an agent: SCRIPT_TIMEOUT
await agent('a')
while (true) {}
//- loop that catches everything: SCRIPT_TIMEOUT
for (;;) { try { null.x } catch {} }
//- loop in a microtask: SCRIPT_TIMEOUT
await null
const spin = () => queueMicrotask(spin)
spin()
await new Promise(() => {})
//- loop of promises: SCRIPT_TIMEOUT
const again = () => { Promise.resolve().then(again) }
again()
await new Promise(() => {})
//- loop of awaits: SCRIPT_TIMEOUT
for (;;) await null
//- loop in a native call: SCRIPT_TIMEOUT
new Array(4294967295).indexOf(1)
//- loop in native sort: SCRIPT_TIMEOUT
[3, 2, 1].sort(() => { for (;;); })
//- regular expression that backtracks for ever: SCRIPT_TIMEOUT
/^(a+)+$/.test('a'.repeat(60) + 'b')
//- getter on a result that loops: SCRIPT_TIMEOUT
return { get x() { for (;;); } }
//- toJSON that loops: SCRIPT_TIMEOUT
return { toJSON() { for (;;); } }
//- loop in a thunk: SCRIPT_TIMEOUT
await parallel([() => agent('a'), () => { for (;;); }])
//- loop of timers: SCRIPT_TIMEOUT
const tick = () => setTimeout(tick, 1)
tick()
await new Promise(() => {})
//- loop in a generator: SCRIPT_TIMEOUT
function* all() { for (let i = 0; ; i++) yield i }
for (const i of all()) if (i < 0) break
//- loop in a proxy trap: SCRIPT_TIMEOUT
new Proxy({}, { get() { for (;;); } }).x
//- loop in a finally block: SCRIPT_TIMEOUT
try { throw 1 } finally { for (;;); }
//- loop in an argument of agent: SCRIPT_TIMEOUT
await agent('a', { get label() { for (;;); } })
