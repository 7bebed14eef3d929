//- case: found
const a = await Promise.race([agent('This.'), agent('That.')])
//              ^^^^^^^^^^^^ agent-race: differs from run to run
const b = await Promise.any(args.files.map((file) => agent(file)))
//              ^^^^^^^^^^^ agent-race
const c = await Promise.race([...args.files.map((file) => agent(file)), agent('More.')])
//              ^^^^^^^^^^^^ agent-race
return { a, b, c }
//- case: look-alikes
// ok: all of them
const a = await Promise.all([agent('This.'), agent('That.')])
const b = await Promise.allSettled([agent('This.')])
// ok: a race of other things
const c = await Promise.race([Promise.resolve(1), Promise.resolve(2)])
const d = await agent('Tell me about Promise.race([agent()])')
return { a, b, c, d }
//- case: ignored
// callsheet-ignore agent-race: the first is as good as any
return await Promise.race([agent('This.'), agent('That.')])
//- case: by name
const one = agent('One.')
const two = agent('Two.').catch(() => null)
const first = await Promise.race([one, two])
//                  ^^^^^^^^^^^^ agent-race
const ask = (question) => agent(question)
const any = await Promise.any(args.questions.map(ask))
//                ^^^^^^^^^^^ agent-race
// ok: no agent takes part
const plain = await Promise.race([Promise.resolve(1), Promise.resolve(2)])
return [first, any, plain]
