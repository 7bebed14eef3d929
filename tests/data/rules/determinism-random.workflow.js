//- case: direct
const coin = Math.random() < 0.5
//           ^^^^^^^^^^^^^ determinism-random: `Math.random()` is random, so a replay would see another value. Derive variety from data: an item's index, `args.seed`, or a prompt that asks for a different angle.
const id = crypto.randomUUID()
//         ^^^^^^^^^^^^^^^^^^^ determinism-random: `crypto.randomUUID()` is random, so a replay would see another value. Build the name from data that is there: an index, a title, `args.id`.
crypto.getRandomValues(new Uint8Array(4))
//@ 1-41 determinism-random: `crypto.getRandomValues()` is random, so a replay would see another value. Derive variety from data: an item's index, `args.seed`, or a prompt that asks for a different angle.
log(coin, id)
//- case: by another name
const { random, floor } = Math
log(floor(random() * 10))
//        ^^^^^^^^ determinism-random: This is `Math.random()`, which is random, so a replay would see another value. Derive variety from data: an item's index, `args.seed`, or a prompt that asks for a different angle.
const pick = (list) => list[Math.floor(Math['random']() * list.length)]
//                                     ^^^^^^^^^^^^^^^^ determinism-random: This is `Math.random()`, which is random, so a replay would see another value. Derive variety from data: an item's index, `args.seed`, or a prompt that asks for a different angle.
log(pick(args.items))
const rolls = Array.from({ length: 3 }, Math.random)
//                                      ^^^^^^^^^^^ determinism-random: `Math.random()` is random, so a replay would see another value. Derive variety from data: an item's index, `args.seed`, or a prompt that asks for a different angle.
log(rolls)
//- case: left alone
// ok: the rest of Math
const most = Math.max(...args.scores)
// ok: a generator of the script's own
const random = (seed) => () => (seed = (seed * 16807) % 2147483647) / 2147483647
const next = random(7)
log(next(), most)
// ok: text
await agent('Where does the code use Math.random()?')
//- case: ignored
// callsheet-ignore determinism-random: decides nothing
log(Math.random())
