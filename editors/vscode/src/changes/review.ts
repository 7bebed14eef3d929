import * as vscode from "vscode";
import type { Server } from "../client/server";
import type { AgentState } from "../protocol";
import { projectFolder } from "../runs/folder";
import type { Run, RunStore } from "../runs/store";
import { registerVersions, versionOf, versionUri } from "./documents";
import { changedFiles } from "./git";

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
    const agents = run ? changedBy(run, target.call) : [];
    const repository = run && (await projectFolder(run));
    if (!run || !repository || !agents.length) {
      void vscode.window.showInformationMessage("There are no changes: no isolated agent of this run left any.");
      return;
    }
    const resources: [vscode.Uri, vscode.Uri | undefined, vscode.Uri | undefined][] = [];
    for (const agent of agents) {
      const ref = agent.worktree?.ref ?? "";
      const version = { repository, runId: target.runId, call: agent.call };
      for (const file of await changedFiles(repository, ref)) {
        const before = versionUri({ ...version, commit: file.status === "A" ? "" : `${ref}^` }, file.oldPath);
        const after = versionUri({ ...version, commit: file.status === "D" ? "" : ref }, file.path);
        resources.push([vscode.Uri.file(`${repository}/${file.path}`), before, after]);
      }
    }
    const [single] = agents;
    const title = agents.length === 1 && single ? `Changes of ${single.label}` : `Changes of ${run.summary.name}`;
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
    await this.server.execute("callsheet.changes", { ...target, action: "apply" });
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

function changedBy(run: Run, call: number | undefined): AgentState[] {
  return [...run.agents.values()].filter((agent) => agent.worktree?.ref && (call === undefined || agent.call === call));
}
