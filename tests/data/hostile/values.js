//- a megabyte thrown: SCRIPT_ERROR /xxx/
throw new Error('x'.repeat(1 << 20))
//- five megabytes of name: SCRIPT_ERROR /yyy/
const e = new Error('boom')
e.name = 'y'.repeat(5 << 20)
throw e
//- symbol thrown: SCRIPT_ERROR /Symbol\(x\)/
throw Symbol('x')
//- null thrown: SCRIPT_ERROR /null/
throw null
//- undefined thrown: SCRIPT_ERROR /undefined/
throw undefined
//- string thrown: SCRIPT_ERROR /just text/
throw 'just text'
//- object thrown: SCRIPT_ERROR /"code":7/
throw { code: 7 }
//- revoked proxy thrown: SCRIPT_ERROR /cannot be shown/
const { proxy, revoke } = Proxy.revocable({}, {})
revoke()
throw proxy
//- getters that throw: SCRIPT_ERROR /cannot be shown/
throw { get message() { throw new Error('evil') }, get name() { throw new Error('evil') } }
//- error with a code of the runtime: SCRIPT_ERROR /mine/
throw Object.assign(new Error('mine'), { name: 'WorkflowError', code: 'WORKFLOW_ABORTED' })
//- thenable returned: ok 7
return { then(resolve) { resolve(7) } }
//- thenable that never settles: SCRIPT_DEADLOCK
return { then() {} }
//- thenable that throws: SCRIPT_ERROR /evil/
return { then() { throw new Error('evil') } }
//- thenable that settles twice: ok 1
return { then(resolve, reject) { resolve(1); resolve(2); reject(new Error('evil')) } }
//- promise that never settles: SCRIPT_DEADLOCK
await new Promise(() => {})
//- race of nothing: SCRIPT_DEADLOCK
await Promise.race([])
//- deadlock between two promises: SCRIPT_DEADLOCK
let b
const a = (async () => { await null; await b })()
b = (async () => { await a })()
await a
//- cycle returned: SCRIPT_ERROR /JSON/
const o = {}
o.o = o
return o
//- BigInt returned: SCRIPT_ERROR /bigint/
return 1n
//- BigInt inside the result: SCRIPT_ERROR /JSON/
return { n: 1n }
//- function returned: SCRIPT_ERROR /function/
return () => 1
//- symbol returned: SCRIPT_ERROR /symbol/
return Symbol('x')
//- lone surrogates returned: ok ["\ufffd","a\ufffdb","\ud83d\ude00"]
return ['\ud800', 'a\udfffb', '😀']
//- backslashes that look like surrogates: ok "\\ud800"
return '\\ud800'
//- NUL in text: ok "a\u0000b"
return 'a\0b'
//- result that throws: SCRIPT_ERROR /evil/
return { get x() { throw new Error('evil') } }
//- result that is a revoked proxy: SCRIPT_ERROR /JSON|revoked/
const { proxy, revoke } = Proxy.revocable({}, {})
revoke()
return proxy
//- prompt with a getter that throws: INVALID_CALL /evil/
await agent({ get x() { throw new Error('evil') } })
//- cycle in options: INVALID_CALL /JSON/
const options = {}
options.options = options
await agent('a', options)
//- function in a schema: INVALID_CALL /function/
await agent('a', { schema: { type: 'object', properties: { a: () => 1 } } })
//- BigInt in args of a workflow: INVALID_CALL /bigint/
await workflow('x', { n: 1n })
//- 120,000 log lines: ok "quiet"
for (let i = 0; i < 120000; i++) log('x')
return 'quiet'
//- log line of 5 megabytes: ok "cut"
log('x'.repeat(5 << 20))
return 'cut'
//- too many items at once: FAN_OUT_LIMIT_EXCEEDED /5000/
await parallel(Array.from({ length: 5000 }, () => () => 1))
//- too many items in a pipeline: FAN_OUT_LIMIT_EXCEEDED /4097/
await pipeline(Array.from({ length: 4097 }, () => 1), (x) => x)
//- array-like of 4 billion items: FAN_OUT_LIMIT_EXCEEDED
await parallel(new Array(4294967295))
//- calls without end: AGENT_LIMIT_EXCEEDED /2000/
for (;;) await Promise.race([agent('a'), null])
//- error thrown in a microtask: SCRIPT_ERROR /late/
queueMicrotask(() => { throw new Error('late') })
await new Promise(() => {})
//- error thrown in a timer: SCRIPT_ERROR /later/
setTimeout(() => { throw new Error('later') }, 5)
await new Promise(() => {})
//- calls without end and without waiting: AGENT_LIMIT_EXCEEDED /2000/
const all = []
for (;;) all.push(agent('a').catch(() => {}))
//- errors that hold themselves: SCRIPT_ERROR /AggregateError: AggregateError; AggregateError$/
const e = new AggregateError([])
e.errors.push(e, e)
throw e
