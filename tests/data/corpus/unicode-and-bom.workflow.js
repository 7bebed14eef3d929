// Übersetzt Meldungen; Namen, Schlüssel und Texte sind nicht nur ASCII. 🎬
export const meta = {
  name: 'unicode-and-bom',
  description: 'Sammelt Meldungen und übersetzt sie – mit Prüfung der Platzhalter',
  phases: [{ title: 'Sammeln' }, { title: 'Übersetzen' }, { title: 'Prüfen ✅' }],
}

const MELDUNGEN = {
  type: 'object',
  properties: {
    meldungen: {
      type: 'array',
      items: {
        type: 'object',
        properties: { schlüssel: { type: 'string' }, text: { type: 'string' }, länge: { type: 'integer' } },
        required: ['schlüssel', 'text'],
      },
    },
  },
  required: ['meldungen'],
}
const ÜBERSETZUNG = {
  type: 'object',
  properties: { text: { type: 'string' }, 'anmerkung?': { type: 'string' } },
  required: ['text'],
}

const platzhalter = (text) => [...text.matchAll(/\{(\p{L}[\p{L}\p{N}_]*)\}/gu)].map(([, name]) => name).sort()
const gleich = (a, b) => a.length === b.length && a.every((x, i) => x === b[i])
const größe = (text) => [...new Intl_(text)].length

function Intl_(text) {
  return text.normalize('NFC')
}

phase('Sammeln')
const antwort = await agent('Sammle alle Meldungen der Oberfläche: Schlüssel und Text.', { schema: MELDUNGEN })
const { meldungen = [] } = antwort ?? {}
const sprachen = new Map([
  ['fr', 'français'],
  ['ja', '日本語'],
  ['he', 'עברית'],
])

phase('Übersetzen')
const aufträge = meldungen.flatMap((meldung) => [...sprachen].map(([kürzel, name]) => ({ meldung, kürzel, name })))
const ergebnisse = await parallel(
  aufträge.map(({ meldung, kürzel, name }) => () =>
    agent(`Übersetze ins ${name}: „${meldung.text}“. Platzhalter wie {anzahl} bleiben, wie sie sind. 👩‍👩‍👧`, {
      label: `${meldung.schlüssel} → ${kürzel} 🌍`,
      phase: 'Übersetzen',
      schema: ÜBERSETZUNG,
    }),
  ),
)

phase('Prüfen ✅')
const falsch = []
const richtig = {}
ergebnisse.forEach((ergebnis, i) => {
  const { meldung, kürzel } = aufträge[i]
  if (!ergebnis) return falsch.push(`${meldung.schlüssel}/${kürzel}: keine Antwort`)
  if (!gleich(platzhalter(meldung.text), platzhalter(ergebnis.text))) {
    return falsch.push(`${meldung.schlüssel}/${kürzel}: Platzhalter (${ergebnis['anmerkung?'] ?? '–'})`)
  }
  if (meldung.länge && größe(ergebnis.text) > meldung.länge) return falsch.push(`${meldung.schlüssel}/${kürzel}: zu lang`)
  ;(richtig[kürzel] ??= {})[meldung.schlüssel] = ergebnis.text
})
log(`${falsch.length} falsch · ${Object.keys(richtig).length} Sprachen`)
return { richtig, falsch }
