//- case: nothing but a body
//- bare
// Reviews the changes.
return await agent('Review the changes.')
//@ 1-41 meta-missing: A workflow script begins with
//- case: an empty file
//- bare

//@ 1-1 meta-missing
//- case: only the hashbang
//- bare
#!/usr/bin/env callsheet
phase('Scan')
//@ 1-13 meta-missing
return null
//- case: behind comments
//- bare
#!/usr/bin/env callsheet
// ok: comments and a hashbang may come first
/* and this */
export const meta = { name: 'x', description: 'y' }
return null
//- case: in another form
//- bare
// ok: there, if not as it should be
const meta = { name: 'x', description: 'y' }
//    ^^^^ meta-form
return null
//- case: ignored
//- bare
// callsheet-ignore meta-missing: only a fragment
return await agent('Review the changes.')
