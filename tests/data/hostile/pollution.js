//- Object.prototype.then: ok "r:a"
Object.prototype.then = undefined
return await agent('a')
//- Object.prototype.get and set: ok ["r:a"]
Object.prototype.get = () => 'evil'
Object.prototype.set = () => {}
Object.prototype.value = 'evil'
return await parallel([() => agent('a')])
//- Object.prototype.code, spent, id: ok ["r:a",0]
Object.prototype.code = 'INVALID_CALL'
Object.prototype.message = 'evil'
Object.prototype.spent = 5
Object.prototype.line = Object.prototype.column = 'evil'
return [await agent('a'), budget.spent()]
//- Object.prototype.toJSON: ok "evil"
Object.prototype.toJSON = () => 'evil'
log({ a: 1 })
await agent('a', { label: 'x' })
return { a: 1 }
//- Array.prototype.push and join: ok ["r:a","r:b"]
Array.prototype.push = Array.prototype.join = Array.prototype.map = () => { throw new Error('evil') }
return await parallel([() => agent('a'), () => agent('b')])
//- Array.prototype index setter: ok 2
Object.defineProperty(Array.prototype, '0', { set() { throw new Error('evil') }, configurable: true })
const r = await parallel([() => agent('a'), () => agent('b')])
return r.length
//- Array.prototype iterator: ok "r:a"
Array.prototype[Symbol.iterator] = function* () { yield 'evil' }
return await agent('a')
//- Promise.prototype.then: ok "r:a"
Promise.prototype.then = () => { throw new Error('evil') }
return await agent('a')
//- Promise species: ok ["r:a"]
Object.defineProperty(Promise, Symbol.species, { get() { throw new Error('evil') } })
return await parallel([() => agent('a')])
//- Promise itself: ok ["r:a"]
globalThis.Promise = class { constructor() { throw new Error('evil') } }
return await parallel([() => agent('a')])
//- JSON.stringify and JSON.parse: ok "r:a"
JSON.stringify = () => 'evil'
JSON.parse = () => { throw new Error('evil') }
return await agent('a')
//- String.prototype: ok "r:a"
for (const name of Object.getOwnPropertyNames(String.prototype)) { try { String.prototype[name] = () => 'evil' } catch {} }
return await agent('a')
//- Map.prototype: ok "r:a"
for (const name of ['get', 'set', 'has', 'delete', 'forEach', 'clear']) Map.prototype[name] = () => { throw new Error('evil') }
return await agent('a')
//- Function.prototype.call and apply: ok ["r:a"]
Function.prototype.call = Function.prototype.apply = Function.prototype.bind = () => { throw new Error('evil') }
return await parallel([() => agent('a')])
//- Reflect and Object: ok "r:a"
for (const name of Object.getOwnPropertyNames(Reflect)) Reflect[name] = () => { throw new Error('evil') }
Object.defineProperty = Object.freeze = () => { throw new Error('evil') }
return await agent('a')
//- Error.prototype: SCRIPT_ERROR /boom/
Object.defineProperty(Error.prototype, 'stack', { get() { throw new Error('evil') } })
throw new Error('boom')
//- the runtime's globals: ok "r:a"
const kept = agent
globalThis.agent = globalThis.parallel = globalThis.log = undefined
return await kept('a')
//- constructors that the runtime makes things with: INVALID_CALL /function/
for (const name of ['Array', 'Error', 'JSON', 'Map', 'Object', 'Promise', 'Proxy', 'Reflect', 'String', 'TypeError', 'WeakMap']) globalThis[name] = undefined
await agent(() => 1)
//- constructors behind every global: ok ["r:a",["r:b",null],{"x":[1]},"t","http://h/?a=1","é",[0,1],"TypeError"]
const url = (text) => new URL(text).href
const [Wait, encoder, decoder] = [Promise, new TextEncoder(), new TextDecoder()]
for (const name of Object.getOwnPropertyNames(globalThis)) if (/^[A-Z]/.test(name) && !/^(URL|Infinity|NaN)$/.test(name)) globalThis[name] = undefined
log({ a: 1 }, console.log('a', 1))
let refused
try { await parallel([1]) } catch (e) { refused = e.name }
return [await agent('a'), await parallel([() => agent('b'), () => null.x]), structuredClone({ x: [1] }), await new Wait((done) => setTimeout(done, 1, 't')), url('http://h/?a=1'), decoder.decode(encoder.encode('é')), await loopUntilDry({ round: (i) => [i], maxRounds: 2 }), refused]
//- constructor of promises: SCRIPT_ERROR /TypeError/
Object.defineProperty(Promise.prototype, 'constructor', { get() { throw new Error('evil') } })
