// Research a question in rounds: ask, read, find the gaps, ask again, as long as the budget lasts.
//
//   callsheet run examples/research-loop.workflow.js --budget 500000 \
//     --args '{"question": "How does this project decide what to cache?"}'

export const meta = {
  name: 'research-loop',
  description: 'Answer a question about a code base in rounds until nothing is missing or the budget is spent',
  whenToUse: 'A question is too wide for one agent.',
  phases: [
    { title: 'Plan' },
    { title: 'Research', detail: 'Rounds of questions in parallel' },
    { title: 'Answer' },
  ],
}

const QUESTIONS = {
  type: 'object',
  properties: { questions: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 6 } },
  required: ['questions'],
}

const FACT = {
  type: 'object',
  properties: {
    answer: { type: 'string' },
    evidence: { type: 'array', items: { type: 'string' }, description: 'File and line of each claim' },
    confidence: { type: 'number', minimum: 0, maximum: 1 },
  },
  required: ['answer', 'evidence', 'confidence'],
}

const question = args?.question ?? 'What does this project do, and how do its parts work together?'
const maxRounds = args?.rounds ?? 3
const reserve = 50_000 // tokens kept back for the answer

phase('Plan')
const plan = await agent(`Break this question into at most six smaller ones that can be answered separately: ${question}`, {
  label: 'plan',
  schema: QUESTIONS,
})
let open = plan?.questions ?? [question]

phase('Research')
const facts = []
for (let round = 1; round <= maxRounds && open.length > 0; round++) {
  if (budget.total !== null && budget.remaining() < reserve) {
    log(`round ${round} left out: ${budget.remaining()} tokens remain`)
    break
  }
  const answers = await parallel(
    open.map((text) => () =>
      agent(`Answer from the files of this project, with evidence: ${text}`, {
        label: `round ${round}: ${text.slice(0, 40)}`,
        agentType: 'Explore',
        schema: FACT,
      }),
    ),
  )
  for (const [index, answer] of answers.entries()) {
    if (answer) facts.push({ question: open[index], ...answer })
  }
  const check = await completenessCheck(question, facts)
  if (!check || check.complete) break
  open = (check.missing ?? []).slice(0, 6)
  log(`round ${round}: ${facts.length} facts, ${open.length} gaps`)
}

phase('Answer')
const answer = await agent(
  `Answer this question from the facts alone, and name what stays uncertain: ${question}\n\n` +
    JSON.stringify(
      facts.filter((fact) => fact.confidence >= 0.3),
      null,
      2,
    ),
  { label: 'answer' },
)
return { question, answer, facts }
