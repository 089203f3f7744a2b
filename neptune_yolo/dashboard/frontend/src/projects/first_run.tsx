/** How to log the first run: what stands where there are no projects yet. */
import { Empty } from "../ui/states";
import { CopyButton } from "../ui/copy_button";

const TRAINING = `from ultralytics import YOLO
from neptune_yolo import NeptuneDetectionTrainer

model = YOLO("yolo11n.pt")
model.train(
    data="coco8.yaml",
    epochs=10,
    trainer=NeptuneDetectionTrainer,
)`;

function remote(address: string): string {
  return `import os

# a token of ${address}/account
os.environ["NEPTUNE_API_TOKEN"] = "..."
os.environ["NEPTUNE_PROJECT"] = "workspace/project"

${TRAINING}`;
}

export function FirstRun({ embedded }: { embedded: boolean }) {
  const code = embedded ? TRAINING : remote(window.location.origin);
  return (
    <Empty title="No runs yet">
      <p>Train a model with one of the trainers of neptune_yolo; its project appears here by itself.</p>
      <div class="projects-code">
        <pre>
          <code>{code}</code>
        </pre>
        <CopyButton text={code} label="Copy the code" />
      </div>
      {embedded ? (
        <p>
          Or run <code>neptune-yolo demo</code>: it trains on a small data set in about a minute.
        </p>
      ) : (
        <p>If you expect projects of others here, ask one of their owners to add you as a member.</p>
      )}
    </Empty>
  );
}
