//- case: found
const S = { type: 'object', properties: { issues: { type: 'array', items: { type: 'string' } } } }
const spread = await parallel(
  args.files.map((file) => () => agent(`Review ${file}.`, { schema: S }).then((review) => ({ file, ...review }))),
//                                                                                         ^^^^^^^^^^^^^^^^^^^ result-null-hidden: When the agent fails, this object is still there, with nothing of it, so `filter(Boolean)` keeps it.
)
log(spread.filter(Boolean).length)
const held = await parallel(
  args.files.map((file) => () => agent(`Review ${file}.`, { schema: S }).then((review) => ({ file, review }))),
//                                                                                         ^^^^^^^^^^^^^^^^ result-null-hidden: When the agent fails, this object is still there, with `review: null`, so `filter(Boolean)` keeps it.
)
log(held.filter((one) => !!one).length)
const awaited = await parallel(
  args.files.map((file) => async () => {
    const result = await agent(`Review ${file}.`, { schema: S })
    return { ...result, file }
//         ^^^^^^^^^^^^^^^^^^^ result-null-hidden: When the agent fails, this object is still there, with nothing of it, so `filter(Boolean)` keeps it.
  }),
)
return awaited.filter(Boolean)
//- case: left alone
const S = { type: 'object', properties: { issues: { type: 'array', items: { type: 'string' } } } }
// ok: the null goes through
const through = await parallel(
  args.files.map((file) => () => agent(`Review ${file}.`, { schema: S }).then((review) => review && { file, ...review })),
)
log(through.filter(Boolean).length)
// ok: filtered by what may be missing
const held = await parallel(
  args.files.map((file) => () => agent(`Review ${file}.`, { schema: S }).then((review) => ({ file, review }))),
)
log(held.filter(Boolean).filter((one) => one.review).length)
// ok: looked at later
const later = await parallel(
  args.files.map((file) => () => agent(`Review ${file}.`, { schema: S }).then((answer) => ({ file, answer }))),
)
for (const one of later.filter(Boolean)) log(one.answer?.issues.length)
//- case: other filters and texts
const compared = await parallel(args.files.map((file) => () => agent(`Read ${file}.`).then((text) => ({ file, text }))))
//                                                                                                    ^^^^^^^^^^^^^^ result-null-hidden: When the agent fails, this object is still there, with `text: null`, so `filter(Boolean)` keeps it.
log(compared.filter((one) => one !== null).length)
const texts = await parallel(args.files.map((file) => () => agent(`Read ${file}.`).then((text) => `${file}: ${text}`)))
//                                                                                                ^^^^^^^^^^^^^^^^^^ result-null-hidden: When the agent fails, this text is still there, with `null` in it, so `filter(Boolean)` keeps it.
log(texts.filter(Boolean).length)
// ok: with something in its place
const replaced = await parallel(args.files.map((file) => () => agent(file).then((text) => `${file}: ${text ?? 'failed'}`)))
log(replaced.filter(Boolean).length)
//- case: ignored
const S = { type: 'object', properties: { issues: { type: 'array', items: { type: 'string' } } } }
const spread = await parallel(
  // callsheet-ignore result-null-hidden: files without issues are fine
  args.files.map((file) => () => agent(`Review ${file}.`, { schema: S }).then((review) => ({ file, ...review }))),
)
log(spread.filter(Boolean).length)
