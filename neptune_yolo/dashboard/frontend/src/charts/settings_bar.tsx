/** How charts are drawn, chosen by the reader. */
import { type ChartSettings, readSettings, writtenSettings, type XAxis } from "./settings";
import { FORMULAS, type Smoothing } from "./smoothing";
import { withoutZoom } from "./zoom";
import { useQueryState } from "../ui/query_state";

export function SettingsBar() {
  const { values: search, set: change } = useQueryState();
  const settings = readSettings(search);
  const set = (part: Partial<ChartSettings>) => {
    const places = "x" in part ? withoutZoom(search) : {};
    change({ ...places, ...writtenSettings({ ...settings, ...part }) });
  };
  return (
    <div class="charts-bar" role="group" aria-label="How charts are drawn">
      <label>
        x axis{" "}
        <select
          value={settings.x}
          onChange={(event) => {
            set({ x: event.currentTarget.value as XAxis });
          }}
        >
          <option value="step">step</option>
          <option value="relative">relative time</option>
          <option value="absolute">absolute time</option>
        </select>
      </label>
      <SmoothingChoice
        smoothing={settings.smoothing}
        onChange={(smoothing) => {
          set({ smoothing });
        }}
      />
      <Check
        label="log x"
        on={settings.xLog}
        disabled={settings.x === "absolute"}
        onChange={(xLog) => {
          set({ xLog });
        }}
      />
      <Check
        label="log y"
        on={settings.yLog}
        onChange={(yLog) => {
          set({ yLog });
        }}
      />
      <Check
        label="ignore outliers"
        title="The height of a chart leaves out the lowest and the highest 1 % of its values"
        on={settings.ignoreOutliers}
        onChange={(ignoreOutliers) => {
          set({ ignoreOutliers });
        }}
      />
    </div>
  );
}

function SmoothingChoice({ smoothing, onChange }: { smoothing: Smoothing; onChange: (smoothing: Smoothing) => void }) {
  const choose = (kind: string) => {
    onChange(kind === "ema" ? { kind, weight: 0.6 } : kind === "window" ? { kind, size: 11 } : { kind: "none" });
  };
  return (
    <span class="charts-choice" title={FORMULAS[smoothing.kind]}>
      <label>
        smoothing{" "}
        <select
          value={smoothing.kind}
          onChange={(event) => {
            choose(event.currentTarget.value);
          }}
        >
          <option value="none">none</option>
          <option value="ema">exponential</option>
          <option value="window">window</option>
        </select>
      </label>
      {smoothing.kind === "ema" ? (
        <label>
          weight{" "}
          <input
            type="range"
            min="0"
            max="0.99"
            step="0.01"
            value={smoothing.weight}
            onChange={(event) => {
              onChange({ kind: "ema", weight: Number(event.currentTarget.value) });
            }}
          />{" "}
          {smoothing.weight}
        </label>
      ) : null}
      {smoothing.kind === "window" ? (
        <label>
          points{" "}
          <input
            type="number"
            min="1"
            max="1001"
            step="2"
            value={smoothing.size}
            onChange={(event) => {
              onChange({
                kind: "window",
                size: Math.max(1, Math.min(1001, Math.round(event.currentTarget.valueAsNumber) || 1)),
              });
            }}
          />
        </label>
      ) : null}
      {smoothing.kind === "none" ? null : <span class="charts-formula">{FORMULAS[smoothing.kind]}</span>}
    </span>
  );
}

interface CheckProps {
  label: string;
  on: boolean;
  title?: string;
  disabled?: boolean;
  onChange: (on: boolean) => void;
}

function Check({ label, on, title, disabled = false, onChange }: CheckProps) {
  return (
    <label {...(title ? { title } : {})}>
      <input
        type="checkbox"
        checked={on}
        disabled={disabled}
        onChange={(event) => {
          onChange(event.currentTarget.checked);
        }}
      />{" "}
      {label}
    </label>
  );
}
