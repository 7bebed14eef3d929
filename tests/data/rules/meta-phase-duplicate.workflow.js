//- case: found
//- bare
export const meta = {
  name: 'x', description: 'y',
  phases: [{ title: 'Scan' }, { title: "Scan" }, { title: 'Fix' }, { title: `Scan` }],
  //                                   ^^^^^^ meta-phase-duplicate: another phase `Scan`
  //                                                                        ^^^^^^ meta-phase-duplicate
}
//- case: look-alikes
//- bare
// ok: titles that differ in case, and equal details
export const meta = { name: 'x', description: 'y', phases: [{ title: 'Scan', detail: 'a' }, { title: 'scan', detail: 'a' }] }
// ok: a phase may be entered twice
phase('Scan')
phase('scan')
phase('Scan')
//- case: ignored
//- bare
// callsheet-ignore meta-phase-duplicate: renamed soon
export const meta = { name: 'x', description: 'y', phases: [{ title: 'Scan' }, { title: 'Scan' }] }
phase('Scan')
