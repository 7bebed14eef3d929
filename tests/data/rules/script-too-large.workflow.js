//- case: far over
//- pad: 700000
//- bare
export const meta = { name: 'x', description: 'y' }
//@ 1-1 script-too-large: the limit is 512 KiB
//- case: just over
//- pad: 524260
//- bare
export const meta = { name: 'x', description: 'y' }
//@ 1-1 script-too-large
//- case: just under
//- pad: 524000
//- bare
// ok: a little less than the limit
export const meta = { name: 'x', description: 'y' }
//- case: small
// ok: a script of common size
return null
//- case: ignored
//- pad: 700000
//- bare
export const meta = { name: 'x', description: 'y' } // callsheet-ignore script-too-large: data of a test
