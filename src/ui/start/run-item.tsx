import { ChevronRight, type LucideIcon } from "lucide-react";

type Props = {
  readonly Icon: LucideIcon;
  readonly name: string;
  readonly note?: string;
  readonly onClick: () => void;
};

export function RunItem({ Icon, name, note, onClick }: Props) {
  return (
    <li>
      <button type="button" className="dv-run-item" onClick={onClick}>
        <Icon size={16} />
        <b>{name}</b>
        {note === undefined ? undefined : <span className="dv-dim">{note}</span>}
        <ChevronRight size={16} />
      </button>
    </li>
  );
}
