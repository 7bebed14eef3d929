import * as vscode from "vscode";

/** Shows what a run would do, as a Markdown document. */
export async function showPlan(name: string, plan: unknown): Promise<void> {
  const content = `# Preview of ${name}\n\n\`\`\`json\n${JSON.stringify(plan, null, 2)}\n\`\`\`\n`;
  const document = await vscode.workspace.openTextDocument({ language: "markdown", content });
  await vscode.window.showTextDocument(document, { preview: true, viewColumn: vscode.ViewColumn.Beside });
}
