import { hueClass, initialsOf } from "@/lib/seat-look";

import styles from "./seat-mark.module.css";

/** A reviewer's initials in the colour of their seat. */
export function SeatMark({ name, seat }: { name: string; seat: number }) {
  return (
    <span className={`${styles.mark} ${hueClass(seat)}`} aria-hidden="true">
      {initialsOf(name)}
    </span>
  );
}
