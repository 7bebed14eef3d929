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
