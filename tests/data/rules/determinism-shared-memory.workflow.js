//- case: direct
const buffer = new SharedArrayBuffer(8)
//                 ^^^^^^^^^^^^^^^^^ determinism-shared-memory: `SharedArrayBuffer` lets timing show. Use `await`; agents already run at the same time.
Atomics.wait(new Int32Array(buffer), 0, 0, 100)
//@ 1-47 determinism-shared-memory: `Atomics.wait()` lets timing show. Use `await`; agents already run at the same time.
//- case: by another name
const { waitAsync } = Atomics
await waitAsync(args.view, 0, 0)
//    ^^^^^^^^^^^^^^^^^^^^^^^^^^ determinism-shared-memory: This is `Atomics.waitAsync()`, which lets timing show. Use `await`; agents already run at the same time.
//- case: left alone
// ok: memory of its own
const buffer = new ArrayBuffer(8)
// ok: no waiting
Atomics.add(new Int32Array(buffer), 0, 1)
//- case: ignored
// callsheet-ignore determinism-shared-memory: a test of the host
const buffer = new SharedArrayBuffer(8)
log(buffer)
