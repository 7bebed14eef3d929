export const meta = {
  name: 'cross-review',
  description: 'Several reviewers per file, several files at a time.',
  phases: [{ title: 'Review' }, { title: 'Merge' }],
}

const LENSES = Object.freeze({ security: 'injection, secrets', speed: 'loops, allocations', style: 'names, size' })
const FINDING = { type: 'object', properties: { line: { type: 'integer' }, text: { type: 'string' } }, required: ['text'] }
const RESULT = { type: 'object', properties: { findings: { type: 'array', items: FINDING } }, required: ['findings'] }

const files = args.files.map((file) => file.replace(/^\.\//, ''))

phase('Review')
const reviews = await parallel(
  files.map((file) => async () => {
    const byLens = await parallel(
      Object.entries(LENSES).map(([lens, what]) => async () => {
        const review = await agent(`Review ${file} for ${lens} (${what}).`, {
          label: `${lens}: ${file}`,
          phase: 'Review',
          schema: RESULT,
          tier: 'small',
        })
        return (review?.findings ?? []).map((finding) => ({ ...finding, lens, file }))
      }),
    )
    return byLens.flatMap((findings) => findings ?? [])
  }),
)

const all = reviews.flatMap((list) => list ?? [])
const unique = [...new Map(all.map((finding) => [`${finding.file}:${finding.line}:${finding.text}`, finding])).values()]

phase('Merge')
const byFile = Object.groupBy ? Object.groupBy(unique, ({ file }) => file) : {}
const merged = await pipeline(
  Object.entries(byFile),
  ([file, findings]) => agent(`Merge these findings on ${file}:\n${JSON.stringify(findings)}`, { phase: 'Merge', label: file }),
  (text, [file]) => ({ file, text: text ?? 'merge failed' }),
)

return { merged, count: unique.length }
