export const meta = {
  name: 'fix-with-review',
  description: 'Try several fixes for one problem in worktrees and hand over the one that a panel prefers',
  whenToUse: 'A bug is understood but it is not clear how best to mend it.',
  phases: [{ title: 'Fix', detail: 'Each attempt in a git worktree of its own' }, { title: 'Judge' }],
}

const ATTEMPT = {
  type: 'object',
  properties: {
    approach: { type: 'string', description: 'The idea of the fix in one paragraph' },
    files: { type: 'array', items: { type: 'string' } },
    testsPassed: { type: 'boolean' },
  },
  required: ['approach', 'files', 'testsPassed'],
}

const STYLES = [
  'the smallest change that is right',
  'the change that removes the cause, even if more code moves',
  'the change that is easiest to test',
]

const problem = args?.problem
if (!problem) throw new Error('Say what to fix: --args \'{"problem": "…"}\'')

phase('Fix')
const attempts = await parallel(
  STYLES.map((style) => () =>
    agent(`Fix this problem: ${problem}\nPrefer ${style}. Add a test that fails without the fix, and run the tests.`, {
      label: style,
      schema: ATTEMPT,
      isolation: 'worktree',
    }),
  ),
)
const working = attempts.filter((attempt) => attempt?.testsPassed)
if (working.length === 0) return { chosen: null, reason: 'no attempt passed its tests' }

phase('Judge')
const verdict = await judgePanel(working, {
  judges: 3,
  rubric: `Which of these fixes for "${problem}" would you merge? Right first, then simple, then small.`,
})
return { chosen: verdict?.attempt ?? working[0], score: verdict?.score ?? 0, attempts: working.length }
