import { type FormEvent, useState } from "react";

type Props = {
  readonly label: string;
  readonly placeholder: string;
  readonly onAddress: (address: string) => void;
};

/** An address that is typed or pasted, taken with Enter or the button. */
export function AddressField({ label, placeholder, onAddress }: Props) {
  const [address, setAddress] = useState("");
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (address.trim() === "") return;
    onAddress(address.trim());
    setAddress("");
  };
  return (
    <form className="dv-row" data-tight onSubmit={onSubmit}>
      <input
        className="dv-input"
        type="text"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        aria-label={label}
        placeholder={placeholder}
        value={address}
        onChange={(event) => setAddress(event.target.value)}
      />
      <button type="submit" className="dv-button" disabled={address.trim() === ""}>
        Add
      </button>
    </form>
  );
}
