//- case: found
meta.description = 'another'
//@ 1-16 meta-frozen: this throws
meta.count += 1
//@ 1-10 meta-frozen
meta['phases'][0].title = 'x'
//@ 1-23 meta-frozen
delete meta.phases
//     ^^^^^^^^^^^ meta-frozen
//- case: look-alikes
// ok: reading, copying, and a name of one's own
const copy = { ...meta, description: 'another' }
copy.description = meta.description
function f(meta) {
  // ok: a parameter
  meta.count = 1
}
f(copy)
const list = [meta.name]
list[0] = meta.name
//- case: ignored
// callsheet-ignore meta-frozen: shows that it throws
meta.description = 'another'
