//- case: found
const SCHEMA = {
  type: 'object',
  properties: {
    severity: { type: 'string' },
    issues: { type: 'array', items: { type: 'object', properties: { file: { type: 'string' } } } },
  },
}
const answer = await agent('Judge.', { schema: SCHEMA })
if (answer?.sevrity === 'high') log('high')
//          ^^^^^^^ result-property: The schema of this value has no property `sevrity`. Did you mean `severity`?
log(answer?.['isues'], answer?.issues.file, answer?.author)
//           ^^^^^^^ result-property: The schema of this value has no property `isues`. Did you mean `issues`?
//                                    ^^^^ result-property: This is a list: its elements have `file`, the list has not. Use `map` or `flatMap`, or take one.
//                                                  ^^^^^^ result-property: The schema of this value has no property `author`. It has `severity` and `issues`.
const { severty, issues: found = [] } = answer ?? {}
//      ^^^^^^^ result-property: The schema of this value has no property `severty`. Did you mean `severity`?
for (const { fil } of found) log(fil, severty)
//           ^^^ result-property: The schema of this value has no property `fil`. Did you mean `file`?
const all = await parallel(args.files.map((file) => () => agent(`Judge ${file}.`, { schema: SCHEMA })))
log(all.filter(Boolean).flatMap((one) => one.issues).map((issue) => issue.path))
//                                                                        ^^^^ result-property: The schema of this value has no property `path`. It has `file`.
//- case: composed by helpers
const text = (description) => ({ type: 'string', ...(description && { description }) })
const oneOf = (...values) => ({ type: 'string', enum: values })
function record(properties, optional = []) {
  return { type: 'object', properties, required: Object.keys(properties).filter((key) => !optional.includes(key)) }
}
const rated = (schema) => ({ ...schema, properties: { ...schema.properties, score: { type: 'number' } } })
const FINDING = rated(record({ title: text('short'), severity: oneOf('low', 'high') }))
const found = await agent('Look.', { schema: record({ findings: { type: 'array', items: FINDING } }) })
for (const finding of found?.findings ?? []) log(finding.title, finding.sevrity, finding.score)
//                                                                      ^^^^^^^ result-property: The schema of this value has no property `sevrity`. Did you mean `severity`?
const joined = await agent('Look.', { schema: Object.assign({}, record({ place: text() }), { title: 'Place' }) })
log(joined?.plaice)
//          ^^^^^^ result-property: The schema of this value has no property `plaice`. Did you mean `place`?
//- case: many schemas through one helper
const PLAN = { type: 'object', properties: { steps: { type: 'array', items: { type: 'string' } } } }
const REVIEW = { type: 'object', properties: { verdict: { type: 'string' } } }
const ask = (prompt, schema) => agent(prompt, { schema })
const plan = await ask('Plan.', PLAN)
const review = await ask('Review.', REVIEW)
log(plan?.steps, plan?.verdict, review?.verdict)
//                     ^^^^^^^ result-property: The schema of this value has no property `verdict`. It has `steps`.
//- case: left alone
const OPEN = { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: true }
const open = await agent('Judge.', { schema: OPEN })
// ok: the schema invites more
log(open?.anything)
const either = await agent('Judge.', { schema: args.long ? OPEN : { type: 'object', properties: { b: {} } } })
// ok: one of two schemas
log(either?.b)
const CLOSED = { type: 'object', properties: { a: { type: 'string' } } }
const closed = await agent('Judge.', { schema: CLOSED })
if (!closed) return
// ok: put there by the script
closed.extra = 1
log(closed.extra, closed.toString(), closed.a.length)
// ok: given to the elements of a list
const LIST = { type: 'object', properties: { items: { type: 'array', items: { type: 'object', properties: { id: {} } } } } }
const list = (await agent('Judge.', { schema: LIST }))?.items ?? []
for (const item of list) item.done = false
log(list.filter((one) => !one.done).map((one) => one.id))
// ok: added by a spread
const more = { ...closed, file: 'x' }
log(more.file, more.a)
//- case: schemas that change
const GROWN = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }
if (args.long) GROWN.properties.b = { type: 'string' }
GROWN.required.push('b')
const grown = await agent('Judge.', { schema: GROWN })
// ok: added to the schema later
log(grown?.b)
const properties = {}
for (const name of args.names) properties[name] = { type: 'string' }
// ok: filled by a loop
const filled = await agent('Judge.', { schema: { type: 'object', properties, required: ['name'] } })
log(filled?.name)
const add = (schema, name) => { schema.properties[name] = { type: 'string' } }
const HELPED = { type: 'object', properties: { a: { type: 'string' } } }
add(HELPED, 'c')
// ok: added by a helper
log((await agent('Judge.', { schema: HELPED }))?.c)
//- case: schemas that may be another
const A = { type: 'object', properties: { a: { type: 'string' } } }
const B = { type: 'object', properties: { b: { type: 'string' } } }
// ok: text where there is no schema
const maybe = await agent('Judge.', args.strict ? { schema: A } : {})
if (typeof maybe === 'string') log(maybe.slice(0, 80))
const ask = (prompt, options) => agent(prompt, { schema: A, ...options })
// ok: the options may bring another schema
log((await ask('Judge.', { schema: B }))?.b, (await ask('Judge.', {}))?.a)
const say = (prompt, { schema, label } = {}) => agent(prompt, { label, ...(schema ? { schema } : {}) })
// ok: the default is one for all options, and no schema
log((await say('Judge.', { schema: B }))?.b, await say('Judge.'))
//- case: text and numbers
const text = await agent('Look.')
if (!text) return
log(text.summary, text.length)
//       ^^^^^^^ result-property: The agent answers with text, which has no `summary`: give the call a `schema` to get an object.
const { title } = text
//      ^^^^^ result-property: The agent answers with text, which has no `title`: give the call a `schema` to get an object.
const S = { type: 'object', properties: { n: { type: 'number' }, names: { type: 'string' } }, required: ['n'] }
const answer = await agent('Count.', { schema: S })
log(answer?.n.length, answer?.names.map((name) => name), answer?.n.toFixed(2))
//            ^^^^^^ result-property: By the schema this is a number, which has no `length`.
//                                  ^^^ result-property: By the schema this is a string, which has no `map`.
// ok: it may be another value
let parsed = await agent('Look.')
parsed = JSON.parse(parsed ?? '{}')
log(parsed.summary)
//- case: ignored
const answer = await agent('Judge.', { schema: { type: 'object', properties: { severity: { type: 'string' } } } })
// callsheet-ignore result-property: older models still send it
log(answer?.level)
