// A menu of choices: one of several (radio) or any of several (checkboxes), from a button that shows the present choice.

import { Menu } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';

export interface MenuFrameProps {
  readonly trigger: ReactElement;
  readonly children: ReactNode;
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
  readonly align?: 'start' | 'end';
}

export function MenuFrame({ trigger, children, side = 'bottom', align = 'start' }: MenuFrameProps) {
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger render={trigger} />
      <Menu.Portal>
        <Menu.Positioner side={side} align={align} sideOffset={6} className="z-50 outline-none">
          <Menu.Popup className="max-h-[min(420px,var(--available-height))] min-w-48 overflow-y-auto rounded-card border border-line bg-surface p-1 text-ink shadow-[0_8px_24px_rgb(0_0_0/14%)] outline-none">
            {children}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

const itemClass =
  'grid min-h-7 cursor-default grid-cols-[16px_1fr] items-center gap-2 rounded-[4px] px-2 py-1 text-sm outline-none select-none data-highlighted:bg-hover';

export interface RadioChoicesProps<Value extends string> {
  readonly label?: string;
  readonly value: Value;
  readonly choices: readonly { readonly value: Value; readonly label: ReactNode }[];
  readonly onChange: (value: Value) => void;
}

export function RadioChoices<Value extends string>({
  label,
  value,
  choices,
  onChange,
}: RadioChoicesProps<Value>) {
  return (
    <Menu.RadioGroup value={value} onValueChange={(next: Value) => onChange(next)}>
      {label !== undefined && (
        <Menu.GroupLabel className="px-2 pt-1.5 pb-1 text-xs font-medium text-faint">{label}</Menu.GroupLabel>
      )}
      {choices.map(choice => (
        <Menu.RadioItem key={choice.value} value={choice.value} closeOnClick className={itemClass}>
          <Menu.RadioItemIndicator className="text-accent">
            <Check size={14} />
          </Menu.RadioItemIndicator>
          <span className="col-start-2">{choice.label}</span>
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  );
}

export function CheckChoice({
  label,
  checked,
  onChange,
}: {
  label: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  return (
    <Menu.CheckboxItem
      checked={checked}
      onCheckedChange={onChange}
      closeOnClick={false}
      className={itemClass}
    >
      <Menu.CheckboxItemIndicator className="text-accent">
        <Check size={14} />
      </Menu.CheckboxItemIndicator>
      <span className="col-start-2">{label}</span>
    </Menu.CheckboxItem>
  );
}

export function MenuSeparator() {
  return <Menu.Separator className="my-1 h-px bg-line" />;
}
