import * as vscode from "vscode";
import { Review } from "./changes/review";
import { startOnDemand } from "./client/demand";
import { Server } from "./client/server";
import { Control } from "./commands/control";
import { inEditor } from "./commands/lenses";
import { registerCommands } from "./commands/register";
import { Reports } from "./report/panel";
import { announceEnds } from "./runs/notices";
import { Previews } from "./runs/previews";
import { Questions } from "./runs/questions";
import { RunStore } from "./runs/store";
import { Transcripts } from "./transcript/provider";
import { Decorations } from "./views/decorations";
import { LineMap } from "./views/lineMap";
import { RunStatusBar } from "./views/statusBar";
import { RunTree } from "./views/tree";

/** What other extensions, and the tests, may read. */
export interface Api {
  readonly server: Server;
  readonly runs: RunStore;
  readonly tree: RunTree;
}

export function activate(context: vscode.ExtensionContext): Api {
  const server = new Server();
  const store = new RunStore(server);
  const tree = new RunTree(store, server);
  const lines = new LineMap();
  const transcripts = new Transcripts(store);
  const review = new Review(server, store);
  const reports = new Reports(store, context.extensionUri);
  const questions = new Questions(server, store);
  const previews = new Previews(server);
  const control = new Control(server, store);
  server.intercept = inEditor({ transcripts, review, control });
  context.subscriptions.push(
    store,
    tree,
    lines,
    transcripts,
    review,
    reports,
    previews,
    new RunStatusBar(store, server),
    new Decorations(store, lines, vscode.Uri.joinPath(context.extensionUri, "media")),
    announceEnds(store),
    store.onDidResume((run) => lines.forget(run)),
    ...registerCommands({ server, store, tree, lines, transcripts, review, reports, questions, previews, control }),
    startOnDemand(server),
    server,
  );
  return { server, runs: store, tree };
}
