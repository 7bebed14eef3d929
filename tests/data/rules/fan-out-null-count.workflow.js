//- case: found
const reviews = await parallel(args.files.map((file) => () => agent(`Review ${file}.`)))
log(`${reviews.length} files reviewed`)
//     ^^^^^^^ fan-out-null-count: `reviews.length` counts the agents that failed as well: their slots are null.
return { reviewed: reviews.length }
//                 ^^^^^^^ fan-out-null-count: `reviews.length` counts the agents that failed as well: their slots are null.
//- case: left alone
const reviews = await parallel(args.files.map((file) => () => agent(`Review ${file}.`)))
const good = reviews.filter(Boolean)
// ok: the script looks for nulls
log(`${good.length} of ${reviews.length} files reviewed`)
const other = await pipeline(args.files, (file) => agent(`Review ${file}.`))
for (const [index, one] of other.entries()) {
  if (!one) log(`no review of ${args.files[index]}`)
}
const third = await parallel(args.files.map((file) => () => agent(`Review ${file}.`)))
// ok: no count of successes
for (let index = 0; index < third.length; index++) log(third[index] ?? 'failed')
// ok: never null
const names = await parallel(args.files.map((file) => async () => (await agent(`Name ${file}.`)) ?? 'none'))
return { count: names.length, other: good }
//- case: sums and expressions
let total = 0
const results = await parallel(args.files.map((file) => () => agent(`Read ${file}.`)))
total += results.length
//       ^^^^^^^ fan-out-null-count: `results.length` counts the agents that failed as well: their slots are null.
log(`${total} read`)
log(`${(await parallel(args.files.map((file) => () => agent(`Read ${file}.`)))).length} read`)
//     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ fan-out-null-count: `(await parallel(args.files.map((file) =….length` counts the agents that failed as well: their slots are null.
const all = await Promise.all(args.files.map((file) => agent(`Read ${file}.`)))
log('read ' + all.length)
//            ^^^ fan-out-null-count: `all.length` counts the agents that failed as well: their slots are null.
//- case: ignored
const reviews = await parallel(args.files.map((file) => () => agent(`Review ${file}.`)))
// callsheet-ignore fan-out-null-count: asked, not answered
log(`${reviews.length} agents asked`)
//- case: by another name
const reviews = await parallel(args.files.map((file) => () => agent(`Review ${file}.`)))
const count = reviews.length
//            ^^^^^^^ fan-out-null-count: `reviews.length` counts the agents that failed as well: their slots are null.
log('Reviewed ' + count)
