/** The stage of a version, to see and to change. */
import { useState } from "preact/hooks";

import { ApiError, ask, route, type Schemas } from "../api/client";
import type { Project } from "./links";

type Stage = Schemas["ModelStage"];

const STAGES: readonly Stage[] = ["none", "staging", "production", "archived"];

export function StageMark({ stage }: { stage: string }) {
  return stage === "none" ? null : <span class={`models-stage models-stage-${stage}`}>{stage}</span>;
}

interface Props {
  where: Project;
  version: string;
  stage: string;
  mayChange: boolean;
  onChanged: () => void;
}

export function StageChoice({ where, version, stage, mayChange, onChanged }: Props) {
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  if (!mayChange) return stage === "none" ? <span class="models-note">none</span> : <StageMark stage={stage} />;
  const change = async (next: string) => {
    setBusy(true);
    setProblem(null);
    try {
      const path = `${route("projects", where.workspace, where.project, "versions", version)}/stage`;
      await ask(path, { method: "PUT", body: { stage: next } });
      onChanged();
    } catch (error) {
      setProblem(error instanceof ApiError ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <select
        class={`models-choice models-stage-${stage}`}
        aria-label={`Stage of ${version}`}
        value={stage}
        disabled={isBusy}
        onChange={(event) => {
          void change(event.currentTarget.value);
        }}
      >
        {STAGES.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      {problem ? (
        <p class="models-problem" role="alert">
          {problem}
        </p>
      ) : null}
    </>
  );
}
