// Fields that belong together, with a complaint about all of them: whoever comes into the group hears it.
import { BlockStack, InlineError } from "@shopify/polaris";
import type { ReactNode } from "react";
import { useId } from "react";

type Props = {
  /** What the group is called; given the id by which the group is named. */
  readonly title: (id: string) => ReactNode;
  readonly error: string | false;
  readonly gap: "200" | "300" | "400";
  readonly children: ReactNode;
};

export function FieldGroup({ title, error, gap, children }: Props) {
  const id = useId();
  return (
    <div
      role="group"
      aria-labelledby={`${id}Title`}
      // As Polaris names what it says of a field.
      {...(error === false ? {} : { "aria-describedby": `${id}Error` })}
    >
      <BlockStack gap={gap}>
        {title(`${id}Title`)}
        {error !== false && <InlineError message={error} fieldID={id} />}
        {children}
      </BlockStack>
    </div>
  );
}
