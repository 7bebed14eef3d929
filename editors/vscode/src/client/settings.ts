/** Settings of the extension itself, and maps whose entries are given whole. */
const OWN = new Set(["python", "server", "trace", "decorations"]);

/** What was set, without the nulls that stand for "not set": those would hide the settings of the project's file. */
export function settingsForServer(value: unknown): Record<string, unknown> {
  if (!isObject(value)) return {};
  const kept = Object.entries(value)
    .filter(([key, inner]) => !OWN.has(key) && inner !== null && inner !== undefined)
    .map(([key, inner]) => [key, isObject(inner) ? settingsForServer(inner) : inner] as const)
    .filter(([, inner]) => !isObject(inner) || Object.keys(inner).length > 0);
  return Object.fromEntries(kept);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
