/** Labelled fields of forms. */
import type { ComponentChildren, InputHTMLAttributes } from "preact";

interface Labelled {
  label: string;
  value: string;
  onValue: (value: string) => void;
}

type InputOptions = Omit<InputHTMLAttributes, "label" | "value" | "onInput">;

export function TextField({ label, value, onValue, ...options }: Labelled & InputOptions) {
  return (
    <label>
      {label}
      <input
        {...options}
        value={value}
        onInput={(event) => {
          onValue(event.currentTarget.value);
        }}
      />
    </label>
  );
}

/** A choice among the options that are its children. */
export function ChoiceField({ label, value, onValue, children }: Labelled & { children: ComponentChildren }) {
  return (
    <label>
      {label}
      <select
        value={value}
        onChange={(event) => {
          onValue(event.currentTarget.value);
        }}
      >
        {children}
      </select>
    </label>
  );
}
