//- case: found
const a = await agent()
//              ^^^^^ call-arguments: needs its first argument, `prompt`
const b = await agent('', { label: 'x' })
//                    ^^ call-arguments: must not be empty
const c = await agent({ prompt: 'Look.' })
//                    ^^^^^^^^^^^^^^^^^^^ call-arguments: `prompt` of `agent` must be a string, not an object
const d = await agent('Look.', 'haiku')
//                             ^^^^^^^ call-arguments: `options` of `agent` must be an object
const e = await retry(agent('Try.'))
//                    ^^^^^^^^^^^^^ call-arguments: must be a function that makes the call
const f = await gate(() => agent('Try.'))
//              ^^^^ call-arguments: needs its second argument, `validator`
phase()
//@ 1-5 call-arguments: `title`
phase({ title: 'Scan' })
//    ^^^^^^^^^^^^^^^^^ call-arguments: must be a string
const g = await workflow('  ')
//                       ^^^^ call-arguments: must not be empty
const h = await agent`Look.`
//              ^^^^^ call-arguments: called with parentheses
const i = await agent(42)
//                    ^^ call-arguments: must be a string
const j = await agent(undefined)
//                    ^^^^^^^^^ call-arguments: not undefined
return { a, b, c, d, e, f, g, h, i, j }
//- case: look-alikes
const prompt = ['Look', 'here'].join(' ')
// ok: right, or not to be told
const a = await agent(prompt)
const b = await agent(args.prompt, args.options)
const c = await agent(...args.call)
const d = await agent(`${args.prompt}`, undefined)
const e = await retry((attempt) => agent(`Try ${attempt}.`), { attempts: 2 })
const validate = (value) => ({ ok: value !== null })
const f = await gate(async () => agent('Try.'), validate)
const g = await workflow({ scriptPath: args.path }, null)
phase(args.title)
// ok: names of one's own
const helper = { agent: () => null, phase: () => null }
helper.agent()
helper.phase()
return { a, b, c, d, e, f, g }
//- case: ignored
// callsheet-ignore call-arguments: shows the error
return await agent('')
