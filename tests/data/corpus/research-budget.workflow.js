// Asks until the questions run out or the budget does.
export const meta = {
  name: 'research-budget',
  description: 'Research a topic in rounds: answer questions, collect new ones, stop when dry or out of budget',
  phases: [{ title: 'Plan' }, { title: 'Research' }, { title: 'Write' }],
}

const QUESTIONS = {
  type: 'object',
  properties: { questions: { type: 'array', items: { type: 'string' }, maxItems: 8 } },
  required: ['questions'],
}
const ANSWER = {
  type: 'object',
  properties: {
    answer: { type: 'string' },
    sources: { type: 'array', items: { type: 'string', format: 'uri' } },
    confidence: { type: 'number', minimum: 0, maximum: 1 },
    followUps: { type: 'array', items: { type: 'string' } },
  },
  required: ['answer', 'confidence'],
}

const topic = args?.topic ?? 'the structure of this repository'
const RESERVE = 20_000
const MAX_ROUNDS = 6

function enoughLeft() {
  return budget.total === null || budget.remaining() > RESERVE
}

const normalise = (question) => question.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim()

phase('Plan')
const plan = await agent(`Which questions must be answered to understand ${topic}?`, { schema: QUESTIONS })
let open = plan?.questions ?? [`What is ${topic}?`]

phase('Research')
const seen = new Set(open.map(normalise))
const answers = []
for (let round = 0; round < MAX_ROUNDS && open.length > 0 && enoughLeft(); round++) {
  log(`Round ${round + 1}: ${open.length} questions, ${budget.spent()} tokens spent`)
  const results = await parallel(
    open.map((question) => async () => {
      const found = await agent(`Answer with sources: ${question}\nTopic: ${topic}`, {
        label: question.slice(0, 50),
        phase: 'Research',
        schema: ANSWER,
      })
      return found && { question, ...found }
    }),
  )
  const good = results.filter((result) => result && result.confidence >= 0.4)
  answers.push(...good)
  open = good
    .flatMap((result) => result.followUps ?? [])
    .filter((question) => {
      const key = normalise(question)
      if (seen.has(key)) return false
      seen.add(key)
      return true
    })
    .slice(0, 8)
}

phase('Write')
if (answers.length === 0) return { report: null, why: 'nothing could be answered' }
const material = answers.map(({ question, answer, sources = [] }) => `## ${question}\n${answer}\n${sources.join('\n')}`)
const report = await agent(`Write a report on ${topic} from this material only:\n\n${material.join('\n\n')}`)
return { report, questions: answers.map((entry) => entry.question), spent: budget.spent() }
