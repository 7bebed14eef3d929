export const meta = {
  name: 'loop-until-dry',
  description: 'Collect accessibility problems until no new ones turn up, then mend them page by page',
  phases: [{ title: 'Collect' }, { title: 'Mend' }],
}

const PROBLEMS = {
  type: 'object',
  properties: {
    problems: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          page: { type: 'string' },
          rule: { type: 'string' },
          element: { type: 'string' },
          impact: { type: 'string', enum: ['minor', 'moderate', 'serious', 'critical'] },
        },
        required: ['page', 'rule', 'element', 'impact'],
      },
    },
  },
  required: ['problems'],
}

const impacts = PROBLEMS.properties.problems.items.properties.impact.enum
const weight = (impact) => impacts.indexOf(impact)

phase('Collect')
const problems = await loopUntilDry({
  key: ({ page, rule, element }) => [page, rule, element].join('\u0000'),
  maxRounds: 8,
  consecutiveEmpty: 2,
  async round(index) {
    const found = await agent(
      `Round ${index + 1}: find accessibility problems that are not obvious. Look at ${
        index % 2 ? 'forms and dialogs' : 'navigation and headings'
      }.`,
      { schema: PROBLEMS, label: `round ${index + 1}` },
    )
    return found?.problems
  },
})

const pages = new Map()
for (const problem of problems) {
  if (!pages.has(problem.page)) pages.set(problem.page, [])
  pages.get(problem.page).push(problem)
}
const order = [...pages.entries()].sort(([, a], [, b]) => total(b) - total(a))

function total(list) {
  return list.reduce((sum, { impact }) => sum + weight(impact) + 1, 0)
}

phase('Mend')
const mended = []
for (const [page, list] of order) {
  if (budget.total && budget.remaining() < 30_000) {
    log(`Out of budget before ${page}`)
    break
  }
  const text = list.map(({ rule, element, impact }) => `- ${impact}: ${rule} at ${element}`).join('\n')
  const answer = await agent(`Mend these on ${page}:\n${text}`, { label: page, isolation: 'worktree' })
  if (answer) mended.push({ page, count: list.length, answer })
  else log(`${page} was not mended`)
}
return { found: problems.length, mended: mended.map(({ page, count }) => `${page}: ${count}`), left: order.length - mended.length }
