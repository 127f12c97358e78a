type Props = { readonly scale: number; readonly onChange: (scale: number) => void };

const scales = [1, 2, 4] as const;

/** How many pixels a picture has to one of the screen. */
export function PixelChoice({ scale, onChange }: Props) {
  return (
    <label className="dv-menu-item">
      <span className="dv-grow">Pixels of the image</span>
      <select className="dv-select" value={scale} onChange={(event) => onChange(Number(event.target.value))}>
        {scales.map((each) => (
          <option key={each} value={each}>
            {each === 1 ? "as on the screen" : `${each} times as many across`}
          </option>
        ))}
      </select>
    </label>
  );
}
