//- case: direct
const reference = new WeakRef(args)
//                    ^^^^^^^ determinism-garbage: `WeakRef` shows garbage collection, which differs from run to run. Hold the object itself in a variable, `Map` or `Set`.
const registry = new FinalizationRegistry(() => log('gone'))
//                   ^^^^^^^^^^^^^^^^^^^^ determinism-garbage: `FinalizationRegistry` shows garbage collection, which differs from run to run. Hold the object itself in a variable, `Map` or `Set`.
log(reference.deref(), registry)
//- case: by another name
const { WeakRef: Weak } = globalThis
//               ^^^^ determinism-garbage: This is `WeakRef`, which shows garbage collection, which differs from run to run. Hold the object itself in a variable, `Map` or `Set`.
log(new Weak(args))
//- case: left alone
// ok: weak collections show nothing
const seen = new WeakSet()
const cache = new WeakMap()
log(seen, cache)
// ok: only asked for
if (typeof WeakRef === 'undefined') log('not there')
//- case: ignored
// callsheet-ignore determinism-garbage: a test of the host
const reference = new WeakRef(args)
log(reference)
