//- case: direct
const started = Date.now()
//              ^^^^^^^^^^ determinism-clock: `Date.now()` reads the clock, so a replay would see another time. Pass the time in: `args.now`, or let an agent look at the clock.
const today = new Date().toDateString()
//            ^^^^^^^^^^ determinism-clock: `new Date()` reads the clock, so a replay would see another time. Pass the time in: `args.now`, or let an agent look at the clock.
log(`Run at ${Date()}`)
//            ^^^^^^ determinism-clock: `Date()` reads the clock, so a replay would see another time. Pass the time in: `args.now`, or let an agent look at the clock.
const tick = performance.now()
//           ^^^^^^^^^^^^^^^^^ determinism-clock: `performance.now()` reads the clock, so a replay would see another time. Pass the time in: `args.now`, or let an agent look at the clock.
const instant = Temporal.Now.instant()
//              ^^^^^^^^^^^^ determinism-clock: `Temporal.Now` reads the clock, so a replay would see another time. Pass the time in: `args.now`, or let an agent look at the clock.
//- case: by another name
const clock = Date
const { now } = clock
log(now(), new clock())
//  ^^^^^ determinism-clock: This is `Date.now()`, which reads the clock, so a replay would see another time. Pass the time in: `args.now`, or let an agent look at the clock.
//         ^^^^^^^^^^^ determinism-clock: This is `new Date()`, which reads the clock, so a replay would see another time. Pass the time in: `args.now`, or let an agent look at the clock.
const stamp = globalThis['Da' + 'te']['now']
log(Reflect.apply(stamp, null, []))
//  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ determinism-clock: This is `Date.now()`, which reads the clock, so a replay would see another time. Pass the time in: `args.now`, or let an agent look at the clock.
//- case: handed on
const stamps = args.items.map(Date.now)
//                            ^^^^^^^^ determinism-clock: `Date.now()` reads the clock, so a replay would see another time. Pass the time in: `args.now`, or let an agent look at the clock.
const call = (f) => f()
call(Date.now)
//   ^^^^^^^^ determinism-clock: `Date.now()` reads the clock, so a replay would see another time. Pass the time in: `args.now`, or let an agent look at the clock.
//- case: in a helper
function stamp() {
  return Date.now()
//       ^^^^^^^^^^ determinism-clock: `Date.now()` reads the clock, so a replay would see another time. Pass the time in: `args.now`, or let an agent look at the clock.
}
log(stamp())
//- case: left alone
// ok: a date of a given value
const then = new Date(args.now)
const epoch = Date.UTC(1970, 0)
// ok: text and types
await agent('Replace Date.now() by new Date(0).')
if (typeof Date === 'function' && then instanceof Date) log(String(epoch))
// ok: a name of the script's own
function report(Date) {
  return Date.now()
}
log(report({ now: () => 0 }))
//- case: ignored
// callsheet-ignore determinism-clock: only shown, never used in a call
log(`Now: ${Date.now()}`)
