//- case: found
const a = await parallel(Array.from({ length: 5000 }, (_, i) => () => i))
//              ^^^^^^^^ too-many-items: at most 4,096 items, and these are 5,000
const count = 10_000
const b = await pipeline([...Array(count).keys()], (i) => i)
//              ^^^^^^^^ too-many-items: 10,000
const c = await parallel(new Array(4097).fill(0).map((_, i) => () => i))
//              ^^^^^^^^ too-many-items: 4,097
return { a, b, c }
//- case: look-alikes
// ok: as many as allowed
const a = await parallel(Array.from({ length: 4096 }, (_, i) => () => i))
// ok: fewer after a filter, or not to be told
const b = await pipeline([...Array(5000).keys()].filter((i) => i % 2), (i) => i)
const c = await pipeline(Array.from({ length: args.count }), (i) => i)
const d = Array.from({ length: 5000 }, (_, i) => i)
return { a, b, c, d }
//- case: ignored
// callsheet-ignore too-many-items: shows the error
return await parallel(Array.from({ length: 5000 }, (_, i) => () => i))
