//- constructor of a constructor: ok ["undefined","undefined","undefined"]
return ['require', 'module', 'scriptArgs'].map((name) => constructor.constructor('return typeof ' + name)())
//- constructor of a runtime function: ok ["undefined","undefined","undefined"]
const F = agent.constructor
return [F('return typeof require')(), F('return typeof std')(), F('return typeof os')()]
//- import() of a file system module: SCRIPT_ERROR /module/
await import('fs')
//- import() of a file: SCRIPT_ERROR /module/
await import('/etc/passwd')
//- import() of a data address: SCRIPT_ERROR /module/
await import('data:text/javascript,export default 1')
//- import() of the engine's own modules: ok ["no","no","no"]
const out = []
for (const name of ['std', 'os', 'qjs:os']) out.push(await import(name).then(() => 'yes', () => 'no'))
return out
//- constructor of the error of import(): ok "undefined"
try { await import('x') } catch (e) { return typeof e.constructor.constructor('return this')().require }
//- nothing but the language in the global object: ok []
const odd = Object.getOwnPropertyNames(globalThis).filter((name) => /^(std|os|scriptArgs|print|bjson|load|read|write|require|module|Deno|Bun|Buffer|WebAssembly|Worker|fetch|__)/i.test(name))
return odd
//- call sites do not hand out functions: ok ["TypeError","string"]
let refused
try { Error.prepareStackTrace = (error, sites) => sites } catch (e) { refused = e.name }
return [refused, typeof new Error('x').stack]
//- stack traces show nothing of the runtime: ok false
let stack
await parallel([() => { stack = new Error('x').stack }])
return /slot|bracket|fanOut|<input>/.test(stack)
//- wrapper break-out: SCRIPT_ERROR /Syntax/
return 1 })(); (async () => { return 2
//- wrapper break-out that balances: SCRIPT_ERROR /Syntax/
} async function evil() { return 2
//- wrapper break-out by a closing bracket: SCRIPT_ERROR /Syntax/
}), agent('out'), (async function () {
//- wrapper break-out behind a comment: SCRIPT_ERROR /Syntax/
/* } */ } ; agent('x'); { /*
//- comment that never ends: SCRIPT_ERROR /comment|Syntax/
return 1 /* and more
//- template that never ends: SCRIPT_ERROR /Syntax|template|unexpected end/
return `abc
//- host objects in arguments: ok ["Object","Object"]
return [Object.getPrototypeOf(budget).constructor.name, Object.getPrototypeOf(process).constructor.name]
//- budget cannot be raised: SCRIPT_ERROR /TypeError/
budget.total = 1e9
//- meta cannot be changed: SCRIPT_ERROR /TypeError/
meta = {}
//- this is nothing: ok "undefined"
return typeof this
//- sloppy mode cannot be reached by this: ok "object"
return typeof new Function('return this')()
//- arguments hold nothing: ok 0
return arguments.length
//- callee gives no way out: SCRIPT_ERROR /TypeError/
return arguments.callee
//- eval sees no runtime: ok "undefined"
return eval('typeof settle + typeof pending').replace('undefined', '')
