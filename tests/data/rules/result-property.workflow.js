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
// ok: added by a spread
const more = { ...closed, file: 'x' }
log(more.file, more.a)
//- case: ignored
const answer = await agent('Judge.', { schema: { type: 'object', properties: { severity: { type: 'string' } } } })
// callsheet-ignore result-property: older models still send it
log(answer?.level)
