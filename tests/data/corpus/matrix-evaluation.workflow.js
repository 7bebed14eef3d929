export const meta = {
  name: 'matrix-evaluation',
  description: 'Ask several models the same questions, let others grade the answers blindly',
  phases: [{ title: 'Answer' }, { title: 'Grade' }],
}

const MODELS = args?.models ?? ['haiku', 'sonnet', 'opus']
const TASKS = [
  { id: 'naming', prompt: 'Suggest a better name for `processData2`, with one reason.' },
  { id: 'regex', prompt: 'Write a regular expression for ISO dates such as 2024-02-29. Explain it.' },
  { id: 'off-by-one', prompt: 'What is wrong with `for (let i = 0; i <= list.length; i++)`?' },
]
const GRADE = {
  type: 'object',
  properties: {
    points: { type: 'integer', minimum: 0, maximum: 10 },
    reason: { type: 'string' },
  },
  required: ['points'],
  additionalProperties: false,
}

const cells = MODELS.flatMap((model) => TASKS.map((task) => ({ model, task })))
const mean = (numbers) => (numbers.length ? numbers.reduce((sum, n) => sum + n, 0) / numbers.length : NaN)
const round = (number, digits = 1) => Number(number.toFixed(digits))

phase('Answer')
const answers = await parallel(
  cells.map(({ model, task }) => () => agent(task.prompt, { model, label: `${task.id} by ${model}`, phase: 'Answer' })),
)

phase('Grade')
const graded = await parallel(
  cells.map((cell, index) => async () => {
    const answer = answers[index]
    if (!answer) return { ...cell, points: [] }
    const judges = MODELS.filter((model) => model !== cell.model)
    const grades = await parallel(
      judges.map((model) => () =>
        agent(`Task: ${cell.task.prompt}\n\nAnswer:\n${answer}\n\nGrade it from 0 to 10.`, {
          model,
          schema: GRADE,
          phase: 'Grade',
          label: `grade ${cell.task.id}`,
        }),
      ),
    )
    return { ...cell, points: grades.filter(Boolean).map(({ points }) => points) }
  }),
)

const scores = {}
for (const cell of graded) {
  if (!cell) continue
  const {
    model,
    task: { id },
    points,
  } = cell
  ;(scores[model] ??= {})[id] = points.length ? round(mean(points)) : null
}

const ranking = Object.entries(scores)
  .map(([model, byTask]) => {
    const known = Object.values(byTask).filter((score) => score !== null)
    return { model, mean: round(mean(known), 2), answered: known.length }
  })
  .sort((a, b) => b.mean - a.mean || b.answered - a.answered || a.model.localeCompare(b.model))

for (const { model, mean: score, answered } of ranking) log(`${model.padEnd(8)} ${score} (${answered}/${TASKS.length})`)
return { ranking, scores }
