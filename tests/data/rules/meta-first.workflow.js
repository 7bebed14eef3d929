//- case: behind a constant
//- bare
const day = args.day
export const meta = { name: 'x', description: 'y' }
//           ^^^^ meta-first: must be the first statement
return day
//- case: behind a call
//- bare
log('begin')
export const meta = { name: 'x', description: 'y' }
//           ^^^^ meta-first
return null
//- case: first
//- bare
// ok: a comment is no statement
;
// ok: nor is a lone semicolon
export const meta = { name: 'x', description: 'y' }
return null
//- case: ignored
//- bare
const day = args.day
// callsheet-ignore meta-first: moved by a tool later
export const meta = { name: 'x', description: 'y' }
return day
