// A fan-out in a fan-out in a pipeline, with the phase as an option everywhere.
export const meta = {
  name: 'nested-fan-out',
  description: 'Translate every page into every language, then check each translation twice',
  phases: [{ title: 'Pages' }, { title: 'Translate' }, { title: 'Check' }],
}

const PAGES = {
  type: 'object',
  properties: { pages: { type: 'array', items: { type: 'object', properties: { path: { type: 'string' }, title: { type: 'string' } }, required: ['path', 'title'] } } },
  required: ['pages'],
}
const CHECK = {
  type: 'object',
  properties: { good: { type: 'boolean' }, problems: { type: 'array', items: { type: 'string' } } },
  required: ['good'],
}

const languages = { de: 'Deutsch', fr: 'français', ja: '日本語', pt: 'português', ar: 'العربية' }
const wanted = Object.entries(languages).filter(([code]) => !args?.only || args.only.includes(code))

const found = await agent('List the pages of the documentation with path and title.', { schema: PAGES, phase: 'Pages' })
const pages = found?.pages ?? []

const table = await pipeline(
  pages,
  async ({ path, title }) => {
    const translations = await parallel(
      wanted.map(([code, name]) => async () => {
        const text = await agent(`Translate ${path} ("${title}") into ${name}.`, {
          label: `${title} → ${code}`,
          phase: 'Translate',
        })
        return text === null ? null : { code, text }
      }),
    )
    return { path, translations: translations.filter(Boolean) }
  },
  async (page) => {
    const checked = await parallel(
      page.translations.map(({ code, text }) => async () => {
        const opinions = await parallel([
          () => agent(`Is this good ${languages[code]}?\n\n${text}`, { phase: 'Check', schema: CHECK, label: `style ${code}` }),
          () =>
            agent(`Does this say the same as ${page.path}?\n\n${text}`, {
              phase: 'Check',
              schema: CHECK,
              label: `sense ${code}`,
            }),
        ])
        const given = opinions.filter((opinion) => opinion !== null)
        return { code, text, good: given.length === 2 && given.every(({ good }) => good), problems: given.flatMap((o) => o.problems ?? []) }
      }),
    )
    return { ...page, translations: checked.filter((entry) => entry?.good), rejected: checked.filter((entry) => entry && !entry.good) }
  },
)

const finished = table.filter(Boolean)
const rows = finished.map(({ path, translations }) => `${path}: ${translations.map(({ code }) => code).join(' ') || '–'}`)
log(rows.join('\n'))
return {
  pages: finished.length,
  translations: finished.reduce((sum, page) => sum + page.translations.length, 0),
  problems: finished.flatMap((page) => page.rejected.flatMap((entry) => entry.problems)),
}
