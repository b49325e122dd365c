import { ChevronsUpDown } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';

import { switcherClass, type SwitcherProps } from './switcher-parts.ts';

const load = () => import('./switcher-popup.tsx');
const SwitcherPopup = lazy(load);

/**
 * A button that opens a searchable combobox to switch to another item, such as another project. The combobox is loaded
 * when the button is hovered or focused.
 */
export function Switcher(props: SwitcherProps) {
  const [isUsed, setIsUsed] = useState(false);
  const { label, onOpen } = props;
  const button = (
    <button
      type="button"
      role="combobox"
      aria-label={label}
      aria-haspopup="dialog"
      aria-expanded={false}
      className={switcherClass}
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      onClick={() => {
        setIsUsed(true);
        onOpen?.();
      }}
    >
      <ChevronsUpDown aria-hidden="true" className="size-4" />
    </button>
  );
  if (!isUsed) return button;
  return (
    <Suspense fallback={button}>
      <SwitcherPopup {...props} />
    </Suspense>
  );
}
