export const meta = {
  name: 'deep-research',
  description: 'Researches a question in rounds until nothing new is found or the budget is gone.',
  phases: [{ title: 'Plan' }, { title: 'Search' }, { title: 'Write' }],
}

const question = typeof args === 'string' ? args : args?.question
if (!question) return { error: 'Give a question: --args \'{"question": "…"}\'' }

const QUERIES = {
  type: 'object',
  properties: { queries: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 8 } },
  required: ['queries'],
}
const FINDINGS = {
  type: 'object',
  properties: {
    findings: {
      type: 'array',
      items: {
        type: 'object',
        properties: { claim: { type: 'string' }, source: { type: 'string' }, confidence: { type: 'number' } },
        required: ['claim', 'source'],
      },
    },
    openQuestions: { type: 'array', items: { type: 'string' } },
  },
  required: ['findings'],
}

phase('Plan')
const plan = await agent(`Plan web searches for: ${question}`, { schema: QUERIES, effort: 'high' })

phase('Search')
const known = new Map()
let queue = plan?.queries ?? [question]
let dry = 0

for (let round = 0; queue.length > 0 && round < 6; round++) {
  if (budget.total !== null && budget.remaining() < budget.total * 0.2) {
    log(`Stopping in round ${round}: ${Math.round(budget.remaining() / 1000)}k tokens left`)
    break
  }
  const answers = await parallel(
    queue.map((query, i) => async () => {
      const found = await agent(`Search for: ${query}\nKnown already:\n${[...known.keys()].join('\n')}`, {
        label: `round ${round} #${i}`,
        schema: FINDINGS,
        phase: 'Search',
        timeoutMs: 120_000,
        retries: 1,
      })
      return found && { query, ...found }
    }),
  )
  const before = known.size
  for (const answer of answers) {
    if (!answer) continue
    for (const finding of answer.findings) {
      const key = finding.claim.trim().toLowerCase()
      if (!known.has(key) || (finding.confidence ?? 0) > (known.get(key).confidence ?? 0)) known.set(key, finding)
    }
  }
  dry = known.size === before ? dry + 1 : 0
  if (dry >= 2) break
  queue = answers.filter(Boolean).flatMap((answer) => answer.openQuestions ?? []).slice(0, 5)
}

phase('Write')
const facts = [...known.values()].sort((a, b) => (b.confidence ?? 0) - (a.confidence ?? 0))
const answer = await agent(
  `Answer "${question}" from these facts only, with sources.\n` +
    facts.map((fact, i) => `[${i + 1}] ${fact.claim} (${fact.source})`).join('\n'),
)

return { answer, facts }
