//- case: direct
const format = new Intl.DateTimeFormat('en')
//                 ^^^^ determinism-locale: `Intl` depends on the machine's locale. Format by hand, with `padStart`, `toFixed` or `toISOString`: the result must not depend on the machine.
log(format)
//- case: by another name
const { NumberFormat } = globalThis.Intl
//                       ^^^^^^^^^^^^^^^ determinism-locale: This is `Intl`, which depends on the machine's locale. Format by hand, with `padStart`, `toFixed` or `toISOString`: the result must not depend on the machine.
log(new NumberFormat('de').format(1234.5))
//- case: left alone
// ok: one fixed form
log((1234.5).toLocaleString(), new Date(0).toLocaleDateString('en-GB'))
// ok: a property
log(args.Intl)
//- case: ignored
// callsheet-ignore determinism-locale: a test of the host
log(Intl)
