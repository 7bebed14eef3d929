import * as vscode from "vscode";
import type { Server } from "../client/server";
import type { Applied, Changes } from "../protocol";
import { projectFolder } from "../runs/folder";
import type { RunStore } from "../runs/store";
import { registerVersions, versionOf, versionUri } from "./documents";

export interface Target {
  runId: string;
  call?: number;
}

const APPLY = "Apply";
const DROP = "Drop";
const SHOW = "Show Changes";

/** Shows what isolated agents changed, and applies or drops it. */
export class Review implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly server: Server,
    private readonly store: RunStore,
  ) {
    this.subscriptions = [
      registerVersions(),
      vscode.window.tabGroups.onDidChangeTabs(() => this.mark()),
      vscode.window.onDidChangeActiveTextEditor(() => this.mark()),
    ];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** The run and call whose diff is in front. */
  get reviewed(): Target | undefined {
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    const input = tab?.input;
    const uri = input instanceof vscode.TabInputTextDiff ? input.modified : vscode.window.activeTextEditor?.document.uri;
    const version = uri && versionOf(uri);
    return version && { runId: version.runId, call: version.call };
  }

  async show(target: Target): Promise<void> {
    const run = await this.store.load(target.runId);
    const repository = run && (await projectFolder(run));
    const all = await this.server.execute<Changes[]>("callsheet.changes", { ...target, action: "list" });
    const changes = all.filter(({ earlier }) => !earlier);
    if (!run || !repository || !changes.length) {
      void vscode.window.showInformationMessage("There are no changes: no isolated agent left any, or they were dropped.");
      return;
    }
    const resources = changes.flatMap((change) => filesOf(change, repository, target.runId));
    const [single] = changes;
    const label = changes.length === 1 && single ? run.agents.get(single.call)?.label : undefined;
    const title = `Changes of ${label ?? run.summary.name}`;
    const [only, ...more] = resources;
    if (only && !more.length) {
      const name = only[0].path.split("/").at(-1);
      await vscode.commands.executeCommand("vscode.diff", only[1], only[2], `${name} (${title})`);
    } else await vscode.commands.executeCommand("vscode.changes", title, resources);
    this.mark();
  }

  async apply(target: Target): Promise<void> {
    const name = await this.describe(target);
    const text = `Apply ${name} to the working tree?`;
    if ((await vscode.window.showWarningMessage(text, { modal: true }, APPLY)) !== APPLY) return;
    const done = await this.server.execute<Applied>("callsheet.changes", { ...target, action: "apply" });
    if (!done.ok) {
      const touched = done.files.length ? `Only ${done.files.join(", ")} was applied` : "Nothing was touched";
      void vscode.window.showErrorMessage(`${touched}: ${name} conflict with ${done.conflicts.join(", ")}.`);
      return;
    }
    const next = await vscode.window.showInformationMessage(`Applied ${name}. Nothing is committed.`, DROP);
    if (next === DROP) await this.server.execute("callsheet.changes", { ...target, action: "drop" });
  }

  async drop(target: Target): Promise<void> {
    const name = await this.describe(target);
    const text = `Drop ${name}? They cannot be brought back.`;
    const choice = await vscode.window.showWarningMessage(text, { modal: true }, DROP, SHOW);
    if (choice === SHOW) await this.show(target);
    if (choice === DROP) await this.server.execute("callsheet.changes", { ...target, action: "drop" });
  }

  private async describe({ runId, call }: Target): Promise<string> {
    const run = await this.store.load(runId);
    const label = call === undefined ? run?.summary.name : run?.agents.get(call)?.label;
    return `the changes of "${label ?? runId}"`;
  }

  private mark(): void {
    void vscode.commands.executeCommand("setContext", "callsheet.reviewing", this.reviewed !== undefined);
  }
}

type Resource = [vscode.Uri, vscode.Uri, vscode.Uri];

/** Each changed file, as it was and as it is. */
function filesOf(change: Changes, repository: string, runId: string): Resource[] {
  const version = { repository, runId, call: change.call };
  return change.files.map(({ path, oldPath, status }) => {
    const before = versionUri({ ...version, commit: status === "added" ? "" : change.base }, oldPath ?? path);
    const after = versionUri({ ...version, commit: status === "deleted" ? "" : change.commit }, path);
    return [vscode.Uri.file(`${repository}/${path}`), before, after];
  });
}
