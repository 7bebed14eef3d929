//- case: found
const a = await agent('Look.', { isolation: 'branch', effort: 'highest', timeoutMs: 0, retries: 4 })
//                                          ^^^^^^^^ option-value: `isolation` must be 'worktree'
//                                                            ^^^^^^^^^ option-value: `effort` must be one of
//                                                                                  ^ option-value: greater than 0
//                                                                                              ^ option-value: from 0 to 3
const b = await agent('Look.', { timeoutMs: -5, retries: 1.5, model: ' ' })
//                                          ^^ option-value: greater than 0
//                                                       ^^^ option-value: whole number
//                                                                   ^^^ option-value: must not be blank
const c = await verify('x', { threshold: 50, reviewers: 0 })
//                                       ^^ option-value: from 0 to 1
//                                                      ^ option-value: at least 1
const d = await checkpoint('Go on?', { kind: 'yesno' })
//                                           ^^^^^^^ option-value: must be one of
return { a, b, c, d }
//- case: near a value that there is
const careful = { effort: 'hgih' }
//                        ^^^^^^ option-value: Did you mean 'high'?
return await agent('Look.', careful)
//- case: look-alikes
// ok: allowed
const a = await agent('Look.', { isolation: 'worktree', effort: "max", timeoutMs: 0.5, retries: 0 })
// ok: not to be told, or open
const b = await agent('Look.', { isolation: args.isolation, tier: 'enormous', model: 'nobody/knows', label: '' })
const c = await checkpoint('Go on?', { kind: 'select', choices: ['a'], timeoutMs: null })
return { a, b, c }
//- case: ignored
// callsheet-ignore option-value: shows the error
return await agent('Look.', { isolation: 'branch' })
