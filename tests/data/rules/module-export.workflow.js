//- case: found
export const limit = 3
//@ 1-6 module-export: Only `meta` is exported
export default async function main() { return limit }
//@ 1-6 module-export
export { limit }
//@ 1-6 module-export
export * from 'x'
//@ 1-6 module-export
//- case: look-alikes
// ok: in texts and as keys
const text = 'export default 1'
const record = { export: text, default: 1 }
// ok: a plain declaration
const limit = 3
return { record, limit }
//- case: ignored
// callsheet-ignore module-export: used by tests
export const limit = 3
