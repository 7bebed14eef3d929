export const meta = { name: 'retry-and-gate', description: 'Write a changelog entry until a strict editor accepts it' }

const ENTRY = {
  type: 'object',
  properties: { title: { type: 'string', maxLength: 72 }, body: { type: 'string' } },
  required: ['title', 'body'],
}
const VERDICT = {
  type: 'object',
  properties: { accepted: { type: 'boolean' }, remarks: { type: 'array', items: { type: 'string' } } },
  required: ['accepted', 'remarks'],
}

/** Asks the editor; silence is no acceptance. */
async function edit(entry) {
  if (!entry) return { ok: false, feedback: 'There was no entry.' }
  const verdict = await agent(`Judge this changelog entry:\n# ${entry.title}\n${entry.body}`, {
    label: 'editor',
    schema: VERDICT,
    model: 'opus',
  })
  if (!verdict) return { ok: false, feedback: 'The editor did not answer.' }
  return { ok: verdict.accepted, feedback: verdict.remarks.join('\n') }
}

const diff = await retry((attempt) => agent(`Summarise the staged diff (try ${attempt + 1}).`, { label: 'diff' }), {
  attempts: 2,
  until: (text) => typeof text === 'string' && text.length > 40,
})
if (!diff) throw new Error('The diff could not be summarised.')

const { ok, value, attempts } = await gate(
  (feedback, attempt) =>
    agent(
      attempt === 0
        ? `Write a changelog entry for this change:\n${diff}`
        : `Write the entry again. The editor said:\n${feedback}\n\nThe change:\n${diff}`,
      { label: `write ${attempt + 1}`, schema: ENTRY },
    ),
  edit,
  { attempts: 4 },
)

if (!ok) {
  const answer = await checkpoint('The editor never accepted an entry. Take the last one?', {
    kind: 'confirm',
    default: false,
  })
  if (!answer) return { entry: null, attempts }
}
log(`Accepted after ${attempts} attempts`)
return { entry: value ? `### ${value.title}\n\n${value.body}` : null, attempts }
