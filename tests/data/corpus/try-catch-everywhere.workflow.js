export const meta = {
  name: 'try-catch-everywhere',
  description: 'Convert configuration files; every failure is told and none stops the rest',
}

class ConversionError extends Error {
  constructor(file, message, options) {
    super(`${file}: ${message}`, options)
    this.name = 'ConversionError'
    this.file = file
  }
}

const CONVERTED = {
  type: 'object',
  properties: {
    content: { type: 'string' },
    warnings: { type: 'array', items: { type: 'string' } },
  },
  required: ['content'],
}

async function convert(file) {
  let converted
  try {
    converted = await agent(`Convert ${file} from YAML to TOML. Keep the comments.`, { label: file, schema: CONVERTED })
  } catch (error) {
    throw new ConversionError(file, error.code === 'SCHEMA_NONCOMPLIANCE' ? 'no usable answer' : error.message, { cause: error })
  }
  if (!converted) throw new ConversionError(file, 'the agent failed')
  const { content, warnings = [] } = converted
  if (!content.includes('=')) throw new ConversionError(file, 'the answer is no TOML')
  return { file, content, warnings }
}

async function attempt(file, tries = 2) {
  const errors = []
  for (let number = 1; number <= tries; number++) {
    try {
      return { ok: true, value: await convert(file) }
    } catch (error) {
      if (!(error instanceof ConversionError)) throw error
      errors.push(error.message)
      log(`try ${number} of ${tries}: ${error.message}`)
    } finally {
      log(`${file}: ${budget.spent()} tokens so far`)
    }
  }
  return { ok: false, errors }
}

const listed = await agent('List the YAML files under config/, one path a line, nothing else.')
const files = (listed ?? '')
  .split(/\r?\n/)
  .map((line) => line.trim())
  .filter((line) => /\.ya?ml$/i.test(line))

const outcomes = await parallel(files.map((file) => () => attempt(file)))
const good = outcomes.filter((outcome) => outcome?.ok).map((outcome) => outcome.value)
const bad = outcomes.flatMap((outcome) => (outcome && !outcome.ok ? outcome.errors : []))
const warnings = good.flatMap(({ file, warnings: given }) => given.map((warning) => `${file}: ${warning}`))

try {
  const summary = await agent(`Sum up this conversion for the log:\n${JSON.stringify({ good: good.map((g) => g.file), bad, warnings })}`)
  return { converted: good.length, bad, warnings, summary: summary.trim() }
} catch {
  return { converted: good.length, bad, warnings }
}
