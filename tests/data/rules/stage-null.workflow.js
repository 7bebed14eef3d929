//- case: found
const S = { type: 'object', properties: { issues: { type: 'array', items: { type: 'string' } } } }
const done = await pipeline(
  args.files,
  (file) => agent(`Review ${file}.`, { schema: S }),
  (review) => agent(`Mend: ${review.issues.join('; ')}`),
//                           ^^^^^^ stage-null: `review` is null when the agent of the stage before failed: null flows on to the next stage. Check it first.
)
const taken = await pipeline(
  args.files,
  async (file) => agent(`Review ${file}.`, { schema: S }),
  ({ issues }, file) => agent(`Mend ${file}: ${issues}`),
// ^^^^^^^^^^ stage-null: What is taken apart here is null when the agent of the stage before failed: null flows on to the next stage. Check it first.
)
async function mend(review) {
  return agent(`Mend: ${review.issues.length}`)
//                      ^^^^^^ stage-null: `review` is null when the agent of the stage before failed: null flows on to the next stage. Check it first.
}
const named = await pipeline(args.files, (file) => agent(`Review ${file}.`, { schema: S }), mend)
return [done, taken, named]
//- case: checked
const S = { type: 'object', properties: { issues: { type: 'array', items: { type: 'string' } } } }
// ok: the null goes through
const done = await pipeline(
  args.files,
  (file) => agent(`Review ${file}.`, { schema: S }),
  (review) => review && agent(`Mend: ${review.issues.join('; ')}`),
)
// ok: the first stage is handed the item
const first = await pipeline(args.files, (file) => agent(`Review ${file.path}.`))
// ok: optional
const optional = await pipeline(
  args.files,
  (file) => agent(`Review ${file}.`, { schema: S }),
  async (review, file) => {
    if (!review?.issues?.length) return null
    return agent(`Mend ${file}: ${review.issues.length}`)
  },
)
// ok: never null
const made = await pipeline(args.files, (file) => ({ file }), (step) => agent(step.file))
return [done, first, optional, made]
//- case: null that a stage gives
await pipeline(args.files, (file) => (file.skip ? null : { n: file.n }), (previous) => agent(`Look at ${previous.n}`))
//                                                                                                      ^^^^^^^^ stage-null: `previous` is null when the stage before gives null: null flows on to the next stage. Check it first.
await pipeline(
  args.files,
  async (file) => {
    if (file.skip) return null
    return { n: file.n }
  },
  ({ n }) => agent(`Look at ${n}`),
// ^^^^^ stage-null: What is taken apart here is null when the stage before gives null: null flows on to the next stage. Check it first.
)
// ok: checked
await pipeline(args.files, (file) => (file.skip ? null : { n: file.n }), (previous) => previous && agent(`${previous.n}`))
//- case: ignored
const S = { type: 'object', properties: { issues: { type: 'array', items: { type: 'string' } } } }
const done = await pipeline(
  args.files,
  (file) => agent(`Review ${file}.`, { schema: S }),
  // callsheet-ignore stage-null: a failed item may be lost
  (review) => agent(`Mend: ${review.issues.join('; ')}`),
)
return done
