/** A field of a page's address: what is typed counts after a moment. */
import { useEffect, useId, useState } from "preact/hooks";

const TYPING_MS = 250;

interface TypedProps {
  label: string;
  value: string;
  placeholder?: string;
  /** What is offered while somebody types. */
  offers?: readonly string[];
  onFocus?: () => void;
  onChange: (value: string) => void;
}

/** A text that counts once somebody stops to type. */
export function Typed({ label, value, placeholder = "", offers, onFocus, onChange }: TypedProps) {
  const listId = useId();
  const [typed, setTyped] = useState(value);
  useEffect(() => {
    setTyped(value);
  }, [value]);
  useEffect(() => {
    if (typed === value) return undefined;
    const timer = setTimeout(() => {
      onChange(typed);
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only what was typed matters
  }, [typed]);
  return (
    <label>
      {label}{" "}
      <input
        type="search"
        value={typed}
        placeholder={placeholder}
        list={offers?.length ? listId : undefined}
        onFocus={onFocus}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
        }}
      />
      {offers?.length ? (
        <datalist id={listId}>
          {offers.map((offer) => (
            <option key={offer} value={offer} />
          ))}
        </datalist>
      ) : null}
    </label>
  );
}
