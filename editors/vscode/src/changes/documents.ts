import * as vscode from "vscode";
import { fileAt } from "./git";

const SCHEME = "callsheet-change";

export interface Version {
  repository: string;
  /** Commit, or a name of one; empty where the file is not there in that version. */
  commit: string;
  runId: string;
  call: number;
}

/** The address of a file as it is in a commit, read-only. */
export function versionUri(version: Version, path: string): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/${path}`, query: JSON.stringify(version) });
}

/** Which run and call a reviewed file belongs to; undefined for any other document. */
export function versionOf(uri: vscode.Uri): Version | undefined {
  return uri.scheme === SCHEME ? (JSON.parse(uri.query) as Version) : undefined;
}

/** Files of commits as virtual documents. A commit does not change, so neither do they. */
export function registerVersions(): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    async provideTextDocumentContent(uri) {
      const version = versionOf(uri);
      if (!version?.commit) return "";
      const bytes = await fileAt(version.repository, version.commit, uri.path.slice(1));
      return bytes.includes(0) ? `(binary, ${bytes.length} bytes)\n` : bytes.toString("utf8");
    },
  });
}
