/** A field of a page's address: what is typed counts after a moment. */
import { useEffect, useId, useRef, useState } from "preact/hooks";

const TYPING_MS = 250;

interface TypedProps {
  label: string;
  value: string;
  placeholder?: string;
  /** What is offered while somebody types. */
  offers?: readonly string[];
  onFocus?: () => void;
  /** Where a part of a text means nothing: whether this one counts before Enter, or before the field is left. */
  isWhole?: (text: string) => boolean;
  /** Somebody stopped to type, whether or not it counts. */
  onTyped?: (text: string) => void;
  onChange: (value: string) => void;
}

/** A text that counts once somebody stops to type. */
export function Typed(props: TypedProps) {
  const { label, value, placeholder = "", offers, onFocus, isWhole = () => true, onTyped, onChange } = props;
  const listId = useId();
  const [typed, setTyped] = useState(value);
  useEffect(() => {
    setTyped(value);
  }, [value]);
  const counts = isWhole(typed);
  const timerRef = useRef<ReturnType<typeof setTimeout>>();
  const finish = () => {
    clearTimeout(timerRef.current);
    if (typed !== value) onChange(typed);
  };
  useEffect(() => {
    if (typed === value) return undefined;
    timerRef.current = setTimeout(() => {
      onTyped?.(typed);
      if (counts) onChange(typed);
    }, TYPING_MS);
    return () => {
      clearTimeout(timerRef.current);
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only what was typed matters
  }, [typed, counts]);
  return (
    <label>
      {label}{" "}
      <input
        type="search"
        value={typed}
        placeholder={placeholder}
        list={offers?.length ? listId : undefined}
        onFocus={onFocus}
        onBlur={finish}
        onKeyDown={(event) => {
          if (event.key === "Enter") finish();
        }}
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
