//- case: found
//- bare
export const meta = {
  name: 'x', description: 'y',
  phases: [{ title: 'Scan' }, { title: 'Report' }],
}
phase('Scann')
//    ^^^^^^^ phase-undeclared: Did you mean `Scan`?
const a = await agent('Look.', { phase: 'report' })
//                                      ^^^^^^^^ phase-undeclared: Did you mean `Report`?
const title = 'Something else'
phase(title)
//    ^^^^^ phase-undeclared: does not declare `Something else`
phase('Report')
return a
//- case: look-alikes
//- bare
export const meta = { name: 'x', description: 'y', phases: [{ title: 'Scan' }, { title: `Re\u0070ort` }] }
// ok: declared, in other quotes, with an escape
phase("Scan")
phase('Report')
// ok: titles that are made when it runs
for (const name of args.names) phase(`Round ${name}`)
return await agent('Look.', { phase: args.phase })
//- case: none declared
// ok: a script that declares none may use any
phase('Scan')
return await agent('Look.', { phase: 'Report' })
//- case: ignored
//- bare
export const meta = { name: 'x', description: 'y', phases: [{ title: 'Scan' }] }
// callsheet-ignore phase-undeclared: a group of its own is fine
phase('Clean up')
return await agent('Look.', { phase: 'Scan' })
//- case: through names and helpers
export const meta = { name: 'case', description: 'A case.', phases: [{ title: 'Scan' }, { title: 'Check' }] }
const TITLES = { scan: 'Scan', check: 'Chek' }
phase(TITLES.scan)
phase(TITLES.check)
//    ^^^^^^^^^^^^ phase-undeclared: Did you mean `Check`?
const ask = (prompt, phase) => agent(prompt, { phase })
await ask('Look.', 'Scan')
await ask('Look.', 'Scam')
//                 ^^^^^^ phase-undeclared: Did you mean `Scan`?
const options = { phase: 'Sacn' }
//                       ^^^^^^ phase-undeclared: Did you mean `Scan`?
await agent('Look.', { ...options, label: 'look' })
for (const title of ['Check', 'Report']) phase(title)
//                            ^^^^^^^^ phase-undeclared: does not declare `Report`
phase(args.deep ? 'Scan' : 'Deep')
//                         ^^^^^^ phase-undeclared: does not declare `Deep`
// ok: not known here
phase(`Part ${args.part}`)
for (const part of args.parts) phase(part)
