//- case: found
const notes = await agent('Read the notes.')
await agent(`Plan from: ${notes}`)
//                        ^^^^^ result-null-prompt: When its agent fails, `notes` is null, and the prompt says so. Check it first.
const facts = await agent('Read.', { schema: { type: 'object', properties: { a: {} } } })
await agent('Plan from: ' + JSON.stringify(facts) + '.')
//                                         ^^^^^ result-null-prompt: When its agent fails, `facts` is null, and the prompt says so. Check it first.
//- case: left alone
const notes = await agent('Read the notes.')
// ok: with something in its place
await agent(`Plan from: ${notes ?? 'nothing'}`)
if (!notes) return
// ok: checked
await agent(`Plan from: ${notes}`)
//- case: in lists and objects
const one = await agent('One.')
const two = await agent('Two.')
await agent(['Sum up:', one, two ?? ''].join('\n'))
//                      ^^^ result-null-prompt: When its agent fails, `one` is null, and the prompt lacks it. Check it first.
await agent(`Sum up: ${JSON.stringify({ one, two: two ?? 'nothing' })}`)
//                                      ^^^ result-null-prompt: When its agent fails, `one` is null, and the prompt says so. Check it first.
//- case: ignored
const notes = await agent('Read the notes.')
// callsheet-ignore result-null-prompt: null is an answer too
await agent(`Plan from: ${notes}`)
