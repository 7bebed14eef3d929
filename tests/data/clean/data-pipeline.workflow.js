export const meta = {
  name: 'label-rows',
  description: 'Labels rows of data in batches, with retries and a second opinion where the first is unsure.',
  phases: [{ title: 'Label', model: 'haiku' }, { title: 'Second opinion', model: 'opus' }, { title: 'Report' }],
}

const { rows = [], labels = ['yes', 'no'], batchSize = 20, threshold = 0.7 } = args ?? {}

const LABELS = {
  type: 'object',
  properties: {
    rows: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          id: { type: ['string', 'integer'] },
          label: { type: 'string' },
          confidence: { type: 'number', minimum: 0, maximum: 1 },
        },
        required: ['id', 'label', 'confidence'],
      },
    },
  },
  required: ['rows'],
}

function* batches(list, size) {
  for (let i = 0; i < list.length; i += size) yield list.slice(i, i + size)
}

const ask = async (batch, { strict, ...options }) => {
  const answer = await agent(
    `Label each row with one of ${labels.join(', ')}${strict ? '; take your time' : ''}.\n${batch.map((row) => JSON.stringify(row)).join('\n')}`,
    { schema: LABELS, ...options },
  )
  const known = new Set(labels)
  return (answer?.rows ?? []).filter((row) => known.has(row.label))
}

const first = await parallel(
  [...batches(rows, batchSize)].map((batch, i) => () => ask(batch, { phase: 'Label', label: `batch ${i + 1}`, retries: 2 })),
)

const byId = new Map(first.flatMap((list) => list ?? []).map((row) => [String(row.id), row]))
const missing = rows.filter((row) => !byId.has(String(row.id)))
const unsure = rows.filter((row) => (byId.get(String(row.id))?.confidence ?? 1) < threshold)
log(`${byId.size} labelled, ${missing.length} missing, ${unsure.length} unsure`)

const again = [...missing, ...unsure]
if (again.length > 0 && (budget.total === null || budget.remaining() > 10_000)) {
  const second = await parallel(
    [...batches(again, Math.max(1, batchSize >> 1))].map(
      (batch, i) => () => ask(batch, { strict: true, phase: 'Second opinion', label: `again ${i + 1}` }),
    ),
  )
  for (const list of second) for (const row of list ?? []) byId.set(String(row.id), row)
}

phase('Report')
const counts = labels.reduce((all, label) => ({ ...all, [label]: 0 }), {})
byId.forEach(({ label }) => counts[label]++)
const comment = await agent(`Comment on this distribution in two sentences: ${JSON.stringify(counts)}`)

return { labels: Object.fromEntries(byId), counts, comment, unlabelled: rows.length - byId.size }
