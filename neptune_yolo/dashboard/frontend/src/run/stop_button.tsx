/** Ask the program behind a run to end. */
import { useState } from "preact/hooks";

import { ask } from "../api/client";
import { Dialog } from "../ui/dialog";
import { runRoute, type RunView } from "./run_data";

export function StopButton({ view }: { view: RunView }) {
  const [isOpen, setOpen] = useState(false);
  const [said, setSaid] = useState("");
  const { head, place } = view;
  if (head.state !== "running" || head.type !== "run" || head.role === "viewer") return null;
  const send = (kind: "stop" | "abort") => {
    setOpen(false);
    setSaid("Asking …");
    ask(runRoute(place, "signals"), { method: "POST", body: { kind } }).then(
      () => {
        setSaid("The program was asked to end.");
      },
      (error: unknown) => {
        setSaid(error instanceof Error ? error.message : String(error));
      },
    );
  };
  return (
    <>
      <button
        type="button"
        onClick={() => {
          setOpen(true);
        }}
      >
        Stop …
      </button>
      <span role="status" class="run-muted">
        {said}
      </span>
      {isOpen ? (
        <Dialog
          title={`Stop ${head.sys_id}?`}
          onClose={() => {
            setOpen(false);
          }}
          actions={
            <>
              <button
                type="button"
                onClick={() => {
                  setOpen(false);
                }}
              >
                Let it run
              </button>
              <button
                type="button"
                onClick={() => {
                  send("abort");
                }}
              >
                Abort as failed
              </button>
              <button
                type="button"
                class="primary"
                onClick={() => {
                  send("stop");
                }}
              >
                Stop
              </button>
            </>
          }
        >
          <p>
            The program is told within seconds. It sends what it has and ends; all that was logged stays. An aborted run
            counts as failed.
          </p>
        </Dialog>
      ) : null}
    </>
  );
}
