export const meta = {
  name: 'hunt',
  description: 'Hunts bugs until two rounds in a row find nothing new, within the budget.',
  phases: [{ title: 'Hunt' }, { title: 'Judge' }],
}

const BUGS = {
  type: 'object',
  properties: {
    bugs: {
      type: 'array',
      items: {
        type: 'object',
        properties: { file: { type: 'string' }, line: { type: 'number' }, desc: { type: 'string' } },
        required: ['file', 'desc'],
      },
    },
  },
  required: ['bugs'],
}
const FINDERS = ['by-container', 'by-content', 'by-entity', 'by-time']
const key = (bug) => `${bug.file}:${bug.line ?? 0}:${bug.desc.slice(0, 40).toLowerCase()}`

const seen = new Set()
const confirmed = []
let dry = 0
let round = 0

while (dry < 2) {
  round += 1
  phase('Hunt')
  const found = (
    await parallel(
      FINDERS.map((finder) => () =>
        agent(`Round ${round}. Search ${finder}. Skip what is known:\n${[...seen].sort().join('\n')}`, {
          label: `${finder} ${round}`,
          phase: 'Hunt',
          schema: BUGS,
        }),
      ),
    )
  )
    .filter(Boolean)
    .flatMap((result) => result.bugs)

  const fresh = found.filter((bug) => !seen.has(key(bug)))
  if (!fresh.length) {
    dry++
    continue
  }
  dry = 0
  for (const bug of fresh) seen.add(key(bug))

  const judged = await parallel(
    fresh.map((bug) => async () => {
      const votes = await parallel(
        ['correctness', 'security', 'reproducible'].map((lens) => async () => {
          const verdict = await agent(`Judge "${bug.desc}" through the lens of ${lens}. Answer "real" or "not".`, {
            phase: 'Judge',
            label: `${lens}: ${bug.file}`,
          })
          return verdict?.trim().startsWith('real') ?? false
        }),
      )
      return { bug, real: votes.filter(Boolean).length >= 2 }
    }),
  )
  confirmed.push(...judged.filter((entry) => entry?.real).map((entry) => entry?.bug))
  log(`Round ${round}: ${fresh.length} new, ${confirmed.length} confirmed in total`)

  if (budget.total && budget.remaining() < 50_000) {
    log('The budget is nearly gone.')
    break
  }
}

return confirmed
