//- case: found
const a = await agent('Review.', { agentType: 'reviwer' })
//                                            ^^^^^^^^^ agent-type-unknown: Did you mean `reviewer`?
const b = await agent('Review.', { agentType: 'plumber' })
//                                            ^^^^^^^^^ agent-type-unknown: There are
return { a, b }
//- file: .callsheet/agents/any-name.md
---
name: reviewer
description: Reviews changes.
---
Review what you are given.
//- case: look-alikes
// ok: built in, by front matter, by file name, in another host's folder
const a = await agent('Look.', { agentType: 'Explore' })
const b = await agent('Review.', { agentType: 'reviewer' })
const c = await agent('Test.', { agentType: 'tester' })
// ok: not to be told
const d = await agent('Test.', { agentType: args.type })
return { a, b, c, d }
//- file: .claude/agents/x.md
---
name: "reviewer"
---
//- file: home/.callsheet/agents/tester.md
Test what you are given.
//- case: ignored
// callsheet-ignore agent-type-unknown: installed with the plug-in
return await agent('Review.', { agentType: 'reviewer' })
