//- case: an object
const report = await agent('Write the report.')
;({ report })
//@ 2-13 trailing-result: write `return`
//- case: a name
const report = await agent('Write the report.')
report
//@ 1-6 trailing-result
//- case: a call
// ok: a call does something
await agent('Write the report.')
//- case: a result before
const report = await agent('Write the report.')
// ok: returned above
if (report) log(report)
return report
//- case: assignments
let count = 0
// ok: an assignment does something
count += 1
//- case: ignored
const report = await agent('Write the report.')
// callsheet-ignore trailing-result: for a notebook
report
