//- case: found
const reviews = await parallel(args.files.map((file) => () => agent(`Review ${file}.`)))
await agent(`Sum up: ${JSON.stringify(reviews)}`)
//                                    ^^^^^^^ fan-out-null-prompt: `reviews` holds null for every agent that failed, and the prompt would say so. Drop the nulls first: `.filter(Boolean)`.
await agent('Sum up: ' + reviews.join('\n'))
//                       ^^^^^^^ fan-out-null-prompt: `reviews` holds null for every agent that failed, which leaves a gap in the prompt. Drop the nulls first: `.filter(Boolean)`.
const prompt = `Sum up: ${reviews}`
//                        ^^^^^^^ fan-out-null-prompt: `reviews` holds null for every agent that failed, and the prompt would say so. Drop the nulls first: `.filter(Boolean)`.
await agent(prompt)
await agent(`Sum up: ${JSON.stringify({ reviews, files: args.files })}`)
//                                      ^^^^^^^ fan-out-null-prompt: `reviews` holds null for every agent that failed, and the prompt would say so. Drop the nulls first: `.filter(Boolean)`.
//- case: left alone
const reviews = await parallel(args.files.map((file) => () => agent(`Review ${file}.`)))
// ok: nulls dropped
await agent(`Sum up: ${JSON.stringify(reviews.filter(Boolean))}`)
// ok: the failed ones are told
await agent(`Sum up: ${reviews.map((review, index) => review ?? `no review of ${args.files[index]}`).join('\n')}`)
if (reviews.some((review) => !review)) return null
// ok: checked
await agent(`Sum up: ${reviews.join('\n')}`)
//- case: through constants
const results = await parallel(args.files.map((file) => () => agent(`Read ${file}.`)))
const list = results.join('\n')
//           ^^^^^^^ fan-out-null-prompt: `results` holds null for every agent that failed, which leaves a gap in the prompt. Drop the nulls first: `.filter(Boolean)`.
const json = JSON.stringify(results)
//                          ^^^^^^^ fan-out-null-prompt: `results` holds null for every agent that failed, and the prompt would say so. Drop the nulls first: `.filter(Boolean)`.
const prompt = `All: ${json}`
await agent(prompt)
await agent(`Sum up: ${list}`)
await agent(['Sum up:', ...results].join('\n'))
//                         ^^^^^^^ fan-out-null-prompt: `results` holds null for every agent that failed, which leaves a gap in the prompt. Drop the nulls first: `.filter(Boolean)`.
// ok: nothing failed
if (results.every(Boolean)) {
  const all = results.join('\n')
  await agent(all)
}
// ok: for people
log(results.join())
//- case: ignored
const reviews = await parallel(args.files.map((file) => () => agent(`Review ${file}.`)))
// callsheet-ignore fan-out-null-prompt: the prompt explains what null means
await agent(`Sum up, null is a failed review: ${JSON.stringify(reviews)}`)
//- case: one by one
const reviews = await parallel(args.files.map((file) => () => agent(`Review ${file}.`)))
await agent(`Sum up: ${reviews.map((review, index) => `- ${index}: ${review}`).join('\n')}`)
//                                                                   ^^^^^^ fan-out-null-prompt: `review` is null where an agent of the fan-out failed, and the prompt would say so. Drop the nulls first: `.filter(Boolean)`.
await agent(reviews.map((review) => 'One: ' + review).join('\n'))
//                                            ^^^^^^ fan-out-null-prompt: `review` is null where an agent of the fan-out failed, and the prompt would say so. Drop the nulls first: `.filter(Boolean)`.
//- case: in a helper
const reviews = await parallel(args.files.map((file) => () => agent(`Review ${file}.`)))
const prompt = (list) => `Sum up: ${JSON.stringify(list)}`
//                                                 ^^^^ fan-out-null-prompt: `list` holds null for every agent that failed, and the prompt would say so. Drop the nulls first: `.filter(Boolean)`.
await agent(prompt(reviews))
//- case: texts with checks
const reviews = await parallel(args.files.map((file) => () => agent(`Review ${file}.`)))
// ok: checked one by one
await agent(`Sum up: ${reviews.map((review, index) => (review ? `- ${index}: ${review}` : '- none')).join('\n')}`)
await agent(`Sum up: ${reviews.filter(Boolean).map((review) => `- ${review}`).join('\n')}`)
