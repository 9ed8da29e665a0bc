// An even share of tasks among members, rounded up; once a member has reached it, what is left is shared among the others.
// Follows the counters of Apache Kafka's StickyTaskAssignor.

export class Quota {
  #tasks: number;
  #members: number;
  #perMember: number;

  constructor(tasks: number, members: number) {
    this.#tasks = tasks;
    this.#members = members;
    this.#perMember = shareOf(tasks, members);
  }

  get perMember(): number {
    return this.#perMember;
  }

  /** A member has this many tasks now. */
  reached(tasksOfMember: number): void {
    if (tasksOfMember !== this.#perMember) return;
    this.#members -= 1;
    this.#tasks -= tasksOfMember;
    this.#perMember = shareOf(this.#tasks, this.#members);
  }
}

function shareOf(tasks: number, members: number): number {
  return members === 0 ? 0 : Math.ceil(tasks / members);
}
