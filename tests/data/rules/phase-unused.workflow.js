//- case: found
//- bare
export const meta = {
  name: 'x',
  description: 'y',
  phases: [
    { title: 'Scan' },
    { title: 'Fix' },
    //       ^^^^^ phase-unused: Nothing uses the phase `Fix`
    { title: 'Report', detail: 'writes it down' },
    //       ^^^^^^^^ phase-unused
  ],
}
return await agent('Look.')
//- case: the first one as well
//- bare
export const meta = { name: 'x', description: 'y', phases: [{ title: 'Scan' }, { title: 'Report' }] }
//                                                                   ^^^^^^ phase-unused
phase('Report')
return await agent('Look.')
//- case: look-alikes
//- bare
export const meta = { name: 'x', description: 'y', phases: [{ title: 'Scan' }, { title: 'Fix' }, { title: 'Report' }] }
// ok: the first is current from the start
const a = await agent('Look.')
// ok: by the option, and through a helper
const b = await agent('Fix it.', { phase: 'Fix' })
const step = async (title, prompt) => { log(title); return agent(prompt) }
return [a, b, await step('Report', 'Write.')]
//- case: dynamic titles
//- bare
export const meta = { name: 'x', description: 'y', phases: [{ title: 'Scan' }, { title: 'Fix' }] }
// ok: what runs then is not to be told
for (const entry of meta.phases) phase(entry.title)
return await agent('Look.')
//- case: dynamic options
//- bare
export const meta = { name: 'x', description: 'y', phases: [{ title: 'Scan' }, { title: 'Fix' }] }
// ok: the option may come from elsewhere
return await agent('Look.', { label: 'x', ...args.options })
//- case: ignored
//- bare
// callsheet-ignore phase-unused: comes with the next version
export const meta = { name: 'x', description: 'y', phases: [{ title: 'Scan' }, { title: 'Fix' }] }
return await agent('Look.')
//- case: told of elsewhere
export const meta = {
  name: 'case',
  description: 'A case.',
  phases: [{ title: 'Scan' }, { title: 'Verify' }],
//                                     ^^^^^^^^ phase-unused
}
phase('Scan')
// Verify comes later.
await agent('Verify the scan.')
//- case: through names and helpers
export const meta = {
  name: 'case',
  description: 'A case.',
  phases: [{ title: 'Scan' }, { title: 'Verify' }, { title: 'Report' }, { title: 'Clean' }],
//                                                                               ^^^^^^^ phase-unused
}
// ok: handed to helpers, or in options that are put together
const ask = (prompt, options) => agent(prompt, { label: 'ask', ...options })
const enter = (title) => phase(title)
enter('Verify')
await ask('Look.', { phase: 'Scan' })
const options = { phase: 'Report' }
await ask('Look.', options)
